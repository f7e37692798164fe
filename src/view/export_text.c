/*
 * export_text - documents for people and spreadsheets: CSV, Markdown, HTML.
 */
#include <string.h>

#include "base/clock.h"
#include "view/export.h"
#include "mail/project/project.h"
#include "mail/message/message.h"
#include "mail/message/thread.h"
#include "store/cx.h"

static struct str
time_of(struct cx *cx, const struct message *m)
{
	char at[CLOCK_ISO_SIZE];
	size_t n = clock_iso_naive(at, m->created_ts);

	return arena_dup(cx->arena, (struct str){ at, n });
}

/* Does a spreadsheet take text that begins so for a formula? */
static bool
is_formula(struct str s)
{
	return s.n > 0 && memchr("=+-@\t\r\n", s.p[0], 7) != NULL;
}

/* A field as RFC 4180 wants it; text that would be a formula gets an apostrophe before it. */
static void
put_csv(struct buf *b, struct str s)
{
	size_t from = 0;

	buf_cstr(b, is_formula(s) ? "\"'" : "\"");
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '"')
			continue;
		buf_put(b, s.p + from, i + 1 - from);
		from = i; /* once more */
	}
	buf_put(b, s.p + from, s.n - from);
	buf_putc(b, '"');
}

static void
csv_begin(struct buf *b, const struct project *p)
{
	buf_cstr(b,
	    "id,project_id,sender_id,sender_name,thread_id,subject,body_md,importance,ack_required,created_ts,attachments\r\n");
}

static void
csv_row(struct cx *cx, struct buf *b, const struct message *m, bool first)
{
	const struct str texts[] = { m->from, thread_key(cx, m), m->subject, m->body_md, m->importance };

	buf_printf(b, "%lld,%lld,%lld", (long long)m->id, (long long)m->project_id, (long long)m->sender_id);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		buf_putc(b, ',');
		put_csv(b, texts[i]);
	}
	buf_printf(b, ",%s,%" PRIstr ",", m->ack_required ? "true" : "false", FSTR(time_of(cx, m)));
	put_csv(b, m->attachments);
	buf_cstr(b, "\r\n");
}

static void
nothing(struct buf *b)
{
}

const struct export_format export_csv = { "csv", "text/csv", csv_begin, csv_row, nothing };

/* One line, whatever is in it. */
static void
put_line(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		buf_putc(b, (unsigned char)s.p[i] < ' ' ? ' ' : s.p[i]);
}

static void
md_begin(struct buf *b, const struct project *p)
{
	buf_cstr(b, "# Mailbox of ");
	put_line(b, p->human_key);
	buf_putc(b, '\n');
}

static void
md_row(struct cx *cx, struct buf *b, const struct message *m, bool first)
{
	buf_cstr(b, "\n## ");
	put_line(b, m->subject.n > 0 ? m->subject : STR("(no subject)"));
	buf_printf(b, "\n\nMessage %lld from %" PRIstr ", %" PRIstr ", thread ", (long long)m->id, FSTR(m->from),
	    FSTR(time_of(cx, m)));
	put_line(b, thread_key(cx, m));
	buf_cstr(b, ", importance ");
	put_line(b, m->importance);
	buf_cstr(b, m->ack_required ? ", to be acknowledged\n\n" : "\n\n");
	buf_str(b, m->body_md);
	buf_cstr(b, "\n\n---\n");
}

const struct export_format export_md = { "md", "text/markdown", md_begin, md_row, nothing };

/* Text for an element or a quoted attribute. */
static void
put_html(struct buf *b, struct str s)
{
	static const struct {
		char c;
		const char *as;
	} marks[] = {
		{ '&', "&amp;" },
		{ '<', "&lt;" },
		{ '>', "&gt;" },
		{ '"', "&quot;" },
		{ '\'', "&#39;" },
	};
	size_t k, from = 0;

	for (size_t i = 0; i < s.n; i++) {
		for (k = 0; k < sizeof(marks) / sizeof(marks[0]) && marks[k].c != s.p[i]; k++)
			;
		if (k == sizeof(marks) / sizeof(marks[0]))
			continue;
		buf_put(b, s.p + from, i - from);
		buf_cstr(b, marks[k].as);
		from = i + 1;
	}
	buf_put(b, s.p + from, s.n - from);
}

static void
html_begin(struct buf *b, const struct project *p)
{
	buf_cstr(b,
	    "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
	    "<title>Mailbox of ");
	put_html(b, p->human_key);
	buf_cstr(b,
	    "</title><style>body{font-family:sans-serif;max-width:60em;margin:auto}pre{white-space:pre-wrap}</style>"
	    "</head><body>\n<h1>Mailbox of ");
	put_html(b, p->human_key);
	buf_cstr(b, "</h1>\n");
}

static void
html_row(struct cx *cx, struct buf *b, const struct message *m, bool first)
{
	buf_printf(b, "<article id=\"m%lld\"><h2>", (long long)m->id);
	put_html(b, m->subject.n > 0 ? m->subject : STR("(no subject)"));
	buf_printf(b, "</h2>\n<p>Message %lld from ", (long long)m->id);
	put_html(b, m->from);
	buf_printf(b, ", %" PRIstr ", thread ", FSTR(time_of(cx, m)));
	put_html(b, thread_key(cx, m));
	buf_cstr(b, ", importance ");
	put_html(b, m->importance);
	buf_cstr(b, m->ack_required ? ", to be acknowledged</p>\n<pre>" : "</p>\n<pre>");
	put_html(b, m->body_md);
	buf_cstr(b, "</pre></article>\n");
}

static void
html_end(struct buf *b)
{
	buf_cstr(b, "</body></html>\n");
}

const struct export_format export_html = { "html", "text/html", html_begin, html_row, html_end };
