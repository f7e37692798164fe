/*
 * upload - files that came by REST: which name and type they may claim, stored, listed and found.
 */
#include <check.h>
#include <string.h>

#include "mail/project/upload.h"
#include "store/cx.h"
#include "support/people.h"

static struct fixture f;
static struct project p;
static struct agent lake, castle;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
}

static const struct {
	const char *name, *kept; /* NULL: nothing is left */
} names[] = {
	{ "plan.md", "plan.md" },
	{ " plan.md ", "plan.md" },
	{ "/etc/passwd", "etcpasswd" },
	{ "..\\..\\x", "....x" },
	{ "../x", "..x" },
	{ "a\nb\x7f\x01", "ab" },
	{ "caf\xc3\xa9", "caf\xc3\xa9" },
	{ ".hidden", ".hidden" },
	{ "", NULL },
	{ " \t", NULL },
	{ ".", NULL },
	{ "..", NULL },
	{ "../..", NULL },
	{ "///", NULL },
	{ "a\xff", NULL },
};

START_TEST(name_to_keep)
{
	struct str kept = upload_name(fixture_again(&f), str_c(names[_i].name));

	if (names[_i].kept != NULL)
		ck_str(kept, names[_i].kept);
	else
		ck_assert_msg(kept.p == NULL, "%.*s", (int)kept.n, kept.p);
}
END_TEST

/* Cut at 255 bytes, never inside a character. */
START_TEST(long_name)
{
	char text[400];

	memset(text, 'x', sizeof(text));
	memcpy(text + 254, "\xc3\xa9", 2);
	ck_assert_uint_eq(upload_name(fixture_again(&f), (struct str){ text, sizeof(text) }).n, 254);
	memcpy(text + 254, "xx", 2);
	ck_assert_uint_eq(upload_name(fixture_again(&f), (struct str){ text, sizeof(text) }).n, 255);
}
END_TEST

/* clang-format off */
static const struct {
	const char *name, *type;
} types[] = {
	{ "a.png", "image/png" }, { "A.JPeG", "image/jpeg" }, { "a.tar.gz", "application/gzip" }, { "a.md", "text/markdown" },
	{ ".md", "application/octet-stream" }, { "md", "application/octet-stream" }, { "a.md.exe", "application/octet-stream" },
	{ "", "application/octet-stream" },
};
/* clang-format on */

START_TEST(type_by_ending)
{
	ck_str(upload_type(str_c(types[_i].name)), types[_i].type);
}
END_TEST

static int64_t
added(const struct project *to, const struct agent *by, const char *name, struct str content)
{
	struct upload in = { .agent_id = by != NULL ? by->id : 0,
		.filename = str_c(name),
		.media_type = STR("x/y"),
		.size_bytes = (int64_t)content.n,
		.content = content };

	ck_assert_int_eq(upload_add(fixture_again(&f), to, &in), 0);
	ck_assert_int_eq(in.project_id, to->id);
	ck_assert_int_eq(in.created_ts, f.cx.now);
	return in.id;
}

static void
note(const struct upload *u, void *arg)
{
	ck_assert_ptr_null(u->content.p);
	buf_printf(arg, "%.*s ", (int)u->filename.n, u->filename.p);
}

static struct str
listed(const struct project *of, int64_t agent)
{
	struct buf b;

	buf_init(&b, &f.arena);
	ck_assert_int_eq(upload_each(fixture_again(&f), of, agent, note, &b), 0);
	return b.n > 0 ? buf_flat(&b) : STR("");
}

START_TEST(stored_listed_found)
{
	struct str bytes = { "\0\xff\n", 3 };
	struct project other = people_project(&f, "/data/h/other");
	int64_t id = added(&p, &lake, "one", bytes);
	struct upload u;

	fixture_tick(&f, 1000);
	added(&p, NULL, "two", STR(""));
	added(&p, &castle, "three", STR("3"));
	added(&other, NULL, "elsewhere", STR("4"));
	ck_str(listed(&p, 0), "three two one ");
	ck_str(listed(&p, lake.id), "one ");
	ck_str(listed(&other, lake.id), "");
	ck_assert_int_eq(upload_find(fixture_again(&f), id, &u), 1);
	ck_assert_int_eq(u.agent_id, lake.id);
	ck_assert_int_eq(u.created_ts, FIXTURE_NOW);
	ck_assert(str_eq(u.content, bytes));
	ck_str(u.media_type, "x/y");
	ck_assert_int_eq(upload_find(fixture_again(&f), id + 100, &u), 0);
}
END_TEST

Suite *suite_upload(void);

Suite *
suite_upload(void)
{
	Suite *s = suite_create("upload");
	TCase *t = tcase_create("upload");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_loop_test(t, name_to_keep, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_test(t, long_name);
	tcase_add_loop_test(t, type_by_ending, 0, sizeof(types) / sizeof(types[0]));
	tcase_add_test(t, stored_listed_found);
	suite_add_tcase(s, t);
	return s;
}
