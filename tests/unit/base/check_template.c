/*
 * template - which paths fit, and what their variables are.
 */
#include <check.h>
#include <string.h>

#include "base/template.h"

static const struct {
	const char *template, *path;
	int n; /* variables, -1: fits not */
	const char *name[2], *value[2];
} rows[] = {
	{ "/a/b", "/a/b", 0, { NULL }, { NULL } },
	{ "/a/b", "/a/b/", -1, { NULL }, { NULL } },
	{ "/a/b", "/a", -1, { NULL }, { NULL } },
	{ "/a/b", "/a/B", -1, { NULL }, { NULL } },
	{ "/a/{x}", "/a/7", 1, { "x" }, { "7" } },
	{ "/a/{x}", "/a/", -1, { NULL }, { NULL } },
	{ "/a/{x}", "/a", -1, { NULL }, { NULL } },
	{ "/a/{x}", "/a/b/c", -1, { NULL }, { NULL } },
	{ "/a/{x}/b", "/a//b", -1, { NULL }, { NULL } },
	{ "/a/{x}", "/a/b%2Fc", 1, { "x" }, { "b%2Fc" } },
	{ "{one}/mid/{two}", "1/mid/{two}", 2, { "one", "two" }, { "1", "{two}" } },
	{ "{one}/mid/{two}", "1/mod/2", -1, { NULL }, { NULL } },
	{ "{a}/{b}/{c}", "1/2/3", -1, { NULL }, { NULL } },
	{ "{}", "{}", 0, { NULL }, { NULL } },
};

START_TEST(table)
{
	struct template_var vars[2];
	size_t n;
	bool fits = template_match(rows[_i].template, str_c(rows[_i].path), vars, 2, &n);

	ck_assert_msg(fits == (rows[_i].n >= 0), "%s, %s", rows[_i].template, rows[_i].path);
	if (!fits)
		return;
	ck_assert_uint_eq(n, (size_t)rows[_i].n);
	for (size_t i = 0; i < n; i++) {
		ck_assert(str_eqc(vars[i].name, rows[_i].name[i]));
		ck_assert(str_eqc(vars[i].value, rows[_i].value[i]));
	}
}
END_TEST

START_TEST(with_and_without_variables)
{
	ck_assert(template_has_vars("/a/{x}") && !template_has_vars("/a/x"));
}
END_TEST

Suite *
suite_template(void)
{
	Suite *s = suite_create("template");
	TCase *t = tcase_create("template");

	tcase_add_loop_test(t, table, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(t, with_and_without_variables);
	suite_add_tcase(s, t);
	return s;
}
