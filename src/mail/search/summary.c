/*
 * summary - reads messages line by line for points, actions, mentions, code and questions, and
 * writes what it found.
 *
 * Called by the summary tools, macro_prepare_thread and REST. No model, no randomness: the same
 * messages give the same summary.
 */
#include "mail/search/summary.h"

#include <stdlib.h>
#include <string.h>

#include "mail/agent/agent.h"
#include "mail/search/lines.h"
#include "mail/message/thread.h"
#include "store/cx.h"

/* Longest code reference in characters. */
#define CODE_MAX 120
/* Questions that wait for an answer at the same time, and how much of one is shown. */
#define QUESTIONS_MAX 64
#define QUESTION_CHARS 300

void
bag_add(struct arena *a, struct bag *b, struct str s)
{
	if (b->n == b->size) {
		struct str *v = arena_array(a, struct str, b->size > 0 ? b->size * 2 : 8);

		if (b->n > 0)
			memcpy(v, b->v, b->n * sizeof(*v));
		b->size = b->size > 0 ? b->size * 2 : 8;
		b->v = v;
	}
	b->v[b->n++] = arena_dup(a, s);
}

static int
by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

struct str_list
bag_first(const struct bag *b, size_t max)
{
	return (struct str_list){ b->v, b->n < max ? b->n : max };
}

void
bag_sort(struct bag *b)
{
	size_t n = 0;

	if (b->n == 0)
		return;
	qsort(b->v, b->n, sizeof(b->v[0]), by_bytes);
	for (size_t i = 0; i < b->n; i++)
		if (n == 0 || !str_eq(b->v[n - 1], b->v[i]))
			b->v[n++] = b->v[i];
	b->n = n;
}

void
summary_init(struct summary *s, struct arena *a)
{
	memset(s, 0, sizeof(*s));
	s->arena = a;
}

static struct str
strip(struct str s, const char *front, const char *back)
{
	while (s.n > 0 && *s.p != '\0' && strchr(front, *s.p) != NULL)
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && s.p[s.n - 1] != '\0' && strchr(back, s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

static void
take_mentions(struct summary *s, struct str line)
{
	struct str word;

	if (str_chr(line, '@') < 0)
		return;
	while (word_next(&line, &word)) {
		if (word.n < 2 || word.p[0] != '@')
			continue;
		word = strip(str_sub(word, 1, word.n), ".,:;()[]{}", ".,:;()[]{}");
		if (word.n > 0)
			bag_add(s->arena, &s->names, word);
	}
}

static bool
is_code(struct str s)
{
	size_t chars = str_chars(s);

	return chars >= 1 && chars <= CODE_MAX &&
	    (str_chr(s, '/') >= 0 || str_find(s, STR(".py")) >= 0 || str_find(s, STR(".ts")) >= 0 ||
		str_find(s, STR(".md")) >= 0);
}

/* Between pairs of backticks, from the left. */
static void
take_code(struct summary *s, struct str line)
{
	ptrdiff_t open, end;

	while ((open = str_chr(line, '`')) >= 0) {
		struct str code;

		line = str_sub(line, (size_t)open + 1, line.n);
		if ((end = str_chr(line, '`')) < 0)
			return;
		code = line_trim(str_sub(line, 0, (size_t)end));
		if (is_code(code))
			bag_add(s->arena, &s->code_references, code);
		line = str_sub(line, (size_t)end + 1, line.n);
	}
}

enum box { BOX_NONE, BOX_OPEN, BOX_DONE };

/* "- [ ]", "* [x]", "+ [X]" at the beginning of a line. */
static enum box
box_of(struct str line)
{
	if (line.n < 5 || !strchr("-*+", line.p[0]) || line.p[1] != ' ' || line.p[2] != '[' || line.p[4] != ']')
		return BOX_NONE;
	return line.p[3] == ' ' ? BOX_OPEN : line.p[3] == 'x' || line.p[3] == 'X' ? BOX_DONE : BOX_NONE;
}

static void
take_key_point(struct summary *s, struct str line)
{
	bool bullet = strchr("-*+", line.p[0]) != NULL,
	     number = line.n > 1 && line.p[0] >= '1' && line.p[0] <= '5' && line.p[1] == '.';

	if ((!bullet && !number) || s->key_points.n >= SUMMARY_ITEMS)
		return;
	if (line.p[0] == '-' && box_of(line) != BOX_NONE)
		line = line_trim(str_sub(line, 5, line.n));
	line = strip(line, "-+* ", "");
	/* A rule such as --- says nothing. */
	if (line.n > 0)
		bag_add(s->arena, &s->key_points, line);
}

bool
summary_tells_of_work(struct str line)
{
	static const struct str words[] = { LIT("TO"
						"DO"),
		LIT("ACTION"),
		LIT("FIX"
		    "ME"),
		LIT("NEXT"), LIT("BLOCKED") };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_has_ci(line, words[i]))
			return true;
	return false;
}

static void
take_action(struct summary *s, struct str line)
{
	enum box box = box_of(line);

	s->open_actions += box == BOX_OPEN;
	s->done_actions += box == BOX_DONE;
	if (s->action_items.n < SUMMARY_ITEMS && (box != BOX_NONE || summary_tells_of_work(line)))
		bag_add(s->arena, &s->action_items, line);
}

static void
ask(struct summary *s, const struct message *m, struct str text)
{
	text = strip(line_trim(text), "-+*# ", "");
	if (str_chr(text, ' ') < 0 || s->nquestions == QUESTIONS_MAX)
		return;
	if (s->questions == NULL)
		s->questions = arena_array(s->arena, struct question, QUESTIONS_MAX);
	s->questions[s->nquestions++] =
	    (struct question){ arena_dup(s->arena, str_cut_chars(text, QUESTION_CHARS)), m->id, m->sender_id };
}

/* Sentences that end in a question mark; what is quoted was asked before. */
static void
take_questions(struct summary *s, const struct message *m, struct str line)
{
	size_t from = 0;

	if (line.p[0] == '>' || str_chr(line, '?') < 0)
		return;
	for (size_t i = 0; i < line.n; i++) {
		bool last = i + 1 == line.n || strchr(" \t)\"'*_", line.p[i + 1]) != NULL;

		if (!last || !strchr(".!?", line.p[i]))
			continue;
		if (line.p[i] == '?')
			ask(s, m, str_sub(line, from, i + 1 - from));
		from = i + 1;
	}
}

/* A reply answers what the message asked that it replies to; a new mail into the thread all that others asked. */
static void
answer(struct summary *s, const struct message *m)
{
	size_t n = 0;

	for (size_t i = 0; i < s->nquestions; i++) {
		const struct question *q = &s->questions[i];

		if (q->sender_id == m->sender_id || (m->reply_to != 0 && m->reply_to != q->message_id))
			s->questions[n++] = *q;
	}
	s->nquestions = n;
}

int
summary_add(struct cx *cx, const struct message *m, void *summary)
{
	struct summary *s = summary;
	struct str rest = m->body_md, line;
	bool code = false;

	if (s->bytes > SUMMARY_BYTES)
		return 1;
	s->bytes += rest.n;
	if (s->nexamples < SUMMARY_EXAMPLES)
		s->examples[s->nexamples++] = (struct message){ .id = m->id,
			.created_ts = m->created_ts,
			.subject = arena_dup(s->arena, m->subject),
			.from = arena_dup(s->arena, m->from) };
	s->total_messages++;
	if (s->participants.n == 0 || !str_eq(s->participants.v[s->participants.n - 1], m->from))
		bag_add(s->arena, &s->participants, m->from);
	answer(s, m);
	while (line_next(&rest, &line)) {
		if (line.n == 0)
			continue;
		take_mentions(s, line);
		take_code(s, line);
		take_key_point(s, line);
		take_action(s, line);
		code ^= str_starts(line, STR("```"));
		if (!code)
			take_questions(s, m, line);
	}
	return 0;
}

void
summary_warn(struct cx *cx, const struct summary *s)
{
	if (s->bytes > SUMMARY_BYTES)
		cx_warn(cx, "Only the first %lld messages were read: their text is longer than %d bytes.",
		    (long long)s->total_messages, SUMMARY_BYTES);
}

static int
by_count(const void *va, const void *vb)
{
	const struct mention *a = va, *b = vb;

	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return str_cmp(a->name, b->name);
}

static void
count_mentions(struct summary *s)
{
	struct mention *v;
	size_t n = 0;

	if (s->names.n == 0)
		return;
	v = arena_array(s->arena, struct mention, s->names.n);
	qsort(s->names.v, s->names.n, sizeof(s->names.v[0]), by_bytes);
	for (size_t i = 0; i < s->names.n; i++) {
		if (n == 0 || !str_eq(v[n - 1].name, s->names.v[i]))
			v[n++] = (struct mention){ s->names.v[i], 0 };
		v[n - 1].count++;
	}
	qsort(v, n, sizeof(*v), by_count);
	s->nmentions = n < SUMMARY_ITEMS ? n : SUMMARY_ITEMS;
	memcpy(s->mentions, v, s->nmentions * sizeof(*v));
}

void
summary_finish(struct summary *s)
{
	bag_sort(&s->participants);
	bag_sort(&s->code_references);
	count_mentions(s);
}

int
summary_thread(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, int64_t limit,
    struct summary *out)
{
	summary_init(out, cx->arena);
	if (thread_bodies(cx, p, key, viewer, limit, summary_add, out) != 0)
		return -1;
	summary_warn(cx, out);
	if (limit < 0 && out->total_messages >= MESSAGE_LIST_MAX)
		cx_warn(cx, "Only the newest %d messages of the thread were read.", MESSAGE_LIST_MAX);
	summary_finish(out);
	return 0;
}
