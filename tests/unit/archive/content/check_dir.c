/*
 * dir - one directory of a tree object, in Git's order, whatever its names.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/content/dir.h"
#include "archive/content/tree.h"

/* A directory sorts as if its name ended in a slash. */
START_TEST(order_of_a_directory)
{
	static const char *const names[] = { "a.b", "a", "a0", "a-b", "b" };
	static const char want[] = "a-b a.b a a0 b ";
	struct dir *d = dir_new(), *again = dir_new();
	unsigned char *bytes;
	char got[64] = "";
	size_t n;

	for (size_t i = 0; i < 5; i++)
		dir_insert(d, str_c(names[i]), names[i][1] == '\0' && names[i][0] == 'a' ? MODE_DIR : MODE_FILE);
	for (size_t i = 0; i < 5; i++)
		ck_assert_ptr_nonnull(dir_find(d, str_c(names[i])));
	ck_assert_ptr_null(dir_find(d, STR("c")));
	bytes = dir_format(d, &n);
	ck_assert(dir_parse(again, bytes, n));
	for (size_t i = 0; i < again->n; i++) {
		struct str s = dir_name(again, &again->v[i]);

		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%.*s ", (int)s.n, s.p);
	}
	ck_assert_str_eq(got, want);
	dir_remove(again, dir_find(again, STR("a")));
	ck_assert_uint_eq(again->n, 4);
	free(bytes);
	dir_free(d);
	dir_free(again);
}
END_TEST

static const struct {
	const char *bytes;
	size_t n;
} torn[] = { { "100644 a", 8 }, { "100644 a\0short", 14 }, { "100644", 6 }, { "9 a\0aaaaaaaaaaaaaaaaaaaa", 24 },
	{ "100644 \0aaaaaaaaaaaaaaaaaaaa", 28 }, { "7777777777 a\0aaaaaaaaaaaaaaaaaaaa", 33 } };

START_TEST(a_torn_tree)
{
	struct dir *d = dir_new();

	ck_assert(!dir_parse(d, (const unsigned char *)torn[_i].bytes, torn[_i].n));
	dir_free(d);
}
END_TEST

Suite *suite_dir(void);

Suite *
suite_dir(void)
{
	Suite *s = suite_create("dir");
	TCase *t = tcase_create("dir");

	tcase_add_test(t, order_of_a_directory);
	tcase_add_loop_test(t, a_torn_tree, 0, sizeof(torn) / sizeof(torn[0]));
	suite_add_tcase(s, t);
	return s;
}
