/*
 * pictures - see pictures.h.
 */
#include "tool/message/pictures.h"

#include "base/json_read.h"
#include "conf/conf.h"
#include "store/cx.h"

int
pictures_question(struct cx *cx, const struct attach_wants *wants, struct jw *q)
{
	const struct conf *c = cx->conf;

	if (wants->n == 0)
		return 0;
	cx->query_wait = c->image_timeout;
	jw_obj(q);
	jw_kc(q, "do", "pictures");
	jw_kint(q, "max_bytes", c->image_max_bytes);
	jw_kint(q, "max_pixels", c->image_max_pixels);
	jw_kint(q, "memory", c->image_memory);
	jw_kbool(q, "originals", wants->originals);
	jw_karr(q, "items");
	for (size_t i = 0; i < wants->n; i++) {
		jw_obj(q);
		jw_kint(q, "project", wants->v[i].project_id);
		jw_kstr(q, "dir", wants->v[i].dir);
		jw_kstr(q, "path", wants->v[i].path);
		jw_end(q);
	}
	jw_end(q);
	jw_end(q);
	return 1;
}

/* A part of the memory file; absent when it does not lie in it. */
static struct str
part(const struct cx *cx, struct jr at, struct jr n)
{
	int64_t from = jr_int(at), len = jr_int(n), all = (int64_t)cx->query_file.n;

	if (at.type != JR_INT || n.type != JR_INT || from < 0 || len <= 0 || from > all || len > all - from)
		return STR_NONE;
	return str_sub(cx->query_file, (size_t)from, (size_t)len);
}

static void
read_item(const struct cx *cx, struct jr item, struct picture *p)
{
	*p = (struct picture){
		.project_id = jr_int(jr_get(item, "project")),
		.path = jr_str(jr_get(item, "path")),
		.error = (int)jr_int(jr_get(item, "errno")),
		.why = jr_str(jr_get(item, "text")),
		.width = jr_int(jr_get(item, "width")),
		.height = jr_int(jr_get(item, "height")),
		.file_bytes = jr_int(jr_get(item, "bytes")),
		.sha1 = jr_str(jr_get(item, "sha1")),
		.webp = part(cx, jr_get(item, "at"), jr_get(item, "n")),
		.original = part(cx, jr_get(item, "original_at"), jr_get(item, "bytes")),
	};
	if (jr_get(item, "error").type == JR_STR)
		p->fault = picture_fault_of(jr_str(jr_get(item, "error")));
	else if (p->webp.p == NULL || p->sha1.n != 40)
		p->fault = PICTURE_FAULT_UNABLE;
}

struct pictures
pictures_answer(struct cx *cx)
{
	struct jr_error err;
	struct picture *v;
	struct jr doc, items;
	size_t n;

	if (cx->query_result.p == NULL || !jr_parse(cx->arena, cx->query_result, &doc, &err))
		return (struct pictures){ NULL, 0 };
	items = jr_get(doc, "items");
	n = jr_len(items);
	v = arena_array(cx->arena, struct picture, n);
	for (size_t i = 0; i < n; i++)
		read_item(cx, jr_at(items, i), &v[i]);
	return (struct pictures){ v, n };
}
