/*
 * content - what message files and thread digests say: front matter, body, copies, entries
 * (the second half of layout.h; paths are layout.c's).
 *
 * Functions of the message alone, so that verify and rebuild get the same bytes as the archiver
 * did. Whom a copy names as bcc is decided here and nowhere else.
 */
#include <string.h>

#include "archive/content/layout.h"
#include "archive/content/mail.h"
#include "archive/content/picture.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "base/json_write.h"

#define PREVIEW_CHARS 1200

struct str
layout_sender(struct arena *a, const struct arch_mail *m)
{
	if (!m->foreign)
		return m->sender;
	return arena_printf(a, "%" PRIstr "@%" PRIstr, FSTR(m->sender), FSTR(m->sender_slug));
}

struct str
layout_line(struct arena *a, struct str s)
{
	char *out = arena_get(a, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = (unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f ? ' ' : s.p[i];
	return str_trim((struct str){ out, s.n });
}

/*
 * Text as it lies in a file: no carriage return before a line feed, or Git, told
 * by .gitattributes that *.md is text, would call the file modified for ever.
 */
static struct str
file_text(struct arena *a, struct str s)
{
	char *out;
	size_t n = 0;

	s = str_trim(s);
	if (s.n == 0 || memchr(s.p, '\r', s.n) == NULL)
		return s;
	out = arena_get(a, s.n);
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '\n')
			while (n > 0 && out[n - 1] == '\r')
				n--;
		out[n++] = s.p[i];
	}
	return (struct str){ out, n };
}

static void
put_attachments(struct jw *w, const struct arch_mail *m, struct arena *a)
{
	struct jr_error err;
	struct jr v = JR_NONE;

	jw_key(w, "attachments");
	if (m->attachments.n > 2 && jr_parse(a, m->attachments, &v, &err) && v.type == JR_ARR) {
		jr_write_sorted(v, w, a);
		return;
	}
	jw_arr(w);
	jw_end(w);
}

static void
put_sender(struct jw *w, const struct arch_mail *m, struct arena *a)
{
	jw_kstr(w, "from", m->sender);
	if (!m->foreign)
		return;
	jw_kstr(
	    w, "from_address", arena_printf(a, "project:%" PRIstr "#%" PRIstr, FSTR(m->sender_slug), FSTR(m->sender)));
	jw_kstr(w, "from_project", m->sender_key);
	jw_kstr(w, "from_project_slug", m->sender_slug);
}

/* Writes the members in the order of sorted keys. */
static void
put_front_matter(struct jw *w, const struct arch_mail *m, const struct str_list *bcc, struct arena *a)
{
	jw_obj(w);
	jw_kbool(w, "ack_required", m->ack_required);
	put_attachments(w, m, a);
	jw_kstrs(w, "bcc", bcc);
	jw_kstrs(w, "cc", &m->cc);
	jw_ktime(w, "created", m->created);
	put_sender(w, m, a);
	jw_kint(w, "id", m->id);
	jw_kstr(w, "importance", m->importance);
	jw_kstr(w, "project", m->human_key);
	jw_kstr(w, "project_slug", m->slug);
	jw_kstr(w, "subject", m->subject);
	jw_kstr(w, "thread_id", m->thread);
	jw_kstrs(w, "to", &m->to);
	jw_kstr(w, "topic", m->topic);
	jw_end(w);
}

struct str
layout_message(struct arena *a, const struct arch_mail *m, enum layout_bcc bcc, struct str self)
{
	struct str_list shown = { NULL, 0 };
	struct buf b;
	struct jw w;

	if (bcc == LAYOUT_BCC_ALL)
		shown = m->bcc;
	if (bcc == LAYOUT_BCC_SELF)
		shown = (struct str_list){ &self, 1 };
	buf_init(&b, a);
	buf_cstr(&b, "---json\n");
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	put_front_matter(&w, m, &shown, a);
	buf_cstr(&b, "\n---\n\n");
	buf_str(&b, file_text(a, m->body));
	buf_putc(&b, '\n');
	return buf_flat(&b);
}

/* False for deleted agents: mail of others still names them, but they have no boxes. */
static bool
has_box(const struct arch_mail *m, struct str name)
{
	for (size_t i = 0; i < m->gone.n; i++)
		if (str_eq(m->gone.v[i], name))
			return false;
	return true;
}

int
layout_files(struct arena *a, const struct arch_mail *m, struct str canonical,
    int (*fn)(void *arg, struct str path, struct str bytes), void *arg)
{
	const struct str_list *lists[] = { &m->to, &m->cc };
	int rc = fn(arg, layout_canonical(a, m), canonical);

	if (rc == 0 && !m->foreign)
		rc = fn(arg, layout_copy(a, m, m->sender, "outbox"),
		    m->bcc.n ? layout_message(a, m, LAYOUT_BCC_ALL, STR_NONE) : canonical);
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; rc == 0 && i < lists[k]->n; i++)
			if (has_box(m, lists[k]->v[i]))
				rc = fn(arg, layout_copy(a, m, lists[k]->v[i], "inbox"), canonical);
	for (size_t i = 0; rc == 0 && i < m->bcc.n; i++)
		if (has_box(m, m->bcc.v[i]))
			rc = fn(arg, layout_copy(a, m, m->bcc.v[i], "inbox"),
			    layout_message(a, m, LAYOUT_BCC_SELF, m->bcc.v[i]));
	return rc == 0 ? arch_pictures_files(a, m, fn, arg) : rc;
}

struct str
layout_digest_head(struct arena *a, struct str thread)
{
	return arena_printf(a, "# Thread %" PRIstr "\n\n", FSTR(layout_line(a, thread)));
}

static void
put_preview(struct buf *b, const struct arch_mail *m)
{
	struct str body = file_text(b->arena, m->body), cut = str_cut_chars(body, PREVIEW_CHARS);

	if (body.n == 0)
		return;
	if (cut.n < body.n) {
		while (cut.n > 0 && strchr(" \t\r\n\f\v", cut.p[cut.n - 1]))
			cut.n--;
	}
	buf_str(b, cut);
	buf_cstr(b, cut.n < body.n ? "\n...\n\n" : "\n\n");
}

struct str
layout_digest_entry(struct arena *a, const struct arch_mail *m)
{
	struct str subject = layout_line(a, m->subject);
	char created[CLOCK_ISO_SIZE];
	const char *comma = "";
	struct buf b;

	buf_init(&b, a);
	if (subject.n > 0)
		buf_printf(&b, "### %" PRIstr "\n\n", FSTR(subject));
	clock_iso(created, m->created);
	buf_printf(&b, "## %s \xe2\x80\x94 %" PRIstr " \xe2\x86\x92 ", created, FSTR(layout_sender(a, m)));
	for (size_t i = 0; i < m->to.n + m->cc.n; i++, comma = ", ")
		buf_printf(&b, "%s%" PRIstr, comma, FSTR(i < m->to.n ? m->to.v[i] : m->cc.v[i - m->to.n]));
	if (m->to.n + m->cc.n == 0)
		buf_cstr(&b, "undisclosed");
	buf_printf(&b, "\n\n[View canonical](%" PRIstr ")\n\n", FSTR(layout_canonical(a, m)));
	put_preview(&b, m);
	buf_cstr(&b, "---\n\n");
	return buf_flat(&b);
}

struct str
layout_digest_tail(struct arena *a, struct str slug, struct str thread, int next_part)
{
	return arena_printf(a, "[Continued](%" PRIstr ")\n", FSTR(layout_digest(a, slug, thread, next_part)));
}
