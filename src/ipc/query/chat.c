/*
 * chat - a language model asked to better a summary: query and result to and from the wire.
 */
#include "ipc/query/chat.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind chat_kind = { "chat", LANE_MODEL };

static void
put_ids(struct jw *w, const int64_t *ids, size_t n)
{
	jw_karr(w, "ids");
	for (size_t i = 0; i < n; i++)
		jw_int(w, ids[i]);
	jw_end(w);
}

static const int64_t *
read_ids(struct wire *in, struct arena *a, size_t *n)
{
	struct jr list = wire_list(in, in->body, "ids");
	int64_t *ids = arena_array(a, int64_t, jr_len(list));

	for (*n = 0; *n < jr_len(list); ++*n) {
		in->good &= jr_at(list, *n).type == JR_INT;
		ids[*n] = jr_int(jr_at(list, *n));
	}
	return ids;
}

void
chat_query_put(struct buf *out, const struct chat_query *q)
{
	struct jw w;

	wire_begin(&w, out, &chat_kind);
	jw_kstr(&w, "model", q->model);
	jw_kstr(&w, "system", q->system);
	jw_kstr(&w, "user", q->user);
	put_ids(&w, q->ids, q->nids);
	wire_end(&w);
}

bool
chat_query_get(struct arena *a, struct str bytes, struct chat_query *q)
{
	struct wire in = wire_open(a, bytes, &chat_kind, HELPER_QUERY_MAX);

	q->model = wire_str_or_none(&in, in.body, "model");
	q->system = wire_str(&in, in.body, "system");
	q->user = wire_str(&in, in.body, "user");
	q->ids = read_ids(&in, a, &q->nids);
	return wire_close(&in);
}

void
chat_result_put(struct buf *out, const struct chat_result *r)
{
	struct buf object;
	struct jw w;

	wire_begin(&w, out, &chat_kind);
	if (r->error.p != NULL) {
		jw_kstr(&w, "error", r->error);
	} else {
		buf_init(&object, out->arena);
		jr_write(r->object, &object);
		jw_kstr(&w, "model", r->model);
		jw_key(&w, "object");
		jw_raw_buf(&w, &object);
		put_ids(&w, r->ids, r->nids);
	}
	wire_end(&w);
}

bool
chat_result_get(struct arena *a, struct str bytes, struct chat_result *r)
{
	struct wire in = wire_open(a, bytes, &chat_kind, HELPER_RESULT_MAX);

	*r = (struct chat_result){ .error = wire_str_or_none(&in, in.body, "error"), .object = JR_NONE };
	if (r->error.p == NULL) {
		r->model = wire_str(&in, in.body, "model");
		r->object = wire_obj(&in, in.body, "object");
		r->ids = read_ids(&in, a, &r->nids);
	}
	return wire_close(&in);
}
