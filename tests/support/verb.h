/*
 * verb - a verb of agentmail(1), run in this process; what it prints is kept.
 */
#ifndef SUPPORT_VERB_H
#define SUPPORT_VERB_H

#include "base/str.h"
#include "cli/cli.h"

struct said {
	int code;
	struct str out, err; /* in cli->arena */
};

/* `words` are the verb and its arguments, separated by single spaces. */
struct said verb_run(struct cli *cli, const char *words);

#endif
