/*
 * export - see export.h. Called by REST.
 */
#include "mail/project/export.h"

#include "base/clock.h"
#include "base/json_write.h"
#include "conf/conf.h"
#include "mail/project/project.h"
#include "mail/message/message.h"
#include "mail/message/thread.h"
#include "store/cx.h"
#include "store/stmt.h"

static const struct export_format *const formats[] = { &export_json, &export_csv, &export_md, &export_html };

const struct export_format *
export_find(struct str word)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
		if (str_eqc_ci(word, formats[i]->word))
			return formats[i];
	return &export_json;
}

static int
too_large(struct cx *cx, const struct export_query *q, int64_t fitting)
{
	if (fitting == 0)
		return fail(cx, ERR_PAYLOAD_TOO_LARGE, "Already the first message after %lld makes a document of more than %lld bytes "
		    "(setting export_max)", (long long)q->after_id, (long long)cx->conf->export_max);
	return fail(cx, ERR_PAYLOAD_TOO_LARGE, "The document would be larger than %lld bytes (setting export_max): ask for it in "
	    "pieces, with limit (%lld messages fit here) and after_id (the last id of the piece before)",
	    (long long)cx->conf->export_max, (long long)fitting);
}

int
export_write(struct cx *cx, const struct project *p, const struct export_format *f, const struct export_query *q,
    struct buf *b)
{
	struct stmt *s = stmt_get(cx->db, STMT_EXPORT);
	struct message m;
	int64_t n = 0;
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, q->after_id);
	stmt_bind_int(s, 3, q->limit < 0 ? -1 : q->limit);
	f->begin(b, p);
	while ((rc = stmt_step(cx, s)) > 0) {
		if ((rc = message_read_row(cx, s, p->id, true, &m)) < 0)
			break;
		f->row(cx, b, &m, n == 0);
		if (b->n > (size_t)cx->conf->export_max) {
			rc = too_large(cx, q, n);
			break;
		}
		n++;
	}
	stmt_done(s);
	f->end(b);
	return rc < 0 ? -1 : 0;
}

static void
json_begin(struct buf *b, const struct project *p)
{
	buf_chr(b, '[');
}

static void
json_row(struct cx *cx, struct buf *b, const struct message *m, bool first)
{
	char at[CLOCK_ISO_SIZE];
	struct jw w;

	if (!first)
		buf_chr(b, ',');
	jw_init(&w, b, JW_COMPACT);
	jw_obj(&w);
	jw_kint(&w, "id", m->id);
	jw_kint(&w, "project_id", m->project_id);
	jw_kint(&w, "sender_id", m->sender_id);
	jw_kstr(&w, "sender_name", m->from);
	jw_kstr(&w, "thread_id", thread_key(cx, m));
	jw_kstr(&w, "subject", m->subject);
	jw_kstr(&w, "body_md", m->body_md);
	jw_kstr(&w, "importance", m->importance);
	jw_kbool(&w, "ack_required", m->ack_required);
	jw_kstr(&w, "created_ts", (struct str){ at, clock_iso_naive(at, m->created_ts) });
	jw_key(&w, "attachments");
	jw_raw(&w, m->attachments);
	jw_end(&w);
}

static void
json_end(struct buf *b)
{
	buf_chr(b, ']');
}

const struct export_format export_json = { "json", "application/json", json_begin, json_row, json_end };
