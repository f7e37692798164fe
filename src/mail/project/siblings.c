/*
 * siblings - compares a new project's name and place with those of others, and stores the best
 * matches as suggestions.
 *
 * Called by project_ensure and by REST. Nothing follows from a suggestion by itself.
 */
#include "mail/project/siblings.h"

#include <string.h>

#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

/* A name that others begin with has at least so many letters, or everything were alike. */
#define PREFIX_MIN 3
#define WORD_MIN 4
#define SAME_NAME 0.95
#define EXTENDS 0.85
#define SAME_WORD 0.75
#define SAME_PLACE 0.1
#define ENOUGH 0.8

enum likeness { DIFFERENT, ALIKE_NAME, ALIKE_PREFIX, ALIKE_WORD };

/* A key taken apart: /srv/shop-api is "shop-api" in "/srv". */
struct place {
	struct str dir, name;
};

static struct place
place_of(struct str key)
{
	size_t i = key.n;

	while (i > 0 && key.p[i - 1] != '/')
		i--;
	return (struct place){ str_sub(key, 0, i), str_sub(key, i, key.n) };
}

static bool
is_letter(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || (c & 0x80) != 0;
}

/* Is `a` how `b` begins, up to the end of a word? */
static bool
begins(struct str a, struct str b)
{
	return a.n >= PREFIX_MIN && a.n < b.n && str_starts_ci(b, a) && !is_letter(b.p[a.n]);
}

static struct str
first_word(struct str s)
{
	size_t n = 0;

	while (n < s.n && is_letter(s.p[n]))
		n++;
	return str_sub(s, 0, n);
}

static enum likeness
compare(struct str a, struct str b)
{
	struct str word = first_word(a);

	if (a.n > 0 && str_eq_ci(a, b))
		return ALIKE_NAME;
	if (begins(a, b) || begins(b, a))
		return ALIKE_PREFIX;
	return word.n >= WORD_MIN && str_eq_ci(word, first_word(b)) ? ALIKE_WORD : DIFFERENT;
}

/* Likeness of two projects, and in words why. */
static double
judge(struct cx *cx, struct place a, struct place b, struct str *why)
{
	static const struct {
		double score;
		const char *text;
	} table[] = {
		[DIFFERENT] = { 0, "" },
		[ALIKE_NAME] = { SAME_NAME, "the same name" },
		[ALIKE_PREFIX] = { EXTENDS, "one name begins with the other" },
		[ALIKE_WORD] = { SAME_WORD, "both names begin with the same word" },
	};
	bool together = a.dir.n > 1 && str_eq(a.dir, b.dir);
	enum likeness how = compare(a.name, b.name);
	double score = table[how].score + (together && how != DIFFERENT && how != ALIKE_NAME ? SAME_PLACE : 0);

	if (score >= ENOUGH)
		*why = arena_printf(cx->arena, "%" PRIstr " and %" PRIstr ": %s%s", FSTR(str_cut_chars(a.name, 200)),
		    FSTR(str_cut_chars(b.name, 200)), table[how].text, together ? ", in the same directory" : "");
	return score;
}

/* Keeps the best ones, best first. */
static void
keep_best(struct siblings *best, struct sibling one)
{
	size_t i = best->n < SIBLINGS_MADE ? best->n++ : SIBLINGS_MADE - 1;

	if (best->n == SIBLINGS_MADE && i == SIBLINGS_MADE - 1 && best->v[i].other_id != 0 &&
	    best->v[i].score >= one.score)
		return;
	for (; i > 0 && best->v[i - 1].score < one.score; i--)
		best->v[i] = best->v[i - 1];
	best->v[i] = one;
}

static int
find(struct cx *cx, const struct project *p, struct siblings *best)
{
	struct stmt *s = stmt_get(cx->db, STMT_SIBLING_OTHERS);
	struct place own = place_of(p->human_key);
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, SIBLINGS_COMPARED);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct sibling one = { .other_id = stmt_int(s, 0), .rationale = STR_NONE };

		one.score = judge(cx, place_of(stmt_peek(s, 1)), own, &one.rationale);
		if (one.score >= ENOUGH)
			keep_best(best, one);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
siblings_suggest(struct cx *cx, const struct project *p)
{
	struct sibling room[SIBLINGS_MADE];
	struct siblings best = { room, 0 };
	struct stmt *s;

	memset(room, 0, sizeof(room));
	if (find(cx, p, &best) < 0)
		return -1;
	for (size_t i = 0; i < best.n; i++) {
		s = stmt_get(cx->db, STMT_SIBLING_ADD);
		stmt_bind_int(s, 1, best.v[i].other_id);
		stmt_bind_int(s, 2, p->id);
		stmt_bind_double(s, 3, best.v[i].score);
		stmt_bind_str(s, 4, best.v[i].rationale);
		stmt_bind_time(s, 5, cx->now);
		if (stmt_run(cx, s) < 0)
			return -1;
	}
	return 0;
}

int
siblings_list(struct cx *cx, const struct project *p, struct siblings *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_SIBLINGS);
	int rc;

	*out = (struct siblings){ arena_array(cx->arena, struct sibling, SIBLINGS_MAX + 1), 0 };
	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, SIBLINGS_MAX);
	while ((rc = stmt_step(cx, s)) > 0)
		out->v[out->n++] = (struct sibling){ stmt_int(s, 0), stmt_int(s, 1), stmt_double(s, 2),
			stmt_str(s, 3, cx->arena), stmt_str(s, 4, cx->arena) };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}
