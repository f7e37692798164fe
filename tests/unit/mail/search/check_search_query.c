/*
 * search_query - the sanitisers line by line, plain words, and a filter that never lies about a match.
 */
#include <check.h>

#include "mail/search/search_query.h"

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 4096);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static void
same(struct str got, const char *want, const char *of)
{
	if (want == NULL)
		ck_assert_msg(got.p == NULL, "%s gives \"%.*s\", expected nothing", of, (int)got.n, got.p);
	else
		ck_assert_msg(got.p != NULL && str_eqc(got, want), "%s gives \"%.*s\", expected \"%s\"", of, (int)got.n,
		    got.p ? got.p : "", want);
}

static const struct {
	const char *query, *mcp, *rest;
} clean_cases[] = {
	{ "", NULL, NULL },
	{ "  \t ", NULL, NULL },
	{ "*", NULL, NULL },
	{ "???", NULL, NULL },
	{ "..", NULL, NULL },
	{ "and", NULL, "and" },
	{ "NEAR", "NEAR", "NEAR" },
	{ "**foo", "foo", "**foo" },
	{ "* * foo", "foo", "* * foo" },
	{ "****", NULL, "****" },
	{ "*and", NULL, "*and" },
	{ "foo *", "foo", "foo *" },
	{ "foo * *", "foo *", "foo * *" },
	{ "a   b", "a b", "a   b" },
	{ " hello ", "hello", "hello" },
	{ "POL-358", "\"POL-358\"", "\"POL-358\"" },
	{ "POL-358*", "\"POL-358\"*", "POL-358*" },
	{ "title:foo-bar", "title:\"foo-bar\"", "title:\"foo-bar\"" },
	{ "a-b-c d-e", "\"a-b-c\" \"d-e\"", "\"a-b-c\" \"d-e\"" },
	{ "foo- bar", "foo- bar", "foo- bar" },
	{ "-foo-bar", "-\"foo-bar\"", "-\"foo-bar\"" },
	{ "foo--bar", "foo--bar", "foo--bar" },
	/* Words in quotes are left alone, also beside others. */
	{ "\"fix POL-358 now\" OR x", "\"fix POL-358 now\" OR x", "\"fix POL-358 now\" OR x" },
	{ "\"POL-358\"", "\"POL-358\"", "\"POL-358\"" },
	{ "alpha\"", "alpha\"", "\"alpha\"\"\"" },
	{ "a-b AND c", "\"a-b\" AND c", "a-b AND c" },
};

START_TEST(cleaned)
{
	same(query_clean(&a, str_c(clean_cases[_i].query)), clean_cases[_i].mcp, clean_cases[_i].query);
	same(query_clean_strict(&a, str_c(clean_cases[_i].query)), clean_cases[_i].rest, clean_cases[_i].query);
}
END_TEST

START_TEST(absent_query)
{
	same(query_clean(&a, STR_NONE), NULL, "none");
	same(query_clean_strict(&a, STR_NONE), NULL, "none");
}
END_TEST

static const struct {
	const char *query, *words;
} word_cases[] = {
	{ "foo bar", "foo bar" },
	{ "src/app.c it's", "src/app.c it" },
	{ "a b cd", "cd" },
	{ "foo AND bar or NEAR baz", "foo bar baz" },
	{ "foo Foo foo", "foo Foo" },
	{ "-x- _yy_", "x- yy_" },
	{ "one two three four five six", "one two three four five" },
	{ "\xc3\xa9t\xc3\xa9 ab", "ab" },
	{ "(((", "" },
};

START_TEST(plain_words)
{
	struct str w[QUERY_WORDS], all = STR("");
	size_t n = query_words(str_c(word_cases[_i].query), w);

	for (size_t i = 0; i < n; i++)
		all = arena_printf(&a, "%.*s%s%.*s", (int)all.n, all.p, i > 0 ? " " : "", (int)w[i].n, w[i].p);
	same(all, word_cases[_i].words, word_cases[_i].query);
}
END_TEST

static const struct {
	const char *query, *text;
	bool pass;
} filter_cases[] = {
	{ "alpha", "the ALPHA of it", true },
	{ "alpha", "beta", false },
	{ "alpha OR beta", "beta", true },
	{ "alpha AND gamma", "and or not", false },
	{ "\"and\"", "sand", true },
	{ "foo_bar", "x bar", true },
	{ "ete", "l'\xc3\x89T\xc3\x89", true },
	{ "\xc3\xa9t\xc3\xa9", "summer ete", true },
	{ "\"POL-358\"", "see 358", true },
	{ "...", "anything", false },
};

START_TEST(filtered)
{
	struct query_filter f;

	query_filter_init(&f, &a, str_c(filter_cases[_i].query));
	ck_assert_msg(query_filter_pass(&f, STR(""), str_c(filter_cases[_i].text)) == filter_cases[_i].pass, "%s in %s",
	    filter_cases[_i].query, filter_cases[_i].text);
	ck_assert(query_filter_pass(&f, str_c(filter_cases[_i].text), STR("")) == filter_cases[_i].pass);
}
END_TEST

Suite *suite_search_query(void);

Suite *
suite_search_query(void)
{
	Suite *s = suite_create("search_query");
	TCase *t = tcase_create("search_query");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, cleaned, 0, (int)(sizeof(clean_cases) / sizeof(clean_cases[0])));
	tcase_add_test(t, absent_query);
	tcase_add_loop_test(t, plain_words, 0, (int)(sizeof(word_cases) / sizeof(word_cases[0])));
	tcase_add_loop_test(t, filtered, 0, (int)(sizeof(filter_cases) / sizeof(filter_cases[0])));
	suite_add_tcase(s, t);
	return s;
}
