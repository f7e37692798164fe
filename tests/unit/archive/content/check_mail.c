/*
 * mail - which names may be file names, and a message as the archive reads it: whatever stands in the database, no path
 * leads out of the archive.
 */
#include <check.h>
#include <string.h>

#include "archive/content/mail.h"
#include "archive/pack/error.h"
#include "support/fixture.h"
#include "support/rows.h"

static struct fixture f;
static struct arch_error why;
static int64_t project, lake, castle;

static void
setup(void)
{
	fixture_init(&f);
	project = rows_project(&f, "alpha");
	lake = rows_agent(&f, project, "BlueLake");
	castle = rows_agent(&f, project, "GreenCastle");
}

#define A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A255 A64 A64 A64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct {
	const char *name;
	bool ok;
} names[] = {
	{ "BlueLake", true },
	{ "a", true },
	{ "a.b", true },
	{ "a b", true },
	{ "caf\xc3\xa9", true },
	{ "..a", false },
	{ A255, true },
	{ A255 "a", false },
	{ "", false },
	{ ".", false },
	{ "..", false },
	{ ".git", false },
	{ "a/b", false },
	{ "/", false },
	{ "a\nb", false },
	{ "\x7f", false },
	{ "a\x1f", false },
	{ "\xc3", false },
	{ "\xed\xa0\x80", false },
};

START_TEST(name_of_a_file)
{
	ck_assert_int_eq(arch_name_ok(str_c(names[_i].name)), names[_i].ok);
	ck_assert(!arch_name_ok(STR_NONE));
	ck_assert(!arch_name_ok((struct str){ "a\0b", 3 }));
}
END_TEST

START_TEST(read_with_recipients)
{
	int64_t id = rows_message(&f, project, lake, castle, lake, "Plan", "body");
	struct arch_mail m;

	ck_assert_int_eq(arch_mail_read(fixture_again(&f), id, &m, &why), 1);
	ck_assert_int_eq(m.id, id);
	ck_assert_int_eq(m.created, FIXTURE_NOW);
	ck_str(m.slug, "alpha");
	ck_str(m.sender, "BlueLake");
	ck_assert(!m.foreign);
	ck_str(m.subject, "Plan");
	ck_str(m.body, "body");
	ck_assert_uint_eq(m.to.n, 1);
	ck_str(m.to.v[0], "GreenCastle");
	ck_assert_uint_eq(m.cc.n, 0);
	ck_assert_uint_eq(m.bcc.n, 1);
	ck_str(m.bcc.v[0], "BlueLake");
	ck_assert_uint_eq(m.gone.n, 0);
	/* What a deleted agent got is still told, and that it is gone. */
	fixture_sql(&f,
	    "INSERT INTO recipients_removed SELECT message_id, agent_id, kind FROM message_recipients WHERE kind = 'to'");
	fixture_sql(&f, "DELETE FROM message_recipients WHERE kind = 'to'");
	ck_assert_int_eq(arch_mail_read(fixture_again(&f), id, &m, &why), 1);
	ck_assert_uint_eq(m.gone.n, 1);
	ck_str(m.gone.v[0], "GreenCastle");
	ck_assert_int_eq(arch_mail_read(fixture_again(&f), id + 1, &m, &why), 0);
}
END_TEST

/* Names were checked when they were made; should one have come in otherwise, its message is set aside for good. */
static const struct {
	const char *sql, *said;
} poison[] = {
	{ "UPDATE agents SET name = '../x' WHERE name = 'BlueLake'",
	    "sender \"../x\" or project \"alpha\" cannot be a file name" },
	{ "UPDATE agents SET name = 'a/b' WHERE name = 'GreenCastle'", "recipient \"a/b\" cannot be a file name" },
	{ "UPDATE projects SET slug = '.git'", "or project \".git\" cannot be a file name" },
};

START_TEST(no_way_out)
{
	int64_t id = rows_message(&f, project, lake, castle, 0, "Plan", "body");
	struct arch_mail m;

	fixture_sql(&f, poison[_i].sql);
	ck_assert_int_eq(arch_mail_read(fixture_again(&f), id, &m, &why), -1);
	ck_assert_int_eq(why.kind, ARCH_POISON);
	ck_assert_msg(strstr(why.text, poison[_i].said) != NULL, "%s", why.text);
}
END_TEST

Suite *suite_mail(void);

Suite *
suite_mail(void)
{
	Suite *s = suite_create("mail");
	TCase *t = tcase_create("mail of the archive");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_loop_test(t, name_of_a_file, 0, sizeof(names) / sizeof(names[0]));
	tcase_add_test(t, read_with_recipients);
	tcase_add_loop_test(t, no_way_out, 0, sizeof(poison) / sizeof(poison[0]));
	suite_add_tcase(s, t);
	return s;
}
