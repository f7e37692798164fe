/*
 * agent_commits - the newest commits of an agent's mail, for whois. They come from the rows of
 * messages; Git is not asked.
 */
#include "mail/agent/agent_commits.h"

#include "mail/agent/agent.h"
#include "store/cx.h"
#include "store/stmt.h"

/* A commit may hold many messages: so many rows are looked at for each commit wanted. */
#define ROWS_PER_COMMIT 8

/* The subject that the archive gave the message's commit (decision 3.14); who got a blind copy is not named. */
static struct str
summary(struct cx *cx, struct str from, struct str to, struct str subject)
{
	if (to.n == 0)
		to = STR("undisclosed");
	return arena_printf(
	    cx->arena, "mail: %" PRIstr " -> %" PRIstr " | %" PRIstr, FSTR(from), FSTR(to), FSTR(subject));
}

static bool
listed(const struct agent_commits *list, struct str commit_id)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->v[i].commit_id, commit_id))
			return true;
	return false;
}

int
agent_commits(struct cx *cx, const struct agent *a, int64_t limit, struct agent_commits *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_COMMITS);
	int rc;

	*out = (struct agent_commits){ arena_array(cx->arena, struct agent_commit, (size_t)limit), 0 };
	stmt_bind_int(s, 1, a->id);
	stmt_bind_int(s, 2, limit * ROWS_PER_COMMIT);
	while ((rc = stmt_step(cx, s)) > 0 && (int64_t)out->n < limit) {
		if (listed(out, stmt_peek(s, 0)))
			continue;
		out->v[out->n++] = (struct agent_commit){ stmt_str(s, 0, cx->arena),
			summary(cx, stmt_peek(s, 3), stmt_peek(s, 4), stmt_peek(s, 1)), stmt_int(s, 2) };
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
