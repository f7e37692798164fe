/*
 * pictures - writes the question about a message's image files, and reads where their bytes lie in
 * the answer.
 *
 * Offsets come from another process: what does not lie in the memory file is absent.
 */
#include "tool/message/pictures.h"

#include "conf/conf.h"
#include "ipc/query/picture.h"
#include "store/cx.h"

int
pictures_query(struct cx *cx, const struct attach_wants *wants, struct buf *out)
{
	const struct conf *c = cx->conf;
	struct picture_item *v;

	if (wants->n == 0)
		return 0;
	v = arena_array(cx->arena, struct picture_item, wants->n);
	for (size_t i = 0; i < wants->n; i++)
		v[i] = (struct picture_item){ wants->v[i].project_id, wants->v[i].dir, wants->v[i].path };
	picture_query_put(out,
	    &(struct picture_query){
		c->image_max_bytes, c->image_max_pixels, c->image_memory, wants->originals, v, wants->n });
	return 1;
}

/* A part of the memory file; absent when it does not lie in it. */
static struct str
part(const struct cx *cx, int64_t from, int64_t len)
{
	int64_t all = (int64_t)cx->query_file.n;

	if (from < 0 || len <= 0 || from > all || len > all - from)
		return STR_NONE;
	return str_sub(cx->query_file, (size_t)from, (size_t)len);
}

static struct picture
picture_of(const struct cx *cx, const struct picture_found *f)
{
	struct picture p = {
		.project_id = f->project,
		.path = f->path,
		.fault = f->fault,
		.error = (int)f->error,
		.why = f->text,
		.width = f->width,
		.height = f->height,
		.file_bytes = f->bytes,
		.sha1 = f->sha1,
	};

	if (p.fault != PICTURE_GOOD)
		return p;
	p.webp = part(cx, f->at, f->n);
	p.original = part(cx, f->original_at, f->bytes);
	if (p.webp.p == NULL || p.sha1.n != 40)
		p.fault = PICTURE_FAULT_UNABLE;
	return p;
}

struct pictures
pictures_found(struct cx *cx)
{
	struct picture_result r;
	struct picture *v;

	if (!picture_result_get(cx->arena, cx->query_result, &r))
		return (struct pictures){ NULL, 0 };
	v = arena_array(cx->arena, struct picture, r.n);
	for (size_t i = 0; i < r.n; i++)
		v[i] = picture_of(cx, &r.v[i]);
	return (struct pictures){ v, r.n };
}
