/*
 * project: identity, slugs and their collisions, lookup and its errors
 * (contract/messaging.md 6.2, 6.3, decision 3.40).
 */
#include <check.h>
#include <string.h>

#include "mail/project/project.h"
#include "support/fixture.h"

static struct fixture f;
static struct project p, q;

static void
setup(void)
{
	fixture_init(&f);
}

static struct project
made(const char *key)
{
	struct project out;

	ck_assert_int_eq(project_ensure(fixture_again(&f), str_c(key), PROJECT_OR_NAME, &out, NULL), 0);
	return out;
}

START_TEST(ensure_makes_once)
{
	bool created;

	ck_assert_int_eq(project_ensure(&f.cx, STR("/data/projects/My_App"), PROJECT_ABSOLUTE, &p, &created), 0);
	ck_assert(created);
	ck_str(p.slug, "data-projects-my-app");
	ck_str(p.human_key, "/data/projects/My_App");
	ck_assert_int_eq(p.created_at, FIXTURE_NOW);
	ck_assert_int_eq(p.archived_at, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 1"), 1);
	fixture_tick(&f, 5);
	ck_assert_int_eq(
	    project_ensure(&f.cx, STR("/data//projects/./x/../My_App/"), PROJECT_ABSOLUTE, &q, &created), 0);
	ck_assert(!created);
	ck_assert_int_eq(q.id, p.id);
	ck_assert_int_eq(q.created_at, FIXTURE_NOW);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 1);
}
END_TEST

START_TEST(letter_case_is_no_second_project)
{
	p = made("/data/h/alpha");
	q = made("/DATA/H/Alpha");
	ck_assert_int_eq(q.id, p.id);
	ck_str(q.human_key, "/data/h/alpha");
}
END_TEST

START_TEST(keys_that_share_a_slug_are_different_projects)
{
	p = made("/a/b");
	q = made("/a-b");
	ck_str(p.slug, "a-b");
	ck_assert_int_ne(p.id, q.id);
	ck_assert_uint_eq(q.slug.n, strlen("a-b-") + 8);
	ck_assert_int_eq(project_find(&f.cx, STR("/a-b"), &p), 0);
	ck_assert_int_eq(p.id, q.id);
	ck_assert_int_eq(project_find(&f.cx, q.slug, &p), 0);
	ck_assert_int_eq(p.id, q.id);
	p = made("/\xe3\x83\x97");
	q = made("/\xe3\x83\xad");
	ck_str(p.slug, "project");
	ck_assert(str_starts(q.slug, STR("project-")));
}
END_TEST

START_TEST(long_keys_get_short_slugs)
{
	char key[1002] = "/";

	memset(key + 1, 'x', 1000);
	p = made(key);
	ck_assert_uint_eq(p.slug.n, 200 + 1 + 8);
	ck_assert_int_eq(project_find(&f.cx, str_c(key), &q), 0);
	ck_assert_int_eq(q.id, p.id);
}
END_TEST

static const struct {
	const char *key;
	enum err absolute, or_name; /* ERR_NONE: accepted */
} new_keys[] = {
	{ "/", ERR_NONE, ERR_NONE },
	{ "C:\\projects\\backend", ERR_NONE, ERR_NONE },
	{ "/srv/placeholder-app", ERR_NONE, ERR_NONE },
	{ "backend", ERR_INVALID_ARGUMENT, ERR_NONE },
	{ " backend ", ERR_INVALID_ARGUMENT, ERR_NONE },
	{ " /padded", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "  ", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ ".", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "./x", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "~/x", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "a/b", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "a\\b", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "/a\nb", ERR_INVALID_ARGUMENT, ERR_INVALID_ARGUMENT },
	{ "YOUR_PROJECT", ERR_INVALID_ARGUMENT, ERR_CONFIGURATION_ERROR },
};

START_TEST(what_may_be_a_key)
{
	struct str key = str_c(new_keys[_i].key);

	project_ensure(fixture_again(&f), key, PROJECT_ABSOLUTE, &p, NULL);
	ck_assert_str_eq(err_name(f.cx.fail.code), err_name(new_keys[_i].absolute));
	project_ensure(fixture_again(&f), key, PROJECT_OR_NAME, &p, NULL);
	ck_assert_str_eq(err_name(f.cx.fail.code), err_name(new_keys[_i].or_name));
}
END_TEST

START_TEST(relative_key_text)
{
	ck_assert_int_eq(project_ensure(&f.cx, STR("alpha"), PROJECT_ABSOLUTE, &p, NULL), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT,
	    "Invalid argument value: human_key must be an absolute directory path, got: 'alpha'. Use the agent's working "
	    "directory path (e.g., '/data/projects/backend' on Unix or 'C:\\projects\\backend' on Windows).. Check that all "
	    "parameters have valid values.");
}
END_TEST

static const struct {
	const char *key;
	bool found;
} lookups[] = {
	{ "/data/backend", true },
	{ " /data/backend/ ", true },
	{ "/Data/Backend", true },
	{ "/data-backend", false },
	{ "data-backend", true },
	{ "Data Backend", true },
	{ "bench mark", true },
	{ "bench-mark", true },
	{ "data/backend", false },
	{ "***", false },
};

START_TEST(lookup)
{
	made("/data/backend");
	made("bench mark");
	made("/\xe3\x83\x97");
	ck_assert_int_eq(project_lookup(fixture_again(&f), str_c(lookups[_i].key), &p), lookups[_i].found);
}
END_TEST

START_TEST(slug_comes_before_human_key)
{
	p = made("/bench");
	made("bench");
	ck_assert_int_eq(project_find(&f.cx, STR("bench"), &q), 0);
	ck_assert_int_eq(q.id, p.id);
	ck_assert_int_eq(project_find(&f.cx, STR("BENCH"), &q), 0);
	ck_assert_int_ne(q.id, p.id);
}
END_TEST

START_TEST(missing_with_suggestions)
{
	struct str data;

	made("/data/h/alpha");
	ck_assert_int_eq(project_find(&f.cx, STR("/data/h/alphx"), &p), -1);
	ck_fail(&f, ERR_NOT_FOUND,
	    "Project '/data/h/alphx' not found. Did you mean: 'data-h-alpha'? Use ensure_project to create a new project, or "
	    "check spelling.");
	data = fail_data_json(&f.cx.fail);
	ck_str(data,
	    "{\"identifier\":\"/data/h/alphx\",\"slug_searched\":\"data-h-alphx\",\"suggestions\":[{\"slug\":"
	    "\"data-h-alpha\",\"human_key\":\"/data/h/alpha\",\"score\":0.92}]}");
}
END_TEST

START_TEST(missing_without_suggestions)
{
	ck_assert_int_eq(project_find(&f.cx, STR("nope-nope"), &p), -1);
	ck_fail(&f, ERR_NOT_FOUND,
	    "Project 'nope-nope' not found and no similar projects exist. Use ensure_project to create a new project first. "
	    "Example: ensure_project(human_key='/path/to/your/project')");
	ck_str(fail_data_json(&f.cx.fail), "{\"identifier\":\"nope-nope\",\"slug_searched\":\"nope-nope\"}");
}
END_TEST

START_TEST(no_key_at_all)
{
	ck_assert_int_eq(project_find(&f.cx, STR("  "), &p), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "Project identifier cannot be empty. Provide a project path");
	ck_assert_int_eq(project_find(fixture_again(&f), STR("./x"), &p), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "relative path");
}
END_TEST

START_TEST(placeholders)
{
	ck_assert_int_eq(project_find(&f.cx, STR("your_project_path"), &p), -1);
	ck_fail(&f, ERR_CONFIGURATION_ERROR,
	    "Detected placeholder value 'your_project_path' instead of a real project path.");
	p = made("/srv/placeholder-app");
	ck_assert_int_eq(project_find(&f.cx, STR("/srv/placeholder-app"), &q), 0);
	ck_assert_int_eq(q.id, p.id);
}
END_TEST

START_TEST(listing)
{
	struct projects all;

	for (int i = 0; i < 40; i++)
		made(arena_printf(&f.arena, "/srv/n%d", i).p);
	ck_assert_int_eq(project_list(&f.cx, STR_NONE, -1, &all), 0);
	ck_assert_uint_eq(all.n, 40);
	ck_str(all.v[39].human_key, "/srv/n39");
	ck_assert_int_eq(project_list(&f.cx, STR("SRV-N1"), 3, &all), 0);
	ck_assert_uint_eq(all.n, 3);
	ck_str(all.v[0].slug, "srv-n1");
	ck_assert_int_eq(project_list(&f.cx, STR_NONE, 0, &all), 0);
	ck_assert_uint_eq(all.n, 0);
}
END_TEST

Suite *
suite_project(void)
{
	Suite *s = suite_create("project");
	TCase *t = tcase_create("project");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, ensure_makes_once);
	tcase_add_test(t, letter_case_is_no_second_project);
	tcase_add_test(t, keys_that_share_a_slug_are_different_projects);
	tcase_add_test(t, long_keys_get_short_slugs);
	tcase_add_loop_test(t, what_may_be_a_key, 0, sizeof(new_keys) / sizeof(new_keys[0]));
	tcase_add_test(t, relative_key_text);
	tcase_add_loop_test(t, lookup, 0, sizeof(lookups) / sizeof(lookups[0]));
	tcase_add_test(t, slug_comes_before_human_key);
	tcase_add_test(t, missing_with_suggestions);
	tcase_add_test(t, missing_without_suggestions);
	tcase_add_test(t, no_key_at_all);
	tcase_add_test(t, placeholders);
	tcase_add_test(t, listing);
	suite_add_tcase(s, t);
	return s;
}
