/*
 * guard - hooks installed or removed: query and result to and from the wire.
 */
#include "ipc/query/guard.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind guard_kind = { "guard", LANE_LIGHT };

static const char *const ends[] = {
	[GUARD_REFUSED] = "refused",
	[GUARD_INSTALLED] = "installed",
	[GUARD_REMOVED] = "removed",
	[GUARD_NOTHING] = "nothing",
};

void
guard_query_put(struct buf *out, const struct guard_query *q)
{
	struct jw w;

	wire_begin(&w, out, &guard_kind);
	jw_kbool(&w, "install", q->install);
	jw_kstr(&w, "repo", q->repo);
	jw_kstrs(&w, "roots", &q->roots);
	jw_kstr(&w, "records", q->records);
	wire_end(&w);
}

bool
guard_query_get(struct arena *a, struct str bytes, struct guard_query *q)
{
	struct wire in = wire_open(a, bytes, &guard_kind, HELPER_QUERY_MAX);

	q->install = wire_bool(&in, in.body, "install");
	q->repo = wire_str(&in, in.body, "repo");
	q->roots = wire_strs(&in, a, in.body, "roots");
	q->records = wire_str_or_none(&in, in.body, "records");
	in.good &= !q->install || q->records.p != NULL;
	return wire_close(&in);
}

void
guard_result_put(struct buf *out, const struct guard_result *r)
{
	struct jw w;

	wire_begin(&w, out, &guard_kind);
	jw_kcstr(&w, "end", ends[r->end]);
	jw_kstr(&w, "hook", r->hook);
	jw_kint(&w, "errno", r->error);
	jw_kstr(&w, "text", r->text);
	wire_end(&w);
}

bool
guard_result_get(struct arena *a, struct str bytes, struct guard_result *r)
{
	struct wire in = wire_open(a, bytes, &guard_kind, HELPER_RESULT_MAX);

	r->end = (enum guard_end)wire_word(&in, in.body, "end", ends, sizeof(ends) / sizeof(ends[0]));
	r->hook = wire_str_or_none(&in, in.body, "hook");
	r->error = wire_int(&in, in.body, "errno");
	r->text = wire_str_or_none(&in, in.body, "text");
	in.good &= (r->end != GUARD_INSTALLED || r->hook.p != NULL) && (r->end != GUARD_REFUSED || r->text.p != NULL);
	return wire_close(&in);
}
