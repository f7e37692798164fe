/*
 * check_target - query strings and headers as handlers see them. Targets
 * themselves: check_http_reader.
 */
#include <check.h>
#include <string.h>

#include "net/http.h"

Suite *suite_target(void);

static struct arena arena;
static struct request rq;

static void
setup(void)
{
	arena_init(&arena, 1024);
	memset(&rq, 0, sizeof(rq));
	rq.arena = &arena;
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static const struct {
	const char *query, *name;
	bool plus;
	const char *value;
} cases[] = {
	{ "a=1&b=2", "b", false, "2" },
	{ "a=1&a=2", "a", false, "1" },
	{ "a=1", "b", false, NULL },
	{ "", "a", false, NULL },
	{ "a", "a", false, "" },
	{ "a=", "a", false, "" },
	{ "=x&a=1", "a", false, "1" },
	{ "&&a=1&", "a", false, "1" },
	{ "a=b=c", "a", false, "b=c" },
	{ "a=x+y", "a", false, "x+y" },
	{ "a=x+y", "a", true, "x y" },
	{ "a=x%2By", "a", true, "x+y" },
	{ "a=%E2%82%ac", "a", false, "\xe2\x82\xac" },
	{ "%61=1", "a", false, "1" },
	{ "a=%2561", "a", false, "%61" },
	{ "a=50%", "a", false, "50%" },
	{ "a=%zz", "a", false, "%zz" },
	{ "a=x%00y", "a", false, "x%00y" },
};

START_TEST(query)
{
	struct str got;

	rq.query = str_c(cases[_i].query);
	got = request_query(&rq, cases[_i].name, cases[_i].plus);
	if (cases[_i].value == NULL)
		ck_assert_ptr_null(got.p);
	else
		ck_assert_msg(
		    got.p != NULL && str_eqc(got, cases[_i].value), "%s: \"%.*s\"", cases[_i].query, FSTR(got));
}
END_TEST

START_TEST(header)
{
	struct http_header h[] = { { LIT("Accept"), LIT("a") }, { LIT("X"), LIT("") }, { LIT("ACCEPT"), LIT("b") } };

	rq.headers = h;
	rq.nheaders = 3;
	ck_assert(str_eqc(request_header(&rq, "accept"), "a"));
	ck_assert_ptr_nonnull(request_header(&rq, "x").p);
	ck_assert_ptr_null(request_header(&rq, "Accep").p);
}
END_TEST

Suite *
suite_target(void)
{
	Suite *s = suite_create("target");
	TCase *t = tcase_create("target");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, query, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(t, header);
	suite_add_tcase(s, t);
	return s;
}
