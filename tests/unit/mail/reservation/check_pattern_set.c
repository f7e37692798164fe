/*
 * check_pattern_set - a set of patterns answers as pattern_overlap with each of them does, and sooner.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_set.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 4096);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static unsigned
dice(unsigned *state, unsigned n)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % n;
}

/* Of few names, so that much meets; with everything that decides where a set looks. */
static struct str
random_pattern(unsigned *state)
{
	static const char *const begins[] = { "", "", "", "", "", "", "./", "././", "/", "\\", "!", "#", "tool://",
		"./!", ".", " " };
	static const char *const segments[] = { "a", "b", "ab", "a", "b", "src", "src", ".", "..", "*", "**", "?", "a*",
		"*b", "[ab]", "[!a]", "[", "a[", "a b", "", ".?", "***", "{a,b}", "s*", "sr?", "a ", " a" };
	static const char *const ends[] = { "", "", "", "", "", "", "/", "//", " ", "/ ", "\t", "/**", "/*", "  /" };
	char text[128];
	unsigned n = 1 + dice(state, 4), i;

	strcpy(text, begins[dice(state, sizeof(begins) / sizeof(begins[0]))]);
	for (i = 0; i < n; i++) {
		if (i > 0)
			strcat(text, "/");
		strcat(text, segments[dice(state, sizeof(segments) / sizeof(segments[0]))]);
	}
	strcat(text, ends[dice(state, sizeof(ends) / sizeof(ends[0]))]);
	return arena_dup(&arena, str_c(text));
}

#define HELD 150

static void
same_as_pairwise(
    struct pattern_set *set, const struct pattern *const *held, const struct str *texts, size_t n, struct str wanted)
{
	const struct pattern *w = pattern_new(&arena, wanted);
	const uint32_t *found;
	size_t nfound, at = 0;

	found = pattern_set_meeting(set, w, &nfound);
	for (size_t i = 0; i < n; i++) {
		bool yes = held[i] != NULL && pattern_overlap(held[i], w);
		bool ours = at < nfound && found[at] == i;

		ck_assert_msg(yes == ours, "'%.*s' held, '%.*s' asked: %d, the set says %d", (int)texts[i].n,
		    texts[i].p, (int)wanted.n, wanted.p, yes, ours);
		at += ours;
	}
	ck_assert_uint_eq(at, nfound);
}

static void
same_as_each(
    struct pattern_set *set, const struct pattern *const *held, const struct str *texts, size_t n, struct str path)
{
	const uint32_t *found;
	size_t nfound, at = 0;

	found = pattern_set_matching(set, path, &nfound);
	for (size_t i = 0; i < n; i++) {
		bool yes = held[i] != NULL && pattern_match(held[i], path);
		bool ours = at < nfound && found[at] == i;

		ck_assert_msg(yes == ours, "'%.*s' and the path '%.*s': %d, the set says %d", (int)texts[i].n,
		    texts[i].p, (int)path.n, path.p, yes, ours);
		at += ours;
	}
	ck_assert_uint_eq(at, nfound);
}

START_TEST(differential)
{
	unsigned state = 4711u + (unsigned)_i * 7919u;
	const struct pattern *held[HELD];
	struct pattern_set *set;
	struct str texts[HELD];

	for (size_t i = 0; i < HELD; i++) {
		texts[i] = random_pattern(&state);
		held[i] = dice(&state, 20) == 0 ? NULL : pattern_new(&arena, texts[i]);
	}
	set = pattern_set_new(&arena, held, HELD);
	for (size_t i = 0; i < HELD; i++)
		same_as_pairwise(set, held, texts, HELD, random_pattern(&state));
	for (size_t i = 0; i < HELD; i++)
		same_as_each(set, held, texts, HELD, random_pattern(&state));
	for (size_t i = 0; i < HELD; i++)
		same_as_pairwise(set, held, texts, HELD, texts[i]);
}
END_TEST

static const char *const awkward[] = { "./x", "././x", ".*/x", "*/x", "./*", ".", "./", "..", "x", "x/", "x ", "x/ ",
	"x//", "/x", "\\x", "./x/", "a/x", "a/x ", "a/x *", "a/./x", "./a/x", "./a/*", ".?a/x", "?/a/x", "**/x", "x/**",
	"x/**/", "**", "*", "*/", "**/", "", " ", "!x", "#x", "tool://x", "tool://x ", "service://x",
	"tool:", "tool:/x", "x/*/y", "x/y", "x/[y]", "x/[y", "[x]", "[x", "a*/x", "a*b/x", "ab/x", "A/x" };
#define NAWKWARD (sizeof(awkward) / sizeof(awkward[0]))

START_TEST(awkward_pairs)
{
	const struct pattern *held[NAWKWARD];
	struct str texts[NAWKWARD];
	struct pattern_set *set;

	for (size_t i = 0; i < NAWKWARD; i++) {
		texts[i] = str_c(awkward[i]);
		held[i] = pattern_new(&arena, texts[i]);
	}
	set = pattern_set_new(&arena, held, NAWKWARD);
	for (size_t i = 0; i < NAWKWARD; i++)
		same_as_pairwise(set, held, texts, NAWKWARD, texts[i]);
	for (size_t i = 0; i < NAWKWARD; i++)
		same_as_each(set, held, texts, NAWKWARD, texts[i]);
}
END_TEST

START_TEST(empty_set)
{
	struct pattern_set *set = pattern_set_new(&arena, NULL, 0);
	size_t n = 1;

	pattern_set_meeting(set, pattern_new(&arena, STR("src/a.c")), &n);
	ck_assert_uint_eq(n, 0);
	pattern_set_meeting(set, pattern_new(&arena, STR("*")), &n);
	ck_assert_uint_eq(n, 0);
	pattern_set_meeting(set, pattern_new(&arena, STR("Makefile")), &n);
	ck_assert_uint_eq(n, 0);
}
END_TEST

/* A thousand paths against five thousand reservations: 5,000,000 pairs, of which few are looked at. */
START_TEST(a_thousand_against_five_thousand)
{
	static const struct pattern *held[5000];
	struct pattern_set *set;
	clock_t began = clock();
	size_t n, all = 0;
	long us;

	for (size_t i = 0; i < 5000; i++)
		held[i] = pattern_new(&arena,
		    i % 50 == 0 ? arena_printf(&arena, "lib%zu/**/*.py", i)
				: arena_printf(&arena, "src/module%zu/part%zu/file%zu.c", i % 97, i % 13, i));
	set = pattern_set_new(&arena, held, 5000);
	for (size_t i = 0; i < 1000; i++) {
		pattern_set_meeting(set,
		    pattern_new(&arena, arena_printf(&arena, "src/module%zu/part%zu/file%zu.c", i % 97, i % 13, i)), &n);
		all += n;
	}
	ck_assert_uint_eq(all, 980);
	us = (long)((double)(clock() - began) * 1e6 / CLOCKS_PER_SEC);
	if (getenv("PATTERN_TIMES") != NULL)
		fprintf(stderr, "1,000 against 5,000: %ld us\n", us);
	/* Measured: about 8 ms of CPU; an order of magnitude is asked for, and pair by pair it is 300. */
	ck_assert_int_lt(us, 150000);
}
END_TEST

Suite *suite_pattern_set(void);

Suite *
suite_pattern_set(void)
{
	Suite *s = suite_create("pattern_set");
	TCase *t = tcase_create("pattern_set");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_loop_test(t, differential, 0, 40);
	tcase_add_test(t, awkward_pairs);
	tcase_add_test(t, empty_set);
	tcase_add_test(t, a_thousand_against_five_thousand);
	suite_add_tcase(s, t);
	return s;
}
