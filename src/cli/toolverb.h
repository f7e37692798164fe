/*
 * toolverb - a tool as a verb: words to arguments by the tool's own table, one
 * tools/call to the daemon, the result for people or scripts.
 */
#ifndef CLI_TOOLVERB_H
#define CLI_TOOLVERB_H

#include "cli/cli.h"

struct buf;
struct param;
struct tool;

/* By CLI verb or by tool name; NULL when there is none. */
const struct tool *toolverb_find(const char *verb);
/* Appends the verbs of all tools to names[n..]; returns the new n, at most max. */
size_t toolverb_names(const char **names, size_t n, size_t max);
int toolverb_run(struct cli *cli, const struct tool *t, int argc, char **argv);
/* --help of one tool. */
void toolverb_help(const struct tool *t, FILE *out);
/* "--to", "--no-ack-required" of a parameter, without the dashes: underscores become dashes. */
struct str toolverb_option(struct arena *a, const struct param *p);
/* Everything that people may set: the tool's own rows but refused ones, and what every such tool takes. */
struct toolverb_params {
	const struct param *v;
	size_t n;
};
struct toolverb_params toolverb_params(struct arena *a, const struct tool *t);
/*
 * Arguments of `t` as one JSON object from words. 0, or CLI_USAGE after having
 * said what is wrong. Defaults: the project is AGENT_MAIL_PROJECT or the
 * current directory, the agent is AGENT_NAME, a token is
 * AGENT_MAIL_REGISTRATION_TOKEN; "@file" is the text of a file, "@-" of stdin.
 */
int toolverb_arguments(struct cli *cli, const struct tool *t, int argc, char **argv, struct buf *out);

#endif
