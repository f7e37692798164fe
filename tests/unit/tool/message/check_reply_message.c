/*
 * check_reply_message - recorded shapes (contract recorded/messaging.jsonl: inbox,
 * contact) and the traps of contract/messaging.md 18.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p, other;
static struct agent blue, green, red, far;
static int64_t root;

static void
setup(void)
{
	people_pair(&f, "/data/h/inbox", "auto", &p, &blue, &green);
	other = people_project(&f, "/data/h/other");
	red = people_agent(&f, &p, "RedStone", "auto");
	far = people_agent(&f, &other, "CalmOtter", "auto");
	root = people_mail(&f, &p, &blue, &green, "one");
}

static const char *
args(const char *project, int64_t id, const char *sender, const char *rest)
{
	return arena_printf(&f.arena, "{'project_key':'%s','message_id':%lld,'sender_name':'%s','body_md':'answer'%s}",
	    project, (long long)id, sender, rest)
	    .p;
}

static struct str
reply(int64_t id, const char *sender, const char *rest)
{
	return tool_ok(&f, "reply_message", args("/data/h/inbox", id, sender, rest));
}

START_TEST(plain)
{
	ck_json(reply(root, "GreenCastle", ""),
	    "{'id':2,'project_id':1,'sender_id':2,'thread_id':'1','topic':null,'subject':'Re: one','importance':'normal',"
	    "'ack_required':false,'created_ts':'2025-10-23T07:08:09.123457+00:00','attachments':[],'body_md':'answer',"
	    "'to':['BlueLake'],'cc':[],'bcc':[],'from':'GreenCastle','reply_to':1,'deliveries':[{'project':'/data/h/inbox',"
	    "'payload':{'id':2,'project_id':1,'sender_id':2,'thread_id':'1','topic':null,'subject':'Re: one',"
	    "'importance':'normal','ack_required':false,'created_ts':'2025-10-23T07:08:09.123457+00:00','attachments':[],"
	    "'body_md':'answer','to':['BlueLake'],'cc':[],'bcc':[],'from':'GreenCastle'}}],'count':1}");
	/* The message answered stays as it was (trap 39); the row knows what it answers. */
	ck_assert_int_eq(fixture_int(&f, "SELECT thread_id IS NULL FROM messages WHERE id = 1"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT reply_to FROM messages WHERE id = 2"), 1);
}
END_TEST

START_TEST(inherits)
{
	int64_t id = people_letter(&f, &p, &blue, &red, RECIPIENT_CC,
	    (struct outgoing){ .subject = STR("three"),
		.thread_id = STR("T-1"),
		.topic = STR("alpha"),
		.importance = STR("urgent"),
		.ack_required = true });
	struct str s = reply(id, "RedStone", "");

	ck_has(s, "'thread_id':'T-1','topic':'alpha','subject':'Re: three','importance':'urgent','ack_required':true");
	s = reply(id, "RedStone", ",'importance':'low','ack_required':false,'attachment_paths':[]");
	ck_has(s, "'importance':'low','ack_required':false");
}
END_TEST

/* Trap 42: the prefix is compared as text. */
START_TEST(prefixes)
{
	static const struct {
		const char *subject, *rest, *want;
	} rows[] = {
		{ "RE: x", "", "RE: x" },
		{ "x", ",'subject_prefix':'AW:'", "AW: x" },
		{ "Release plan", ",'subject_prefix':'Re'", "Release plan" },
		{ " x ", ",'subject_prefix':''", "x" },
		{ "", "", "Re:" },
		{ "x", ",'subject_prefix':'  Fwd: '", "Fwd: x" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t id = people_mail(&f, &p, &blue, &green, rows[i].subject);

		reply(id, "GreenCastle", rows[i].rest);
		ck_str(fixture_str(&f, "SELECT subject FROM messages ORDER BY id DESC LIMIT 1"), rows[i].want);
	}
}
END_TEST

/* Trap 41. */
START_TEST(recipients)
{
	ck_has(reply(root, "BlueLake", ""), "'to':['GreenCastle']");
	ck_json(reply(root, "GreenCastle", ",'to':[]"), "{'thread_id':'1','reply_to':1,'deliveries':[],'count':0}");
	ck_has(reply(root, "GreenCastle", ",'to':[],'cc':['blue lake','BLUELAKE']"), "'to':[],'cc':['BlueLake']");
	/* To itself, when its own message went to nobody in `to`. */
	root = people_letter(&f, &p, &blue, &green, RECIPIENT_CC, (struct outgoing){ .subject = STR("cc") });
	ck_has(reply(root, "BlueLake", ""), "'to':['BlueLake']");
}
END_TEST

START_TEST(not_visible)
{
	ck_str(tool_fails(&f, "reply_message", args("/data/h/inbox", root, "RedStone", ""), ERR_NOT_FOUND),
	    "Message '1' not found or not visible to agent 'RedStone' in project '/data/h/inbox'.");
	tool_fails(&f, "reply_message", args("/data/h/inbox", 99, "BlueLake", ""), ERR_NOT_FOUND);
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ",'sender_token':'x'"),
	    ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(unknown)
{
	ck_str(tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ",'to':['SwiftRaven']"),
		   ERR_RECIPIENT_NOT_FOUND),
	    "Unable to send reply \xe2\x80\x94 local recipients SwiftRaven are not registered in project '/data/h/inbox'; Use "
	    "resource://agents/data-h-inbox to list registered agents, or request_contact(...) to create a cross-project link "
	    "first.");
	/* No mistake detection, no new agents. */
	f.conf->messaging_auto_register_recipients = true;
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ",'to':['claude-code']"),
	    ERR_RECIPIENT_NOT_FOUND);
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ",'to':['SwiftRaven']"),
	    ERR_RECIPIENT_NOT_FOUND);
}
END_TEST

/* Participants of the thread are exempt, others are not, and nobody is asked for contact. */
START_TEST(contacts)
{
	fixture_tick(&f, f.conf->contact_auto_ttl + 10);
	ck_has(reply(root, "GreenCastle", ""), "'to':['BlueLake']");
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ",'cc':['RedStone']"),
	    ERR_CONTACT_REQUIRED);
	ck_str(fail_data_json(&f.cx.fail), "{\"recipients_blocked\":[\"RedStone\"]}");
	ck_assert(!f.cx.keep_writes);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links"), 0);
}
END_TEST

/* Decision 3.37: a thread opens no closed door. */
START_TEST(closed_and_retired)
{
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE id = 1");
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ""), ERR_CONTACT_BLOCKED);
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'open', retired_at = 5 WHERE id = 1");
	tool_fails(&f, "reply_message", args("/data/h/inbox", root, "GreenCastle", ""), ERR_AGENT_RETIRED);
}
END_TEST

/* A foreign recipient may answer into the sender's project without a link, because the thread holds its message. */
START_TEST(across_projects)
{
	int64_t id = people_letter(&f, &other, &blue, &far, RECIPIENT_TO,
	    (struct outgoing){ .subject = STR("cross"), .thread_id = STR("X-1"), .topic = STR("tp") });
	struct str s = tool_ok(&f, "reply_message", args("/data/h/other", id, "CalmOtter", ""));

	ck_has(s, "{'id':3,'project_id':1,'sender_id':4,'thread_id':'X-1','topic':'tp','subject':'Re: cross'");
	ck_has(s,
	    "'from':'CalmOtter','from_project':'/data/h/other','from_project_slug':'data-h-other',"
	    "'from_address':'project:data-h-other#CalmOtter','reply_to':2,'deliveries':[{'project':'/data/h/inbox',");
	ck_assert_int_eq(fixture_int(&f, "SELECT reply_to IS NULL FROM messages WHERE id = 3"), 1);
	/* From home the original is not to be seen. */
	tool_fails(&f, "reply_message", args("/data/h/inbox", id, "BlueLake", ""), ERR_NOT_FOUND);
	/* Trap 5: a foreign agent that takes no mail makes a success that tells of it. */
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE id = 1");
	ck_json(tool_ok(&f, "reply_message", args("/data/h/other", id, "CalmOtter", "")),
	    "{'error':{'type':'CONTACT_BLOCKED','message':'Recipient is not accepting messages.'}}");
	ck_assert(f.cx.refused);
}
END_TEST

START_TEST(conflict)
{
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) "
	    "VALUES (1, 3, 'messages/**', 1, 9000000000000000)");
	ck_has(reply(root, "GreenCastle", ""),
	    "{'thread_id':'1','reply_to':1,'deliveries':[],'count':0,'error':"
	    "{'type':'FILE_RESERVATION_CONFLICT',");
}
END_TEST

Suite *
suite_reply_message(void)
{
	Suite *s = suite_create("reply_message");
	TCase *t = tcase_create("reply_message");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, plain);
	tcase_add_test(t, inherits);
	tcase_add_test(t, prefixes);
	tcase_add_test(t, recipients);
	tcase_add_test(t, not_visible);
	tcase_add_test(t, unknown);
	tcase_add_test(t, contacts);
	tcase_add_test(t, closed_and_retired);
	tcase_add_test(t, across_projects);
	tcase_add_test(t, conflict);
	suite_add_tcase(s, t);
	return s;
}
