/*
 * check_unified - REST: the newest mail of all projects (contract recorded/rest.jsonl: unified).
 */
#include <check.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define SEND(importance, bcc) \
	"{'project_slug':'data-shop','sender_name':'sender','recipient_names':[],'bcc_names':[" bcc \
	"],'subject':'Bench'," \
	"'body_md':'Test','importance':'" importance "'}"

START_TEST(shape)
{
	ck_json(rest_ok(&f, "GET /api/unified-inbox", NULL), "{'messages':[],'total_count':0}");
	rest_ok(&f, "POST /api/message/send", SEND("high", "'receiver'"));
	ck_json(rest_ok(&f, "GET /api/unified-inbox", NULL),
	    "{'messages':[{'id':1,'project_id':1,'project_slug':'data-shop','sender_id':1,'sender_name':'sender','subject':'Bench',"
	    "'body_md':'Test','excerpt':'Test','importance':'high','created_ts':'2025-10-23T07:08:09.128456','thread_id':'1'}],"
	    "'total_count':1}");
}
END_TEST

START_TEST(query)
{
	struct str s;

	for (int i = 0; i < 3; i++)
		rest_ok(&f, "POST /api/message/send", SEND("normal", ""));
	rest_ok(&f, "POST /api/message/send", SEND("High", ""));
	s = rest_ok(&f, "GET /api/unified-inbox?limit=2", NULL);
	ck_has(s, "{'messages':[{'id':4,");
	ck_has(s, "'total_count':2");
	ck_has(rest_ok(&f, "GET /api/unified-inbox?importance=high", NULL), "'total_count':1");
	ck_has(rest_ok(&f, "GET /api/unified-inbox?importance=normal&limit=0", NULL), "'total_count':1");
	ck_has(rest_ok(&f, "GET /api/unified-inbox?limit=-5", NULL), "'total_count':1");
	ck_has(rest_ok(&f, "GET /api/unified-inbox?limit=9999", NULL), "'total_count':4");
	ck_has(rest_ok(&f, "GET /api/unified-inbox?importance=nope", NULL), "'total_count':0");
	ck_has(rest_fails(&f, "GET /api/unified-inbox?limit=ten", NULL, ERR_VALIDATION_ERROR), "limit");
}
END_TEST

/* An answer has an end however long the bodies are, and says so. */
START_TEST(bounded)
{
	rest_ok(&f, "POST /api/message/send", SEND("normal", ""));
	fixture_sql(&f, "UPDATE messages SET body_md = printf('%.*c', 5000000, 'x')");
	fixture_sql(&f,
	    "INSERT INTO messages (project_id, sender_id, subject, body_md, created_ts) "
	    "SELECT project_id, sender_id, subject, body_md, created_ts FROM messages");
	ck_has(rest_ok(&f, "GET /api/unified-inbox", NULL), "'total_count':1");
	ck_assert_ptr_nonnull(f.cx.warnings);
	ck_assert_int_lt(str_find(rest_ok(&f, "GET /api/unified-inbox", NULL), STR("'id':1,")), 0);
}
END_TEST

Suite *suite_unified(void);

Suite *
suite_unified(void)
{
	Suite *s = suite_create("unified");
	TCase *t = tcase_create("unified");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, shape);
	tcase_add_test(t, query);
	tcase_add_test(t, bounded);
	suite_add_tcase(s, t);
	return s;
}
