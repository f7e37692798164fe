/*
 * picture - image files read and converted: query and result to and from the wire.
 */
#include "ipc/query/picture.h"

#include "ipc/helper_query.h"
#include "ipc/query/wire.h"

const struct query_kind picture_kind = { "picture", LANE_PICTURES };

static const char *const faults[] = {
	[PICTURE_GOOD] = "good",
#define PICTURE_FAULT(symbol, word, err) [PICTURE_FAULT_##symbol] = word,
#include "ipc/query/picture.def"
#undef PICTURE_FAULT
};

void
picture_query_put(struct buf *out, const struct picture_query *q)
{
	struct jw w;

	wire_begin(&w, out, &picture_kind);
	jw_kint(&w, "max_bytes", q->max_bytes);
	jw_kint(&w, "max_pixels", q->max_pixels);
	jw_kint(&w, "memory", q->memory);
	jw_kbool(&w, "originals", q->originals);
	jw_karr(&w, "items");
	for (const struct picture_item *item = q->v; item < q->v + q->n; item++) {
		jw_obj(&w);
		jw_kint(&w, "project", item->project);
		jw_kstr(&w, "dir", item->dir.p != NULL ? item->dir : STR(""));
		jw_kstr(&w, "path", item->path);
		jw_end(&w);
	}
	jw_end(&w);
	wire_end(&w);
}

bool
picture_query_get(struct arena *a, struct str bytes, struct picture_query *q)
{
	struct wire in = wire_open(a, bytes, &picture_kind, HELPER_QUERY_MAX);
	struct jr list = wire_list(&in, in.body, "items");
	struct picture_item *v = arena_array(a, struct picture_item, jr_len(list));

	*q = (struct picture_query){
		.max_bytes = wire_int(&in, in.body, "max_bytes"),
		.max_pixels = wire_int(&in, in.body, "max_pixels"),
		.memory = wire_int(&in, in.body, "memory"),
		.originals = wire_bool(&in, in.body, "originals"),
		.v = v,
		.n = jr_len(list),
	};
	for (size_t i = 0; i < q->n; i++) {
		struct jr item = jr_at(list, i);

		v[i] = (struct picture_item){ wire_int(&in, item, "project"), wire_str(&in, item, "dir"),
			wire_str(&in, item, "path") };
	}
	return wire_close(&in);
}

static void
put_found(struct jw *w, const struct picture_found *f)
{
	jw_obj(w);
	jw_kint(w, "project", f->project);
	jw_kstr(w, "path", f->path);
	jw_kcstr(w, "fault", faults[f->fault]);
	jw_kint(w, "errno", f->error);
	jw_kstr(w, "text", f->text);
	jw_kint(w, "width", f->width);
	jw_kint(w, "height", f->height);
	jw_kint(w, "bytes", f->bytes);
	jw_kstr(w, "sha1", f->sha1);
	jw_kint(w, "at", f->at);
	jw_kint(w, "n", f->n);
	jw_kint(w, "original_at", f->original_at);
	jw_end(w);
}

void
picture_result_put(struct buf *out, const struct picture_result *r)
{
	struct jw w;

	wire_begin(&w, out, &picture_kind);
	jw_karr(&w, "items");
	for (size_t i = 0; i < r->n; i++)
		put_found(&w, &r->v[i]);
	jw_end(&w);
	wire_end(&w);
}

static struct picture_found
read_found(struct wire *in, struct jr item)
{
	return (struct picture_found){
		.project = wire_int(in, item, "project"),
		.path = wire_str(in, item, "path"),
		.fault = (enum picture_fault)wire_word(in, item, "fault", faults, sizeof(faults) / sizeof(faults[0])),
		.error = wire_int(in, item, "errno"),
		.text = wire_str_or_none(in, item, "text"),
		.width = wire_int(in, item, "width"),
		.height = wire_int(in, item, "height"),
		.bytes = wire_int(in, item, "bytes"),
		.sha1 = wire_str_or_none(in, item, "sha1"),
		.at = wire_int(in, item, "at"),
		.n = wire_int(in, item, "n"),
		.original_at = wire_int(in, item, "original_at"),
	};
}

bool
picture_result_get(struct arena *a, struct str bytes, struct picture_result *r)
{
	struct wire in = wire_open(a, bytes, &picture_kind, HELPER_RESULT_MAX);
	struct jr list = wire_list(&in, in.body, "items");
	struct picture_found *v = arena_array(a, struct picture_found, jr_len(list));

	*r = (struct picture_result){ v, jr_len(list) };
	for (size_t i = 0; i < r->n; i++)
		v[i] = read_found(&in, jr_at(list, i));
	return wire_close(&in);
}
