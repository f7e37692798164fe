/*
 * path_activity - when paths were last touched: query and result to and from the wire.
 */
#include "ipc/query/path_activity.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind path_activity_kind = { "path_activity", LANE_LIGHT };

void
path_activity_query_put(struct buf *out, const struct path_activity_query *q)
{
	struct jw w;

	wire_begin(&w, out, &path_activity_kind);
	jw_kstr(&w, "dir", q->dir);
	jw_karr(&w, "items");
	for (size_t i = 0; i < q->n; i++) {
		jw_obj(&w);
		jw_kint(&w, "id", q->v[i].id);
		jw_kstr(&w, "pattern", q->v[i].pattern);
		jw_end(&w);
	}
	jw_end(&w);
	wire_end(&w);
}

bool
path_activity_query_get(struct arena *a, struct str bytes, struct path_activity_query *q)
{
	struct wire in = wire_open(a, bytes, &path_activity_kind, HELPER_QUERY_MAX);
	struct jr list = wire_list(&in, in.body, "items");
	struct path_activity_item *v = arena_array(a, struct path_activity_item, jr_len(list));

	*q = (struct path_activity_query){ wire_str(&in, in.body, "dir"), v, jr_len(list) };
	for (size_t i = 0; i < q->n; i++)
		v[i] = (struct path_activity_item){ wire_int(&in, jr_at(list, i), "id"),
			wire_str(&in, jr_at(list, i), "pattern") };
	return wire_close(&in);
}

void
path_activity_result_put(struct buf *out, const struct path_activity_result *r)
{
	struct jw w;

	wire_begin(&w, out, &path_activity_kind);
	jw_karr(&w, "items");
	for (const struct path_activity_seen *s = r->v; s < r->v + r->n; s++) {
		jw_obj(&w);
		jw_kint(&w, "id", s->id);
		jw_kbool(&w, "matched", s->matched);
		jw_kint(&w, "files_ts", s->files_ts);
		if (s->git_known)
			jw_kint(&w, "git_ts", s->git_ts);
		jw_end(&w);
	}
	jw_end(&w);
	wire_end(&w);
}

static struct path_activity_seen
read_seen(struct wire *in, struct jr item)
{
	bool git = wire_has(item, "git_ts");

	return (struct path_activity_seen){ .id = wire_int(in, item, "id"),
		.matched = wire_bool(in, item, "matched"),
		.files_ts = wire_int(in, item, "files_ts"),
		.git_known = git,
		.git_ts = git ? wire_int(in, item, "git_ts") : 0 };
}

bool
path_activity_result_get(struct arena *a, struct str bytes, struct path_activity_result *r)
{
	struct wire in = wire_open(a, bytes, &path_activity_kind, HELPER_RESULT_MAX);
	struct jr list = wire_list(&in, in.body, "items");
	struct path_activity_seen *v = arena_array(a, struct path_activity_seen, jr_len(list));

	*r = (struct path_activity_result){ v, jr_len(list) };
	for (size_t i = 0; i < r->n; i++)
		v[i] = read_seen(&in, jr_at(list, i));
	return wire_close(&in);
}
