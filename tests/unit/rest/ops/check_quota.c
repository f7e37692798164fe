/*
 * check_quota - REST: what counts towards limits (contract recorded/rest.jsonl: quota).
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

#define QUOTA "POST /api/quota/status"

START_TEST(status)
{
	rest_ok(&f, "POST /api/message/send",
	    "{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver'],'subject':'','body_md':''}");
	ck_json(rest_ok(&f, QUOTA, "{'project_slug':'/data/shop','agent_name':'receiver'}"),
	    "{'project_slug':'data-shop','quota_enabled':false,'attachments_limit_bytes':104857600,'attachments_usage_bytes':0,"
	    "'inbox_limit_count':1000,'agent_inbox_usage':1}");
	f.conf->quota_enabled = true;
	f.conf->quota_attachments_limit_bytes = 5;
	f.conf->quota_inbox_limit_count = 7;
	fixture_sql(&f, "UPDATE messages SET attachments = '[{\"bytes\":40},{\"bytes\":2}]'");
	ck_json(rest_ok(&f, "POST /api/get_quota_status", "{'project_slug':'data-shop','agent_name':null}"),
	    "{'project_slug':'data-shop','quota_enabled':true,'attachments_limit_bytes':5,'attachments_usage_bytes':42,"
	    "'inbox_limit_count':7,'agent_inbox_usage':null}");
}
END_TEST

START_TEST(refused)
{
	rest_fails(&f, QUOTA, "{'project_slug':'none'}", ERR_NOT_FOUND);
	rest_fails(&f, QUOTA, "{'project_slug':'data-shop','agent_name':'ghost'}", ERR_NOT_FOUND);
	ck_has(rest_fails(&f, QUOTA, "{}", ERR_VALIDATION_ERROR), "missing field `project_slug`");
}
END_TEST

Suite *suite_quota(void);

Suite *
suite_quota(void)
{
	Suite *s = suite_create("quota");
	TCase *t = tcase_create("quota");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, status);
	tcase_add_test(t, refused);
	suite_add_tcase(s, t);
	return s;
}
