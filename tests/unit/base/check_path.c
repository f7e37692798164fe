/*
 * path - names of directories and their slugs, by a table.
 */
#include <check.h>
#include <string.h>

#include "base/arena.h"
#include "base/path.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 64);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static const struct {
	const char *in, *norm, *slug;
} paths[] = {
	{ "/data/projects/My_App", "/data/projects/My_App", "data-projects-my-app" },
	{ "/a//b/./c/../d/", "/a/b/d", "a-b-c-d" },
	{ "//a", "//a", "a" },
	{ "///a", "/a", "a" },
	{ "/..", "/", "project" },
	{ "/", "/", "project" },
	{ "a/../..", "..", "a" },
	{ "", ".", "project" },
	{ "/\xe3\x83\x97", "/\xe3\x83\x97", "project" },
};

START_TEST(path_table)
{
	ck_assert_str_eq(arena_cstr(&arena, path_norm(&arena, str_c(paths[_i].in))), paths[_i].norm);
	ck_assert_str_eq(arena_cstr(&arena, path_slug(&arena, str_c(paths[_i].in))), paths[_i].slug);
}
END_TEST

START_TEST(absolute)
{
	ck_assert(path_is_absolute(STR("/")) && path_is_absolute(STR("C:\\x")) && path_is_absolute(STR("c:/x")));
	ck_assert(!path_is_absolute(STR("")) && !path_is_absolute(STR("a/b")) && !path_is_absolute(STR("C:x")));
	ck_assert(!path_is_absolute(STR("~/a")) && !path_is_absolute(STR_NONE));
}
END_TEST

Suite *
suite_path(void)
{
	Suite *s = suite_create("path");
	TCase *t = tcase_create("path");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, path_table, 0, sizeof(paths) / sizeof(paths[0]));
	tcase_add_test(t, absolute);
	suite_add_tcase(s, t);
	return s;
}
