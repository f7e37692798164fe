/*
 * export - walks a project's mail into a document, with the JSON form; the other forms are
 * export_text.c's. Called by REST.
 */
#include "view/export.h"

#include "base/json_write.h"
#include "mail/project/project.h"
#include "mail/message/message.h"
#include "store/cx.h"
#include "view/message_json.h"

static const struct export_format *const formats[] = { &export_json, &export_csv, &export_md, &export_html };

const struct export_format *
export_find(struct str word)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (str_eqc_ci(word, formats[i]->word))
			return formats[i];
	return &export_json;
}

static int
too_large(struct cx *cx, const struct export_query *q, int64_t fitting)
{
	if (fitting == 0)
		return fail(cx, ERR_PAYLOAD_TOO_LARGE,
		    "Already the first message after %lld makes a document of more than %lld bytes "
		    "(setting export_max)",
		    (long long)q->after_id, (long long)q->max_bytes);
	return fail(cx, ERR_PAYLOAD_TOO_LARGE,
	    "The document would be larger than %lld bytes (setting export_max): ask for it in "
	    "pieces, with limit (%lld messages fit here) and after_id (the last id of the piece before)",
	    (long long)q->max_bytes, (long long)fitting);
}

/* A document being written. */
struct writing {
	const struct export_format *format;
	const struct export_query *query;
	struct buf *b;
	int64_t n; /* messages so far */
};

static int
add(struct cx *cx, const struct message *m, void *arg)
{
	struct writing *w = arg;

	w->format->row(cx, w->b, m, w->n == 0);
	if (w->b->n > (size_t)w->query->max_bytes)
		return too_large(cx, w->query, w->n);
	w->n++;
	return 0;
}

int
export_write(
    struct cx *cx, const struct project *p, const struct export_format *f, const struct export_query *q, struct buf *b)
{
	struct writing w = { f, q, b, 0 };
	int rc;

	f->begin(b, p);
	rc = message_each(cx, p, q->after_id, q->limit, add, &w);
	f->end(b);
	return rc;
}

static void
json_begin(struct buf *b, const struct project *p)
{
	buf_putc(b, '[');
}

static void
json_row(struct cx *cx, struct buf *b, const struct message *m, bool first)
{
	struct jw w;

	if (!first)
		buf_putc(b, ',');
	jw_init(&w, b, JW_COMPACT | JW_NAIVE_TIME);
	jw_obj(&w);
	rest_message_members(cx, &w, m);
	jw_key(&w, "attachments");
	jw_raw(&w, m->attachments);
	jw_end(&w);
}

static void
json_end(struct buf *b)
{
	buf_putc(b, ']');
}

const struct export_format export_json = { "json", "application/json", json_begin, json_row, json_end };
