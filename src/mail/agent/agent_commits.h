/*
 * agent_commits - which commits of the archive touched an agent's mail.
 */
#ifndef MAIL_AGENT_AGENT_COMMITS_H
#define MAIL_AGENT_AGENT_COMMITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;

struct agent_commit {
	struct str commit_id;
	struct str summary; /* of the newest of its messages that concern the agent */
	int64_t authored_ts;
};

struct agent_commits {
	struct agent_commit *v;
	size_t n;
};

/*
 * The newest `limit` (> 0) commits that hold mail from or to the agent, from
 * what the archiver noted in the database: no request walks Git (decision 3.54).
 */
int agent_commits(struct cx *cx, const struct agent *a, int64_t limit, struct agent_commits *out);

#endif
