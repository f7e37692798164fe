/*
 * pattern_glob - segments with wildcards as lists of tokens.
 *
 * Matching goes back to the last `*` only, so it takes at most pattern times
 * name steps. Meeting walks the product of both lists.
 */
#include "mail/reservation/pattern_glob.h"

#include <stdint.h>
#include <string.h>

enum token_kind { ONE, ANY, RUN, SET };

struct range {
	uint32_t lo, hi;
};

struct glob_token {
	enum token_kind kind;
	uint32_t c;    /* ONE */
	bool inverted; /* SET */
	struct range *ranges;
	size_t nranges;
};

#define NOT_UTF8 0x110000u

/* Character at *i, which moves behind it. */
static uint32_t
next_char(struct str s, size_t *i)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char c = (unsigned char)s.p[*i];
	size_t len = c < 0x80       ? 1
	    : c >= 0xf0 && c < 0xf5 ? 4
	    : c >= 0xe0 && c < 0xf0 ? 3
	    : c >= 0xc2 && c < 0xe0 ? 2
				    : 0;
	uint32_t v = len == 1 ? c : c & (0xffu >> (len + 1));
	size_t k;

	for (k = 1; k < len; k++) {
		if (*i + k >= s.n || ((unsigned char)s.p[*i + k] & 0xc0) != 0x80)
			break;
		v = v << 6 | ((unsigned char)s.p[*i + k] & 0x3f);
	}
	if (len == 0 || k < len || v < least[len] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000)) {
		*i += 1;
		return NOT_UTF8 + c;
	}
	*i += len;
	return v;
}

static bool
set_has(const struct glob_token *t, uint32_t c)
{
	for (size_t i = 0; i < t->nranges; i++)
		if (c >= t->ranges[i].lo && c <= t->ranges[i].hi)
			return !t->inverted;
	return t->inverted;
}

static bool
token_takes(const struct glob_token *t, uint32_t c)
{
	switch (t->kind) {
	case ONE: return t->c == c;
	case SET: return set_has(t, c);
	default: return true;
	}
}

/* Offset of the ] that ends the set opened at i, or 0: then [ is itself. */
static size_t
set_end(struct str s, size_t i)
{
	size_t j = i + 1;

	if (j < s.n && (s.p[j] == '!' || s.p[j] == '^'))
		j++;
	if (j < s.n && s.p[j] == ']')
		j++;
	while (j < s.n && s.p[j] != ']')
		j++;
	return j < s.n ? j : 0;
}

/* What stands between [ and ]. A range written backwards holds nothing. */
static void
read_set(struct arena *a, struct str body, struct glob_token *t)
{
	size_t i = 0;

	t->kind = SET;
	if (body.n > 0 && (body.p[0] == '!' || body.p[0] == '^')) {
		t->inverted = true;
		i = 1;
	}
	t->ranges = arena_array(a, struct range, body.n);
	while (i < body.n) {
		struct range *r = &t->ranges[t->nranges++];

		r->lo = r->hi = next_char(body, &i);
		if (i + 1 < body.n && body.p[i] == '-') {
			i++;
			r->hi = next_char(body, &i);
		}
	}
}

void
glob_compile(struct arena *a, struct str segment, struct glob *out)
{
	size_t i = 0, end;

	*out = (struct glob){ .text = segment };
	while (i < segment.n && !out->wild) {
		char c = segment.p[i];

		out->wild = c == '*' || c == '?' || (c == '[' && set_end(segment, i) > 0);
		i++;
	}
	if (!out->wild)
		return;
	out->tokens = arena_array(a, struct glob_token, segment.n);
	for (i = 0; i < segment.n;) {
		struct glob_token *t = &out->tokens[out->n];
		char c = segment.p[i];

		if (c == '[' && (end = set_end(segment, i)) > 0) {
			read_set(a, str_sub(segment, i + 1, end - i - 1), t);
			i = end + 1;
		} else if (c == '*' || c == '?') {
			t->kind = c == '*' ? RUN : ANY;
			i++;
			if (t->kind == RUN && out->n > 0 && t[-1].kind == RUN)
				continue;
		} else {
			t->kind = ONE;
			t->c = next_char(segment, &i);
		}
		out->n++;
	}
}

bool
glob_match(const struct glob *g, struct str name)
{
	size_t t = 0, i = 0, star = SIZE_MAX, from = 0;

	if (!g->wild)
		return str_eq(g->text, name);
	if (name.n == 0)
		return false;
	while (i < name.n) {
		size_t next = i;
		uint32_t c = next_char(name, &next);

		if (t < g->n && g->tokens[t].kind == RUN) {
			star = t++;
			from = i;
		} else if (t < g->n && token_takes(&g->tokens[t], c)) {
			t++;
			i = next;
		} else if (star != SIZE_MAX) {
			t = star + 1;
			next_char(name, &from);
			i = from;
		} else {
			return false;
		}
	}
	while (t < g->n && g->tokens[t].kind == RUN)
		t++;
	return t == g->n;
}

/* A character that both take, tried from the places where a common stretch of their ranges can begin. */
static bool
tokens_meet(const struct glob_token *a, const struct glob_token *b)
{
	const struct glob_token *of[2] = { a, b };

	if (a->kind == ONE)
		return token_takes(b, a->c);
	if (b->kind == ONE)
		return token_takes(a, b->c);
	if (token_takes(a, 1) && token_takes(b, 1))
		return true;
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; of[k]->kind == SET && i < of[k]->nranges; i++) {
			const struct range *r = &of[k]->ranges[i];

			if (token_takes(a, r->lo) && token_takes(b, r->lo))
				return true;
			if (token_takes(a, r->hi + 1) && token_takes(b, r->hi + 1))
				return true;
		}
	}
	return false;
}

static bool
is_run(const struct glob_token *t)
{
	return t != NULL && t->kind == RUN;
}

/*
 * Can the tokens up to and with `up` and `side` spell the same text? From the
 * three states before: without up, without side, without both. A run takes
 * what the other takes, or nothing.
 */
static bool
state(const struct glob_token *up, const struct glob_token *side, bool above, bool beside, bool diagonal)
{
	bool run = is_run(up) || is_run(side);

	if (up != NULL && above && run)
		return true;
	if (side != NULL && beside && run)
		return true;
	return diagonal && up != NULL && side != NULL && !run && tokens_meet(up, side);
}

/* Row by row of the product of both lists; one row is kept. */
static bool
product_meets(const struct glob *a, const struct glob *b)
{
	bool few[256], *meet = few;
	struct arena own;
	bool found;

	arena_init(&own, 64);
	if (b->n >= sizeof(few) / sizeof(few[0]))
		meet = arena_array(&own, bool, b->n + 1);
	memset(meet, 0, (b->n + 1) * sizeof(*meet));
	for (size_t i = 0; i <= a->n; i++) {
		bool diagonal = false;

		for (size_t j = 0; j <= b->n; j++) {
			bool above = meet[j];

			meet[j] = (i == 0 && j == 0) ||
			    state(i > 0 ? &a->tokens[i - 1] : NULL, j > 0 ? &b->tokens[j - 1] : NULL, above,
				j > 0 && meet[j - 1], diagonal);
			diagonal = above;
		}
	}
	found = meet[b->n];
	arena_fini(&own);
	return found;
}

bool
glob_meet(const struct glob *a, const struct glob *b)
{
	if (!b->wild)
		return glob_match(a, b->text) && b->text.n > 0;
	if (!a->wild)
		return glob_match(b, a->text);
	return product_meets(a, b);
}
