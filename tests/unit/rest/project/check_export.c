/*
 * check_export - REST: the mail of a project as a document: quoting, limits, pieces.
 */
#include <check.h>

#include "conf/conf.h"
#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define EXPORT "POST /api/export"
#define AS(format) "{'project_slug':'data-shop','format':'" format "'}"

static void
letter(const char *subject, const char *body)
{
	rest_ok(&f, "POST /api/message/send",
	    arena_printf(&f.arena,
		"{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver'],'bcc_names':[],'subject':%s,'body_md':%s}",
		subject, body)
		.p);
}

START_TEST(json)
{
	ck_json(rest_ok(&f, EXPORT, AS("json")), "[]");
	letter("'Hi'", "'a\\nb'");
	letter("'Again'", "''");
	ck_json(rest_ok(&f, EXPORT, AS("json")),
	    "[{'id':1,'project_id':1,'sender_id':1,'sender_name':'sender','thread_id':'1','subject':'Hi','body_md':'a\\nb','importance':'normal',"
	    "'ack_required':false,'created_ts':'2025-10-23T07:08:09.128456','attachments':[]},{'id':2,'project_id':1,'sender_id':1,"
	    "'sender_name':'sender','thread_id':'2','subject':'Again','body_md':'','importance':'normal','ack_required':false,"
	    "'created_ts':'2025-10-23T07:08:09.129456','attachments':[]}]");
	/* Any other word is JSON. */
	ck_has(rest_ok(&f, EXPORT, AS("pdf")), "[{'id':1,");
}
END_TEST

/* Quotes are doubled, lines stay inside their field, and nothing becomes a formula in a spreadsheet. */
START_TEST(csv)
{
	struct str s;

	letter("'say \\\"hi\\\", you'", "'a\\r\\nb'");
	letter("'=HYPERLINK(\\\"x\\\")'", "'-1+1'");
	letter("'@SUM(1)'", "'\\t+2'");
	s = rest_ok(&f, EXPORT, AS("CSV"));
	ck_str(s,
	    "id,project_id,sender_id,sender_name,thread_id,subject,body_md,importance,ack_required,created_ts,attachments\r\n"
	    "1,1,1,\"sender\",\"1\",\"say \"\"hi\"\", you\",\"a\r\nb\",\"normal\",false,2025-10-23T07:08:09.127456,\"[]\"\r\n"
	    "2,1,1,\"sender\",\"2\",\"'=HYPERLINK(\"\"x\"\")\",\"'-1+1\",\"normal\",false,2025-10-23T07:08:09.128456,\"[]\"\r\n"
	    "3,1,1,\"sender\",\"3\",\"'@SUM(1)\",\"'\t+2\",\"normal\",false,2025-10-23T07:08:09.129456,\"[]\"\r\n");
}
END_TEST

START_TEST(people)
{
	struct str s;

	letter("'<script>alert(1)</script>'", "'a & b \\\"c\\\"</pre>'");
	s = rest_ok(&f, EXPORT, AS("html"));
	ck_assert_int_lt(str_find(s, STR("<script")), 0);
	ck_assert_int_ge(str_find(s, STR("<h2>&lt;script&gt;alert(1)&lt;/script&gt;</h2>")), 0);
	ck_assert_int_ge(str_find(s, STR("<pre>a &amp; b &quot;c&quot;&lt;/pre&gt;</pre>")), 0);
	ck_assert(str_starts(s, STR("<!DOCTYPE html>")));
	letter("'two\\nlines'", "'text'");
	s = rest_ok(&f, EXPORT, AS("md"));
	ck_assert(str_starts(s, STR("# Mailbox of /data/shop\n\n## ")));
	ck_assert_int_ge(
	    str_find(s,
		STR("\n## two lines\n\nMessage 2 from sender, 2025-10-23T07:08:09.129456, thread 2, importance normal\n\ntext\n")),
	    0);
}
END_TEST

/* No document is larger than export_max; the text says what fits, and pieces join without a gap. */
START_TEST(pieces)
{
	struct str s;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100) INSERT INTO messages "
	    "(project_id, sender_id, subject, body_md, created_ts) SELECT 1, 1, 's' || i, printf('%.*c', 1500, 'x'), 1 FROM n");
	f.conf->export_max = 65536;
	s = rest_fails(&f, EXPORT, AS("json"), ERR_PAYLOAD_TOO_LARGE);
	ck_has(s, "65536 bytes (setting export_max)");
	ck_has(s, "(38 messages fit here)");
	rest_ok(&f, EXPORT, "{'project_slug':'data-shop','format':'json','limit':38}");
	s = rest_ok(&f, EXPORT, "{'project_slug':'data-shop','format':'json','limit':2,'after_id':38}");
	ck_has(s, "[{'id':39,");
	ck_has(s, "},{'id':40,");
	ck_assert_int_lt(str_find(s, STR("\"id\":41")), 0);
	ck_json(rest_ok(&f, EXPORT, "{'project_slug':'data-shop','format':'json','after_id':100}"), "[]");
	ck_json(rest_ok(&f, EXPORT, "{'project_slug':'data-shop','format':'json','limit':0}"), "[]");
	fixture_sql(&f, "UPDATE messages SET body_md = printf('%.*c', 70000, 'x') WHERE id = 51");
	ck_has(rest_fails(&f, EXPORT, "{'project_slug':'data-shop','format':'md','after_id':50}", ERR_PAYLOAD_TOO_LARGE),
	    "Already the first message after 50");
}
END_TEST

START_TEST(refused)
{
	ck_has(rest_fails(&f, EXPORT, "{'project_slug':'none','format':'csv'}", ERR_NOT_FOUND),
	    "Project not found: Slug: none");
	ck_has(rest_fails(&f, EXPORT, "{'project_slug':'data-shop'}", ERR_VALIDATION_ERROR), "missing field `format`");
	ck_has(rest_fails(&f, EXPORT, "{'project_slug':'data-shop','format':1}", ERR_VALIDATION_ERROR), "format");
}
END_TEST

Suite *suite_export(void);

Suite *
suite_export(void)
{
	Suite *s = suite_create("export");
	TCase *t = tcase_create("export");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, json);
	tcase_add_test(t, csv);
	tcase_add_test(t, people);
	tcase_add_test(t, pieces);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
