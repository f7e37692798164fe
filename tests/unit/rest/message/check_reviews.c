/*
 * check_reviews - REST: mail that waits for acknowledgements (contract recorded/rest.jsonl: reviews).
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

#define REVIEWS "GET /api/messages/pending-reviews"
#define ASK(extra) \
	"{'project_slug':'data-shop','sender_name':'sender','recipient_names':['receiver']," extra \
	"'subject':'S','body_md':'B','ack_required':true}"
#define ACK(who, id) "{'project_slug':'data-shop','agent_name':'" who "','message_id':" id "}"

START_TEST(shape)
{
	rest_ok(&f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'third','program':'p','model':'m'}");
	rest_ok(&f, "POST /api/message/send", ASK("'cc_names':['third'],'thread_id':'T-1','importance':'high',"));
	rest_ok(&f, "POST /api/message/acknowledge", ACK("receiver", "1"));
	ck_json(rest_ok(&f, REVIEWS, NULL),
	    "{'pending_reviews':[{'message_id':1,'subject':'S','body_md':'B','importance':'high','created_ts':'2025-10-23T07:08:09.128456',"
	    "'attachments':[],'sender':{'id':1,'name':'sender'},'project':{'id':1,'slug':'data-shop','name':'/data/shop'},"
	    "'thread':{'id':'T-1','message_count':1},'recipients':[{'agent_id':2,'agent_name':'receiver','recipient_type':'to','status':'',"
	    "'read_ts':'2025-10-23 07:08:09','ack_ts':'2025-10-23 07:08:09'},{'agent_id':3,'agent_name':'third','recipient_type':'cc',"
	    "'status':'','read_ts':null,'ack_ts':null}],'pending_count':1,'read_count':1}],'total_count':1}");
	rest_ok(&f, "POST /api/message/acknowledge", ACK("third", "1"));
	ck_json(rest_ok(&f, "GET /api/pending_reviews", NULL), "{'pending_reviews':[],'total_count':0}");
}
END_TEST

/* Decision 3.13: nobody learns of a bcc from what still waits. */
START_TEST(bcc)
{
	struct str s;

	rest_ok(
	    &f, "POST /api/agent/register", "{'project_slug':'data-shop','name':'secret','program':'p','model':'m'}");
	rest_ok(&f, "POST /api/message/send", ASK("'bcc_names':['secret'],"));
	s = rest_ok(&f, REVIEWS, NULL);
	ck_assert_int_lt(str_find(s, STR("secret")), 0);
	ck_has(s, "'pending_count':1,'read_count':0");
	rest_ok(&f, "POST /api/message/acknowledge", ACK("receiver", "1"));
	ck_has(rest_ok(&f, REVIEWS, NULL), "'total_count':0");
}
END_TEST

START_TEST(query)
{
	for (int i = 0; i < 7; i++)
		rest_ok(&f, "POST /api/message/send", ASK(""));
	rest_ok(&f, "POST /api/project/ensure", "{'human_key':'/data/other'}");
	ck_has(rest_ok(&f, REVIEWS, NULL), "'total_count':5");
	ck_has(rest_ok(&f, REVIEWS, NULL), "{'pending_reviews':[{'message_id':7,");
	ck_has(rest_ok(&f, "GET /api/messages/pending-reviews?limit=0", NULL), "'total_count':1");
	ck_has(rest_ok(&f, "GET /api/messages/pending-reviews?limit=500", NULL), "'total_count':7");
	ck_has(rest_ok(&f, "GET /api/messages/pending-reviews?project=/data/other", NULL), "'total_count':0");
	ck_has(
	    rest_ok(&f, "GET /api/messages/pending-reviews?project=data-shop&sender=sender", NULL), "'total_count':5");
	ck_has(rest_ok(&f, "GET /api/messages/pending-reviews?project=data-shop&sender=receiver", NULL),
	    "'total_count':0");
	/* Without a project the sender says nothing. */
	ck_has(rest_ok(&f, "GET /api/messages/pending-reviews?sender=ghost", NULL), "'total_count':5");
	rest_fails(&f, "GET /api/messages/pending-reviews?project=none", NULL, ERR_NOT_FOUND);
	rest_fails(&f, "GET /api/messages/pending-reviews?project=data-shop&sender=ghost", NULL, ERR_NOT_FOUND);
	rest_fails(&f, "GET /api/messages/pending-reviews?limit=x", NULL, ERR_VALIDATION_ERROR);
}
END_TEST

Suite *suite_reviews(void);

Suite *
suite_reviews(void)
{
	Suite *s = suite_create("reviews");
	TCase *t = tcase_create("reviews");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, shape);
	tcase_add_test(t, bcc);
	tcase_add_test(t, query);
	suite_add_tcase(s, t);
	return s;
}
