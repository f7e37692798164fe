/*
 * guard - what the verbs of `agentmail guard` share.
 */
#ifndef CLI_GUARD_H
#define CLI_GUARD_H

#include "base/str.h"

struct cli;
struct conf;

enum guard_mode { GUARD_BLOCK, GUARD_WARN, GUARD_OFF };

/* By AGENT_MAIL_GUARD_MODE, else AGENT_MAIL_GUARD; whatever they do not know blocks (decision 3.57). */
enum guard_mode guard_mode(void);
/* The directory of records for the repository whose working tree is `top`. */
struct str guard_records_dir(struct cli *cli, const struct conf *conf, struct str top);

/* NUL-separated paths on standard input against the records: 1 on a conflict, or without AGENT_NAME. */
int guard_check(struct cli *cli, int argc, char **argv);
/* What the hooks run: pre-commit|pre-push --records DIR [REMOTE URL]. 1 stops git. */
int guard_hook(struct cli *cli, int argc, char **argv);

#endif
