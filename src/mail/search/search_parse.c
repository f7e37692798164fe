/*
 * search_parse - the facets of a search from the words of a tool's arguments.
 *
 * contract/rest-and-rust-peers.md B.6.7. What cannot be read is refused by
 * name; the Rust server takes an unreadable cursor for the first page.
 */
#include "mail/search/search.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "store/cx.h"

/* offset + limit reach no further. */
#define WINDOW_MAX 5000
#define DAY_US (INT64_C(86400) * USEC)

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static int
not_one_of(struct cx *cx, const char *field, struct str given, const char *const *words, size_t n)
{
	struct jw *w;

	fail(cx, ERR_INVALID_ARGUMENT, "%s: \"%" PRIstr "\" is not known.", field, FSTR(given));
	w = fail_data(cx);
	jw_kcstr(w, "field", field);
	jw_kstr(w, "provided", given);
	jw_karr(w, "valid_values");
	for (size_t i = 0; i < n; i++)
		jw_cstr(w, words[i]);
	jw_end(w);
	return -1;
}

static int
parse_ranking(struct cx *cx, struct str s, struct search_request *ask)
{
	static const char *const words[] = { "relevance", "recency" };

	if (str_blank(s))
		return 0;
	s = str_trim(s);
	if (str_eqc_ci(s, "relevance") || str_eqc_ci(s, "bm25"))
		ask->ranking = SEARCH_RELEVANCE;
	else if (str_eqc_ci(s, "recency") || str_eqc_ci(s, "recent"))
		ask->ranking = SEARCH_RECENCY;
	else
		return not_one_of(cx, "ranking", s, words, COUNT(words));
	return 0;
}

static int
parse_importance(struct cx *cx, struct str list, struct search_request *ask)
{
	static const char *const words[] = { "low", "normal", "high", "urgent" };
	struct str word;

	while (str_next(&list, ',', &word)) {
		size_t i;

		word = str_trim(word);
		if (word.n == 0)
			continue;
		for (i = 0; i < COUNT(words) && !str_eqc_ci(word, words[i]); i++)
			;
		if (i == COUNT(words))
			return not_one_of(cx, "importance", word, words, COUNT(words));
		ask->importance |= 1u << i;
	}
	return 0;
}

static int
conflict(struct cx *cx, const char *what, const char *a, struct str va, const char *b, struct str vb)
{
	struct jw *w;

	fail(cx, ERR_INVALID_ARGUMENT,
	    "Conflicting %s values: %s is \"%" PRIstr "\", %s is \"%" PRIstr "\". Give one of them.", what, a, FSTR(va),
	    b, FSTR(vb));
	w = fail_data(cx);
	jw_kcstr(w, "field", what);
	jw_kobj(w, "first");
	jw_kcstr(w, "name", a);
	jw_kstr(w, "value", va);
	jw_end(w);
	jw_kobj(w, "second");
	jw_kcstr(w, "name", b);
	jw_kstr(w, "value", vb);
	jw_end(w);
	return -1;
}

static int
parse_sender(struct cx *cx, const struct search_words *w, struct search_request *ask)
{
	const char *name = NULL;

	for (size_t i = 0; i < COUNT(w->sender); i++) {
		struct str v = str_trim(w->sender[i].v);

		if (v.n == 0)
			continue;
		if (name != NULL && !str_eq_ci(v, ask->sender))
			return conflict(cx, "sender", name, ask->sender, w->sender[i].name, v);
		name = name != NULL ? name : w->sender[i].name;
		ask->sender = ask->sender.n > 0 ? ask->sender : v;
	}
	return 0;
}

static int
parse_time(struct cx *cx, const char *name, struct str s, bool end, int64_t *us)
{
	struct jw *w;

	if (clock_parse_iso(s, us)) {
		/* A day without time means all of it. */
		if (end && s.n <= strlen("YYYY-MM-DD") && *us % DAY_US == 0)
			*us += DAY_US - 1;
		return 0;
	}
	fail(cx, ERR_INVALID_ARGUMENT, "%s: \"%" PRIstr "\" is no time; expected YYYY-MM-DD or ISO-8601 with time.",
	    name, FSTR(s));
	w = fail_data(cx);
	jw_kcstr(w, "field", name);
	jw_kstr(w, "provided", s);
	jw_kcstr(w, "expected_format", "YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS[.ffffff][+HH:MM]");
	return -1;
}

/* One end of the range: all names that are given must mean the same instant. */
static int
parse_end(struct cx *cx, const char *what, const char *const *names, const struct str *given, size_t n, bool end,
    int64_t *out)
{
	size_t first = n;
	int64_t us;

	for (size_t i = 0; i < n; i++) {
		struct str v = str_trim(given[i]);

		if (v.n == 0)
			continue;
		if (parse_time(cx, names[i], v, end, &us) < 0)
			return -1;
		if (first < n && us != *out)
			return conflict(cx, what, names[first], given[first], names[i], v);
		first = first < n ? first : i;
		*out = us;
	}
	return 0;
}

static int
parse_dates(struct cx *cx, const struct search_words *w, struct search_request *ask)
{
	const char *names[2][COUNT(w->start)];
	struct str given[2][COUNT(w->start)];
	struct jw *jw;

	for (size_t i = 0; i < COUNT(w->start); i++) {
		names[0][i] = w->start[i].name;
		given[0][i] = w->start[i].v;
		names[1][i] = w->end[i].name;
		given[1][i] = w->end[i].v;
	}
	if (parse_end(cx, "date_start", names[0], given[0], COUNT(w->start), false, &ask->from_us) < 0 ||
	    parse_end(cx, "date_end", names[1], given[1], COUNT(w->end), true, &ask->to_us) < 0)
		return -1;
	if (ask->from_us == 0 || ask->to_us == 0 || ask->from_us <= ask->to_us)
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT, "date_range: the start lies after the end.");
	jw = fail_data(cx);
	jw_kcstr(jw, "field", "date_range");
	jw_kint(jw, "date_start_micros", ask->from_us);
	jw_kint(jw, "date_end_micros", ask->to_us);
	return -1;
}

static bool
read_cursor(struct str s, struct search_cursor *c)
{
	uint64_t bits = 0;

	if (s.n < 19 || s.p[0] != 's' || s.p[17] != ':' || s.p[18] != 'i' || !str_int(str_sub(s, 19, s.n), &c->id))
		return false;
	for (size_t i = 1; i < 17; i++) {
		const char *hex = "0123456789abcdef", *p = memchr(hex, s.p[i], 16);

		if (p == NULL)
			return false;
		bits = bits << 4 | (uint64_t)(p - hex);
	}
	memcpy(&c->score, &bits, sizeof(bits));
	c->set = true;
	return isfinite(c->score) && c->id > 0;
}

static int
parse_cursor(struct cx *cx, struct str s, struct search_request *ask)
{
	s = str_trim(s);
	if (s.n == 0 || read_cursor(s, &ask->after))
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT, "cursor: not a next_cursor of an earlier answer.");
	jw_kcstr(fail_data(cx), "field", "cursor");
	return -1;
}

struct str
search_cursor_text(struct cx *cx, const struct search_cursor *c)
{
	uint64_t bits;

	memcpy(&bits, &c->score, sizeof(bits));
	return arena_printf(cx->arena, "s%016" PRIx64 ":i%" PRId64, bits, c->id);
}

static int
check_window(struct cx *cx, struct search_request *ask)
{
	struct jw *w;

	if (ask->limit < 0)
		ask->limit = MESSAGE_LIST_MAX;
	if (ask->limit > MESSAGE_LIST_MAX) {
		cx_warn(cx, "limit %lld was lowered to %d.", (long long)ask->limit, MESSAGE_LIST_MAX);
		ask->limit = MESSAGE_LIST_MAX;
	}
	if (ask->offset < 0 || ask->after.set)
		ask->offset = 0;
	if (ask->offset <= WINDOW_MAX - ask->limit)
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT, "offset: offset + limit may be %d at most; use `cursor` to go on.", WINDOW_MAX);
	w = fail_data(cx);
	jw_kcstr(w, "field", "offset");
	jw_kint(w, "offset", ask->offset);
	jw_kint(w, "limit", ask->limit);
	jw_kint(w, "max_window", WINDOW_MAX);
	jw_kcstr(w, "remediation", "Pass next_cursor of the last answer as cursor, or narrow the search.");
	return -1;
}

int
search_parse(struct cx *cx, const struct search_words *w, struct search_request *ask)
{
	if (parse_cursor(cx, w->cursor, ask) < 0 || check_window(cx, ask) < 0 ||
	    parse_ranking(cx, w->ranking, ask) < 0 || parse_importance(cx, w->importance, ask) < 0 ||
	    parse_sender(cx, w, ask) < 0)
		return -1;
	ask->thread_id = str_trim(w->thread_id);
	return parse_dates(cx, w, ask);
}
