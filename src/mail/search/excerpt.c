/*
 * excerpt - puts messages into a text until its room is used up, as JSON will count it.
 *
 * Called by the summary tools when a language model is asked: this is all that it gets to see.
 */
#include "mail/search/excerpt.h"

#include "store/cx.h"

#define SUBJECT_CHARS 200

void
excerpt_init(struct excerpt *e, struct arena *a, size_t max, size_t chars)
{
	*e = (struct excerpt){ .max = max < EXCERPT_MESSAGES ? max : EXCERPT_MESSAGES, .chars = chars };
	buf_init(&e->text, a);
}

/* Bytes that this character takes in a JSON string. */
static size_t
cost_of(char c)
{
	return c == '"' || c == '\\' || c == '\n' || c == '\t' ? 2 : 1;
}

/* Adds as much of s as there is room for, without control characters: each would become six bytes of JSON. */
static void
put(struct excerpt *e, struct str text)
{
	size_t i, cost = 0;

	for (i = 0; i < text.n && e->cost + cost < EXCERPT_BYTES; i++)
		cost += cost_of(text.p[i]);
	text = str_cut_utf8(text, i);
	e->cost += cost;
	for (i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		buf_putc(&e->text, (c < ' ' && c != '\n' && c != '\t') || c == 0x7f ? ' ' : text.p[i]);
	}
}

int
excerpt_add(struct cx *cx, const struct message *m, void *excerpt)
{
	struct excerpt *e = excerpt;

	(void)cx;
	if (e->n == e->max)
		return 0;
	put(e, e->n > 0 ? STR("\n\n") : STR(""));
	e->ids[e->n++] = m->id;
	if (e->threads && m->thread_id.p != NULL) {
		put(e, STR("["));
		put(e, m->thread_id);
		put(e, STR("] "));
	} else if (e->threads)
		put(e, arena_printf(e->text.arena, "[msg-%lld] ", (long long)m->id));
	else
		put(e, STR("- "));
	put(e, m->from);
	put(e, STR(": "));
	put(e, str_cut_chars(m->subject, SUBJECT_CHARS));
	put(e, STR("\n"));
	put(e, str_cut_chars(m->body_md, e->chars));
	return 0;
}

void
excerpt_line(struct excerpt *e, const char *lead, struct str line)
{
	put(e, str_c(lead));
	put(e, str_cut_chars(line, e->chars));
	put(e, STR("\n"));
}
