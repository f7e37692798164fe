/*
 * search_query - the sanitisers and the word splitter of search; pure text.
 *
 * The reference's rules in its order, with one difference: spans in quotes are
 * left alone, where it damages hyphenated words inside them.
 */
#include "mail/search/search_query.h"

#include <string.h>

#include "base/buf.h"

static const char *const nothing[] = { "*", "**", "***", ".", "..", "...", "?", "??", "???" };
static const char *const operators[] = { "AND", "OR", "NOT" };

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

static bool
is_one_of(struct str s, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eqc_ci(s, words[i]))
			return true;
	return false;
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static struct str
squeeze_spaces(struct arena *a, struct str q)
{
	char *p = arena_get(a, q.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < q.n; i++)
		if (q.p[i] != ' ' || n == 0 || p[n - 1] != ' ')
			p[n++] = q.p[i];
	return (struct str){ p, n };
}

static size_t
alnum_run(struct str q, size_t i)
{
	size_t n = 0;

	while (i + n < q.n && is_alnum(q.p[i + n]))
		n++;
	return n;
}

/* Length of the hyphenated word that begins at i ("POL-358"), 0 when there is none. */
static size_t
hyphenated(struct str q, size_t i)
{
	size_t end = i + alnum_run(q, i), n;
	bool hyphen = false;

	if (end == i || (i > 0 && is_alnum(q.p[i - 1])))
		return 0;
	while (end + 1 < q.n && q.p[end] == '-' && (n = alnum_run(q, end + 1)) > 0) {
		end += 1 + n;
		hyphen = true;
	}
	return hyphen ? end - i : 0;
}

/* Puts quotes around hyphenated words: FTS5 would take the hyphen for a column filter. */
static struct str
quote_hyphenated(struct arena *a, struct str q)
{
	bool inside = false;
	struct buf b;
	size_t n;

	if (str_chr(q, '-') < 0)
		return q;
	buf_init(&b, a);
	for (size_t i = 0; i < q.n; i += n) {
		n = inside ? 0 : hyphenated(q, i);
		if (n > 0)
			buf_putc(&b, '"');
		buf_put(&b, q.p + i, n > 0 ? n : 1);
		if (n > 0)
			buf_putc(&b, '"');
		else if (q.p[i] == '"')
			inside = !inside;
		n = n > 0 ? n : 1;
	}
	return buf_flat(&b);
}

struct str
query_clean(struct arena *a, struct str query)
{
	struct str q = str_trim(query);

	for (;;) {
		if (q.n == 0 || is_one_of(q, nothing, COUNT(nothing)) || is_one_of(q, operators, COUNT(operators)))
			return STR_NONE;
		if (q.p[0] != '*')
			break;
		q = str_trim(str_sub(q, 1, q.n));
	}
	if (str_ends(q, STR(" *")))
		q = str_trim(str_sub(q, 0, q.n - 2));
	q = quote_hyphenated(a, squeeze_spaces(a, q));
	return q.n > 0 ? q : STR_NONE;
}

static struct str
as_phrase(struct arena *a, struct str q)
{
	struct buf b;

	buf_init(&b, a);
	buf_putc(&b, '"');
	for (size_t i = 0; i < q.n; i++) {
		if (q.p[i] == '"')
			buf_putc(&b, '"');
		buf_putc(&b, q.p[i]);
	}
	buf_putc(&b, '"');
	return buf_flat(&b);
}

struct str
query_clean_strict(struct arena *a, struct str query)
{
	static const char *const syntax[] = { " AND ", " OR ", " NOT ", "*" };
	struct str q = str_trim(query);
	size_t quotes = 0;

	if (q.n == 0 || is_one_of(q, nothing, COUNT(nothing)))
		return STR_NONE;
	for (size_t i = 0; i < q.n; i++)
		quotes += q.p[i] == '"';
	if (quotes % 2 != 0)
		return as_phrase(a, q);
	if (q.p[0] == '"')
		return q;
	for (size_t i = 0; i < COUNT(syntax); i++)
		if (str_find(q, str_c(syntax[i])) >= 0)
			return q;
	return quote_hyphenated(a, q);
}

/* [A-Za-z0-9][A-Za-z0-9._/-]{0,63} */
static size_t
word_at(struct str q, size_t i)
{
	size_t n = 0;

	if (!is_alnum(q.p[i]))
		return 0;
	while (
	    i + n < q.n && n < 64 && (is_alnum(q.p[i + n]) || strchr("._/-", q.p[i + n]) != NULL) && q.p[i + n] != '\0')
		n++;
	return n;
}

size_t
query_words(struct str query, struct str out[QUERY_WORDS])
{
	size_t count = 0, n;

	for (size_t i = 0; i < query.n && count<QUERY_WORDS; i += n> 0 ? n : 1) {
		struct str word;
		bool seen = false;

		n = word_at(query, i);
		word = str_sub(query, i, n);
		if (n < 2 || is_one_of(word, operators, COUNT(operators)) || str_eqc_ci(word, "NEAR"))
			continue;
		for (size_t j = 0; j < count; j++)
			seen = seen || str_eq(out[j], word);
		if (!seen)
			out[count++] = word;
	}
	return count;
}

static bool
is_word_byte(char c)
{
	return is_alnum(c) || (unsigned char)c >= 0x80;
}

static bool
is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

/*
 * Whatever a full-text query says, a row that matches holds at least one of its
 * words. Case and accents are folded beyond ASCII, so only ASCII tells.
 */
void
query_filter_init(struct query_filter *f, struct arena *a, struct str query)
{
	bool inside = false;
	size_t n;

	f->token = arena_array(a, struct str, query.n / 2 + 1);
	f->n = 0;
	f->all = !is_ascii(query);
	for (size_t i = 0; i<query.n; i += n> 0 ? n : 1) {
		struct str word;

		for (n = 0; i + n < query.n && is_word_byte(query.p[i + n]); n++)
			;
		inside = inside != (n == 0 && query.p[i] == '"');
		word = str_sub(query, i, n);
		if (n > 0 &&
		    (inside ||
			!(str_eqc(word, "AND") || str_eqc(word, "OR") || str_eqc(word, "NOT") || str_eqc(word, "NEAR"))))
			f->token[f->n++] = word;
	}
}

bool
query_filter_pass(const struct query_filter *f, struct str subject, struct str body)
{
	if (f->all)
		return true;
	for (size_t i = 0; i < f->n; i++)
		if (str_has_ci(subject, f->token[i]) || str_has_ci(body, f->token[i]))
			return true;
	return !is_ascii(subject) || !is_ascii(body);
}
