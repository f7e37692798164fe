/*
 * check_snapshot - REST: a commit of the archive that somebody asks for (contract recorded/rest.jsonl: archive_commit).
 */
#include <check.h>
#include <string.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define COMMIT "POST /api/archive/commit"
#define ASK "{'project_slug':'data-shop','message':'snapshot'}"

/* The archiver notes the commit; until then there is no answer, but the change stays. */
START_TEST(answer)
{
	fixture_sql(&f,
	    "CREATE TEMP TRIGGER archiver AFTER INSERT ON archive_snapshots BEGIN UPDATE archive_snapshots "
	    "SET commit_id = '0123456789012345678901234567890123456789' WHERE id = new.id; END");
	ck_json(rest_ok(&f, COMMIT, ASK),
	    "{'commit_id':'0123456789012345678901234567890123456789','project_slug':'data-shop'}");
	ck_str(
	    fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 7 AND ref_id = 1"), "{\"message\":\"snapshot\"}");
	fixture_sql(&f, "DROP TRIGGER archiver");
	ck_has(rest_fails(&f, "POST /api/commit_archive", "{'project_slug':'/data/shop','message':''}", ERR_TIMEOUT),
	    "not made the commit yet");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 7"), 2);
}
END_TEST

START_TEST(few_are_kept)
{
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) "
	    "INSERT INTO archive_snapshots (project_id, message, created_ts) SELECT 1, '', 1 FROM n");
	rest_fails(&f, COMMIT, ASK, ERR_TIMEOUT);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM archive_snapshots"), 1000);
}
END_TEST

START_TEST(refused)
{
	char text[5000];

	memset(text, 'x', sizeof(text));
	rest_fails(&f, COMMIT, "{'project_slug':'none','message':'x'}", ERR_NOT_FOUND);
	ck_has(rest_fails(&f, COMMIT, "{'project_slug':'data-shop'}", ERR_VALIDATION_ERROR), "missing field `message`");
	ck_has(rest_fails(&f, COMMIT,
		   arena_printf(&f.arena, "{'project_slug':'data-shop','message':'%.*s'}", (int)sizeof(text), text).p,
		   ERR_INVALID_ARGUMENT),
	    "message");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 7"), 0);
}
END_TEST

Suite *suite_snapshot(void);

Suite *
suite_snapshot(void)
{
	Suite *s = suite_create("snapshot");
	TCase *t = tcase_create("snapshot");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, answer);
	tcase_add_test(t, few_are_kept);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
