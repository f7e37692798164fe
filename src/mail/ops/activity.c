/*
 * activity - merges the newest mail, reservations and arrivals of a project into one list by time.
 * Called by REST; reads only.
 */
#include "mail/ops/activity.h"

#include <stdlib.h>

#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Each gives id, agent, time, title and two texts of the newest rows of project ?1, at most ?2. */
static const struct {
	enum stmt_id stmt;
	const char *kind;
	const char *before, *between; /* the two texts */
} sources[] = {
	{ STMT_ACTIVITY_MAIL, "message", "From ", " to " },
	{ STMT_ACTIVITY_LEASES, "file_reservation", "Reserved by ", ": " },
	{ STMT_ACTIVITY_AGENTS, "agent", "Registered: ", " with " },
};
#define SOURCES (sizeof(sources) / sizeof(sources[0]))

enum { C_ID, C_AGENT, C_AT, C_TITLE, C_FIRST, C_SECOND };

/* Words of the source and the first text, and the second where there is one. */
static struct str
describe(struct cx *cx, struct stmt *s, size_t source)
{
	struct str first = stmt_peek(s, C_FIRST), second = stmt_peek(s, C_SECOND);

	return arena_printf(cx->arena, "%s%" PRIstr "%s%" PRIstr, sources[source].before, FSTR(first),
	    second.n > 0 ? sources[source].between : "", FSTR(second));
}

static int
load(struct cx *cx, const struct project *p, size_t source, int64_t limit, struct activities *out)
{
	struct stmt *s = stmt_get(cx->db, sources[source].stmt);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, limit);
	while ((rc = stmt_step(cx, s)) > 0)
		out->v[out->n++] = (struct activity){ sources[source].kind, stmt_int(s, C_ID), stmt_int(s, C_AGENT),
			stmt_str(s, C_TITLE, cx->arena), describe(cx, s, source), stmt_int(s, C_AT) };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
newer(const void *va, const void *vb)
{
	const struct activity *a = va, *b = vb;

	if (a->at != b->at)
		return a->at > b->at ? -1 : 1;
	return a->id > b->id ? -1 : a->id < b->id;
}

int
activity_list(struct cx *cx, const struct project *p, int64_t limit, struct activities *out)
{
	*out = (struct activities){ arena_array(cx->arena, struct activity, SOURCES * (size_t)limit + 1), 0 };
	for (size_t i = 0; i < SOURCES; i++)
		if (load(cx, p, i, limit, out) < 0)
			return -1;
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(out->v[0]), newer);
	if (out->n > (size_t)limit)
		out->n = (size_t)limit;
	return 0;
}
