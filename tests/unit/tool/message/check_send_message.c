/*
 * check_send_message - the tool as its callers see it: recorded shapes
 * (contract recorded/messaging.jsonl: send, contact, conflict) and the traps of
 * contract/messaging.md 18.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p, other;
static struct agent blue, green, red, far;

#define FROM_BLUE "'project_key':'/data/h/send','sender_name':'BlueLake','subject':'S','body_md':'B'"

static void
setup(void)
{
	people_pair(&f, "/data/h/send", "open", &p, &blue, &green);
	other = people_project(&f, "/data/h/other");
	red = people_agent(&f, &p, "RedStone", "open");
	far = people_agent(&f, &other, "CalmOtter", "open");
}

static struct str
send(const char *rest)
{
	return tool_ok(&f, "send_message", arena_printf(&f.arena, "{" FROM_BLUE ",%s}", rest).p);
}

static struct str
refused(const char *rest, enum err code)
{
	return tool_fails(&f, "send_message", arena_printf(&f.arena, "{" FROM_BLUE ",%s}", rest).p, code);
}

static int64_t
count(const char *table)
{
	return fixture_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", table).p);
}

static void
sql(const char *fmt, int64_t id)
{
	struct str text = arena_printf(&f.arena, "%s %lld", fmt, (long long)id);

	fixture_sql(&f, text.p);
}

START_TEST(plain)
{
	ck_json(send("'to':['GreenCastle']"),
	    "{'deliveries':[{'project':'/data/h/send','payload':{'id':1,'project_id':1,'sender_id':1,'thread_id':null,"
	    "'topic':null,'subject':'S','importance':'normal','ack_required':false,"
	    "'created_ts':'2025-10-23T07:08:09.123456+00:00','attachments':[],'body_md':'B','to':['GreenCastle'],'cc':[],"
	    "'bcc':[],'from':'BlueLake'}}],'count':1,'verified_sender':true,'attachments':[]}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
}
END_TEST

START_TEST(all_options)
{
	struct str s =
	    send("'to':['GreenCastle'],'cc':['RedStone'],'bcc':['BlueLake'],'importance':'urgent','ack_required':true,"
		 "'thread_id':'TKT-1','topic':'Build_1','convert_images':false,'auto_contact_if_blocked':null");

	ck_has(s, "'thread_id':'TKT-1','topic':'Build_1','subject':'S','importance':'urgent','ack_required':true");
	ck_has(s, "'to':['GreenCastle'],'cc':['RedStone'],'bcc':['BlueLake'],'from':'BlueLake'");
}
END_TEST

START_TEST(nobody)
{
	ck_json(send("'to':[]"), "{'deliveries':[],'count':0,'verified_sender':true}");
	ck_assert_int_eq(count("messages"), 0);
}
END_TEST

/* Trap 36. */
START_TEST(to_itself)
{
	ck_has(send("'to':['BlueLake']"), "'to':['BlueLake'],'cc':[],'bcc':[],'from':'BlueLake'");
	ck_assert_int_eq(count("message_recipients"), 1);
}
END_TEST

/* Trap 35, decision 3.12; duplicates in all spellings. */
START_TEST(named_twice_is_kept_once)
{
	struct str s = send("'to':['GreenCastle','GREENCASTLE',' GreenCastle '],'cc':['greencastle','RedStone'],"
			    "'bcc':['Red Stone','GreenCastle']");

	ck_has(s, "'to':['GreenCastle'],'cc':['RedStone'],'bcc':[]");
	ck_assert_int_eq(count("message_recipients"), 2);
}
END_TEST

/* Decision 3.2. */
START_TEST(bare_strings)
{
	ck_has(send("'to':'GreenCastle'"), "'to':['GreenCastle']");
	ck_has(send("'to':'GreenCastle, RedStone'"), "'to':['GreenCastle','RedStone']");
}
END_TEST

/* Traps 18, 25, 26: lower case, spaces, explicit ids; looked up before anything is said to be a mistake. */
START_TEST(spellings)
{
	people_agent(&f, &p, "cc-0", "open");
	people_agent(&f, &p, "my-agent", "open");
	ck_has(send("'to':['bluelake','blue lake','Green-Castle']"), "'to':['BlueLake','GreenCastle']");
	ck_has(send("'to':['CC-0','my-agent']"), "'to':['cc-0','my-agent']");
	ck_has(send("'to':['cc0']"), "'to':['cc-0']");
	people_agent(&f, &p, "cc0", "open");
	ck_has(send("'to':['cc0','cc-0']"), "'to':['cc0','cc-0']");
}
END_TEST

START_TEST(unknown_recipients)
{
	ck_str(refused("'to':['SwiftRaven','CalmOtter','GreenCastle'],'cc':['DarkBay']", ERR_RECIPIENT_NOT_FOUND),
	    "Unable to send message \xe2\x80\x94 local recipients CalmOtter, DarkBay, SwiftRaven are not registered in project "
	    "'/data/h/send'; Use resource://agents/data-h-send to list registered agents or register new identities.");
	ck_has(fail_data_json(&f.cx.fail), "'unknown_local':['CalmOtter','DarkBay','SwiftRaven'],'hint':");
	ck_assert_int_eq(count("messages"), 0);
	refused("'to':['  ']", ERR_RECIPIENT_NOT_FOUND);
	refused("'to':['']", ERR_RECIPIENT_NOT_FOUND);
}
END_TEST

START_TEST(mixed_unknowns)
{
	ck_str(refused("'to':['SwiftRaven','BlueLake@nope-nope','project:zip#CalmOtter']", ERR_RECIPIENT_NOT_FOUND),
	    "Unable to send message \xe2\x80\x94 local recipients SwiftRaven are not registered in project '/data/h/send'; "
	    "external recipients missing approved contact links: BlueLake@nope-nope @ nope-nope; project:zip#CalmOtter @ zip; "
	    "Use resource://agents/data-h-send to list registered agents or register new identities.");
	ck_has(fail_data_json(&f.cx.fail),
	    "'unknown_external':{'nope-nope':['BlueLake@nope-nope'],'zip':['project:zip#CalmOtter']}");
}
END_TEST

START_TEST(mistakes)
{
	static const struct {
		const char *name;
		enum err code;
		const char *part;
	} rows[] = {
		{ "claude-code", ERR_PROGRAM_NAME_AS_AGENT,
		    "Invalid recipient 'claude-code': 'claude-code' looks like a program name" },
		{ "gpt-5", ERR_MODEL_NAME_AS_AGENT, "a model name" },
		{ "bob@example.com", ERR_EMAIL_AS_AGENT, "an email address" },
		{ "all", ERR_BROADCAST_ATTEMPT, "a broadcast attempt" },
		{ "BackendAgent", ERR_DESCRIPTIVE_NAME, "a descriptive role name" },
		{ "ubuntu", ERR_UNIX_USERNAME_AS_AGENT, "a Unix username" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		refused(arena_printf(&f.arena, "'to':['GreenCastle','%s']", rows[i].name).p, rows[i].code);
		ck_fail(&f, rows[i].code, rows[i].part);
		ck_has(fail_data_json(&f.cx.fail), "'recipient':");
	}
	/* In cc and bcc they are merely unknown. */
	refused("'to':[],'cc':['claude-code']", ERR_RECIPIENT_NOT_FOUND);
	ck_assert_int_eq(count("messages"), 0);
}
END_TEST

START_TEST(thread_and_topic)
{
	refused("'to':['GreenCastle'],'thread_id':'has space'", ERR_INVALID_THREAD_ID);
	ck_str(refused("'to':['GreenCastle'],'topic':'has space'", ERR_INVALID_TOPIC),
	    "Topic must be 1-64 alphanumeric/hyphen/underscore characters. Got: 'has space'");
	refused("'to':['GreenCastle'],'topic':''", ERR_INVALID_TOPIC);
	refused(arena_printf(&f.arena, "'to':['GreenCastle'],'topic':'%065d'", 0).p, ERR_INVALID_TOPIC);
	ck_has(send("'to':['GreenCastle'],'topic':' a-B_1 ','thread_id':'  '"), "'thread_id':null,'topic':'a-B_1'");
}
END_TEST

/* Decision 3.52: what the reference only logs is in the result. */
START_TEST(subject_is_cut_with_a_warning)
{
	struct str s;
	struct buf b;

	buf_init(&b, &f.arena);
	for (int i = 0; i < 201; i++)
		buf_cstr(&b, "\xc3\xa4");
	s = tool_ok(&f, "send_message",
	    arena_printf(&f.arena,
		"{'project_key':'/data/h/send','sender_name':'BlueLake','subject':'%s','body_md':'B','to':['RedStone']}",
		arena_cstr(&f.arena, buf_flat(&b)))
		.p);
	ck_has(s, "'warnings':['subject was cut to 200 of its 201 characters.']");
	ck_assert_int_eq(fixture_int(&f, "SELECT length(subject) FROM messages"), 200);
}
END_TEST

/* Trap 43: stored as it is, and said. */
START_TEST(unknown_importance_warns)
{
	ck_has(send("'to':['RedStone'],'importance':'asap'"), "'importance':'asap'");
	ck_has(send("'to':['RedStone'],'importance':'asap'"), "'warnings':['importance ");
	ck_assert_int_lt(str_find(send("'to':['RedStone'],'importance':'HIGH'"), STR("warnings")), 0);
}
END_TEST

START_TEST(attachments_that_nobody_looked_at)
{
	refused("'to':['RedStone'],'attachment_paths':['img/a.png']", ERR_RESOURCE_BUSY);
	ck_fail(&f, ERR_RESOURCE_BUSY, "'img/a.png' could not be looked at");
	refused("'to':['RedStone'],'attachment_paths':['../a.png']", ERR_INVALID_ARGUMENT);
	ck_assert_int_eq(count("messages"), 0);
	send("'to':['RedStone'],'attachment_paths':[]");
}
END_TEST

/* Images inside the body are listed, in the row and beside the delivery. */
START_TEST(inline_images)
{
	struct str s = tool_ok(&f, "send_message",
	    "{'project_key':'/data/h/send','sender_name':'BlueLake','to':['RedStone'],'subject':'S',"
	    "'body_md':'look ![x](data:image/png;base64,AAAA)'}");

	ck_has(s,
	    "'attachments':[{'type':'inline','media_type':'image/png'}],'body_md':'look ![x](data:image/png;base64,AAAA)'");
	ck_has(s, "'verified_sender':true,'attachments':[{'type':'inline','media_type':'image/png'}]}");
	ck_has(tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/send','agent_name':'RedStone'}"),
	    "'attachments':[{'type':'inline','media_type':'image/png'}],'from'");
}
END_TEST

START_TEST(tokens)
{
	refused("'to':['GreenCastle'],'sender_token':'zzz'", ERR_AUTHENTICATION_REQUIRED);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid sender_token for agent 'BlueLake'.");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'secret' WHERE id = 1");
	refused("'to':['GreenCastle']", ERR_AUTHENTICATION_REQUIRED);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "send_message requires sender_token for agent 'BlueLake'");
	send("'to':['GreenCastle'],'sender_token':'secret'");
}
END_TEST

/* The order in which faults are reported: project, topic, thread, token, recipients. */
START_TEST(order_of_faults)
{
	tool_fails(&f, "send_message",
	    "{'project_key':'/nope','sender_name':'x','to':['ubuntu'],'subject':'S','body_md':'B','topic':'a b'}",
	    ERR_NOT_FOUND);
	refused("'to':['ubuntu'],'topic':'a b','thread_id':'a b'", ERR_INVALID_TOPIC);
	refused("'to':['ubuntu'],'thread_id':'a b','sender_token':'zzz'", ERR_INVALID_THREAD_ID);
	refused("'to':['ubuntu'],'sender_token':'zzz'", ERR_AUTHENTICATION_REQUIRED);
	refused("'to':['ubuntu','SwiftRaven']", ERR_UNIX_USERNAME_AS_AGENT);
}
END_TEST

/* Trap 30: the blocked send has asked for the contact, so a second one passes. */
START_TEST(auto_stranger)
{
	people_agent(&f, &p, "GoldFox", "auto");
	ck_str(refused("'to':['GoldFox'],'auto_contact_if_blocked':false", ERR_CONTACT_REQUIRED),
	    "Contact approval required for recipients: GoldFox. Before retrying, create a pending request with "
	    "`request_contact(project_key='/data/h/send', from_agent='BlueLake', to_agent='GoldFox')`, then have the recipient "
	    "approve it with `respond_contact(project_key='/data/h/send', to_agent='GoldFox', from_agent='BlueLake', "
	    "accept=True)`. Alternatively, send your message inside a recent thread that already includes them by reusing its "
	    "thread_id.");
	ck_assert_int_eq(count("messages"), 0);
	refused("'to':['GoldFox','GreenCastle']", ERR_CONTACT_REQUIRED);
	ck_fail(&f, ERR_CONTACT_REQUIRED,
	    " Pending contact requests were created for: GoldFox. Wait for approval before retrying.");
	ck_has(fail_data_json(&f.cx.fail), "'auto_contact_requested':['GoldFox'],'auto_contact_auto_approved':[]");
	ck_has(fail_data_json(&f.cx.fail), "'recipients_blocked':['GoldFox']");
	ck_str(fixture_str(&f, "SELECT group_concat(subject) FROM messages"), "Contact request from BlueLake");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 3"), 1);
	ck_assert_ptr_nonnull(f.cx.changes);
	ck_has(send("'to':['GoldFox']"), "'to':['GoldFox']");
}
END_TEST

START_TEST(contacts_only_wants_an_approval)
{
	people_agent(&f, &p, "GoldFox", "contacts_only");
	refused("'to':['GoldFox']", ERR_CONTACT_REQUIRED);
	refused("'to':['GoldFox']", ERR_CONTACT_REQUIRED);
	/* Nothing is asked twice. */
	ck_assert_int_eq(count("messages"), 1);
	fixture_sql(&f, "UPDATE agent_links SET status = 'approved'");
	send("'to':['GoldFox']");
}
END_TEST

/* A session that is both sides approves by itself. */
START_TEST(auto_approval_in_one_session)
{
	struct agent fox = people_agent(&f, &p, "GoldFox", "contacts_only");

	f.cx.caller.session = STR("session");
	fixture_sql(&f,
	    arena_printf(&f.arena, "INSERT INTO mcp_bindings VALUES (CAST('session' AS BLOB), 1, %lld, 1, %lld)",
		(long long)fox.id, (long long)f.cx.now)
		.p);
	send("'to':['GoldFox']");
	ck_str(fixture_str(&f, "SELECT status || ': ' || reason FROM agent_links"),
	    "approved: in-session auto-approval by send_message");
}
END_TEST

/* Trap 33: who was fine by recent mail stays so when another recipient is approved within the session. */
START_TEST(auto_approval_judges_nobody_again)
{
	struct agent fox = people_agent(&f, &p, "GoldFox", "contacts_only");
	struct agent owl = people_agent(&f, &p, "GrayOwl", "auto");

	people_mail(&f, &p, &owl, &blue, "recent");
	f.cx.caller.session = STR("session");
	fixture_sql(&f,
	    arena_printf(&f.arena, "INSERT INTO mcp_bindings VALUES (CAST('session' AS BLOB), 1, %lld, 1, %lld)",
		(long long)fox.id, (long long)f.cx.now)
		.p);
	ck_has(send("'to':['GrayOwl','GoldFox']"), "'to':['GrayOwl','GoldFox']");
	ck_assert_int_eq(count("agent_links"), 1);
}
END_TEST

/* Decisions 3.18, 3.37, traps 31 and 32: no spelling, thread or address helps. */
START_TEST(closed_and_retired)
{
	static const char *const names[] = { "'GreenCastle'", "' GreenCastle '", "'Green Castle'", "'GREENCASTLE'",
		"'GreenCastle@data-h-send'", "'project:/data/h/send#GreenCastle'" };

	send("'to':['GreenCastle'],'thread_id':'T'");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *args = arena_printf(&f.arena, "'to':[],'cc':[%s],'thread_id':'T'", names[i]).p;

		sql("UPDATE agents SET contact_policy = 'block_all' WHERE id =", green.id);
		ck_str(refused(args, ERR_CONTACT_BLOCKED), "Recipient is not accepting messages.");
		sql("UPDATE agents SET contact_policy = 'open', retired_at = 5 WHERE id =", green.id);
		refused(args, ERR_AGENT_RETIRED);
		ck_fail(&f, ERR_AGENT_RETIRED,
		    "Agent 'GreenCastle' is retired and no longer accepts new messages. Use unretire_agent to restore it first.");
		sql("UPDATE agents SET retired_at = NULL WHERE id =", green.id);
	}
	ck_assert_int_eq(count("messages"), 1);
}
END_TEST

START_TEST(broadcast)
{
	struct agent idle = people_agent(&f, &p, "GoldFox", "open");
	struct agent gone = people_agent(&f, &p, "DarkBay", "open");

	people_agent(&f, &p, "GrayOwl", "contacts_only");
	people_agent(&f, &p, "PinkElk", "block_all");
	people_agent(&f, &p, "cc-worker", "open");
	sql("UPDATE agents SET last_active_ts = 0 WHERE id =", idle.id);
	sql("UPDATE agents SET retired_at = 5 WHERE id =", gone.id);
	/* Traps 19 and 45: neither a worker nor a stranger spoils it; nobody is asked for contact. */
	ck_has(send("'to':[],'broadcast':true,'bcc':['RedStone']"),
	    "'to':['GreenCastle','RedStone','cc-worker'],'cc':[],'bcc':[],'from':'BlueLake'");
	ck_has(send("'to':[' '],'broadcast':true"),
	    "'skipped':[{'agent':'GoldFox','reason':'INACTIVE'},{'agent':'DarkBay','reason':'AGENT_RETIRED'},"
	    "{'agent':'GrayOwl','reason':'CONTACT_REQUIRED'},{'agent':'PinkElk','reason':'CONTACT_BLOCKED'}]}");
	ck_assert_int_eq(count("agent_links"), 0);
	refused("'to':['GreenCastle'],'broadcast':true", ERR_INVALID_ARGUMENT);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "broadcast=true and explicit 'to' recipients are mutually exclusive.");
}
END_TEST

START_TEST(broadcast_that_reaches_nobody)
{
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE id > 1");
	refused("'to':[],'broadcast':true", ERR_CONTACT_REQUIRED);
	ck_assert_int_eq(count("messages"), 0);
	ck_has(send("'to':[],'broadcast':true,'cc':['BlueLake']"), "'cc':['BlueLake']");
}
END_TEST

START_TEST(alone_in_the_project)
{
	ck_has(
	    tool_ok(&f, "send_message",
		"{'project_key':'/data/h/other','sender_name':'CalmOtter','to':[],'broadcast':true,'subject':'S','body_md':'B'}"),
	    "'deliveries':[],'count':0");
}
END_TEST

/* Decision 3.32: the reference drops whom it has just registered. */
START_TEST(auto_registered_recipients_get_the_mail)
{
	f.conf->messaging_auto_register_recipients = true;
	ck_has(send("'to':['SwiftRaven','GreenCastle']"), "'to':['SwiftRaven','GreenCastle']");
	ck_str(fixture_str(&f, "SELECT program FROM agents WHERE name = 'SwiftRaven'"), "prog");
	ck_has(send("'to':['zz-9','ZZ-9'],'cc':['Dark Bay','darkbay']"), "'to':['zz-9'],'cc':['DarkBay']");
	refused("'to':['Backend Thing','GreenCastle']", ERR_RECIPIENT_NOT_FOUND);
	refused("'to':['ubuntu']", ERR_UNIX_USERNAME_AS_AGENT);
	ck_assert_int_eq(count("messages"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE project_id = 1"), 6);
}
END_TEST

static void
approve(const struct agent *a, const struct agent *b)
{
	fixture_sql(&f,
	    arena_printf(&f.arena,
		"INSERT INTO agent_links (a_project_id, a_agent_id, b_project_id, b_agent_id, status, created_ts, updated_ts) "
		"VALUES (%lld, %lld, %lld, %lld, 'approved', 1, 1)",
		(long long)a->project_id, (long long)a->id, (long long)b->project_id, (long long)b->id)
		.p);
}

START_TEST(across_projects)
{
	ck_str(refused("'to':['CalmOtter@data-h-other'],'auto_contact_if_blocked':false", ERR_RECIPIENT_NOT_FOUND),
	    "Unable to send message \xe2\x80\x94 external recipients missing approved contact links: CalmOtter @ /data/h/other; "
	    "Use resource://agents/data-h-send to list registered agents or register new identities.");
	approve(&blue, &far);
	ck_json(send("'to':['project:data-h-other#CalmOtter'],'thread_id':'X-1','topic':'tp'"),
	    "{'deliveries':[{'project':'/data/h/other','payload':{'id':1,'project_id':2,'sender_id':1,'thread_id':'X-1',"
	    "'topic':'tp','subject':'S','importance':'normal','ack_required':false,"
	    "'created_ts':'2025-10-23T07:08:09.123456+00:00','attachments':[],'body_md':'B','to':['CalmOtter'],'cc':[],'bcc':[],"
	    "'from':'BlueLake','from_project':'/data/h/send','from_project_slug':'data-h-send',"
	    "'from_address':'project:data-h-send#BlueLake'}}],'count':1,'verified_sender':true,'attachments':[]}");
	/* A bare name that is only known there goes there; local first; one message id per project; trap 37. */
	ck_has(send("'to':['CalmOtter','GreenCastle'],'cc':['calmotter@/data/h/other']"),
	    "'count':2,'verified_sender':true}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages WHERE project_id = 2"), 2);
	ck_str(fixture_str(&f,
		   "SELECT group_concat(project_id) FROM (SELECT project_id FROM messages ORDER BY id DESC LIMIT 2)"),
	    "2,1");
	/* Decision 3.32: an address of one's own project is a local name. */
	ck_has(
	    send("'to':['GreenCastle@data-h-send','project:data-h-send#RedStone']"), "'to':['GreenCastle','RedStone']");
	/* An empty half is no address. */
	refused("'to':['@data-h-other']", ERR_RECIPIENT_NOT_FOUND);
}
END_TEST

START_TEST(foreign_closed_and_retired)
{
	approve(&blue, &far);
	sql("UPDATE agents SET contact_policy = 'block_all' WHERE id =", far.id);
	refused("'to':['CalmOtter','GreenCastle']", ERR_CONTACT_BLOCKED);
	sql("UPDATE agents SET contact_policy = 'open', retired_at = 5 WHERE id =", far.id);
	refused("'to':['CalmOtter','GreenCastle']", ERR_AGENT_RETIRED);
	ck_assert_int_eq(count("messages"), 0);
}
END_TEST

START_TEST(foreign_contact_is_asked_for)
{
	refused("'to':['CalmOtter@data-h-other','SwiftRaven@data-h-other','swift raven@/data/h/other']",
	    ERR_RECIPIENT_NOT_FOUND);
	ck_fail(&f, ERR_RECIPIENT_NOT_FOUND,
	    "external recipients missing approved contact links: CalmOtter, SwiftRaven @ "
	    "/data/h/other; pending external contact requests were created for CalmOtter@/data/h/other, "
	    "SwiftRaven@/data/h/other; Use resource://");
	ck_has(fail_data_json(&f.cx.fail), "'auto_contact_requested_external':['CalmOtter@/data/h/other',");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links WHERE status = 'pending'"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages WHERE project_id = 2"), 2);
}
END_TEST

static void
reserve(const struct project *where, const struct agent *who, const char *pattern)
{
	fixture_sql(&f,
	    arena_printf(&f.arena,
		"INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) "
		"VALUES (%lld, %lld, '%s', 1, %lld)",
		(long long)where->id, (long long)who->id, pattern, (long long)(f.cx.now + 3600 * USEC))
		.p);
}

/* Trap 5: these are successes that tell of failures; nothing is stored, and no key keeps the answer. */
START_TEST(conflicts)
{
	struct agent elk = people_agent(&f, &other, "PinkElk", "open");
	const char *keyed = "'to':['GreenCastle'],'idempotency_key':'k'";

	approve(&blue, &far);
	reserve(&p, &red, "agents/GreenCastle/inbox/**");
	ck_has(send(keyed),
	    "{'error':{'type':'FILE_RESERVATION_CONFLICT','message':'Conflicting active file_reservations "
	    "prevent message write.','conflicts':[{'surface':'agents/GreenCastle/inbox/2025/10/*.md','holder':'RedStone'");
	ck_assert_int_eq(count("messages"), 0);
	fixture_sql(&f, "DELETE FROM file_reservations");
	ck_has(send(keyed), "'count':1");
	reserve(&other, &elk, "agents/CalmOtter/inbox/**");
	ck_has(send("'to':['GreenCastle','CalmOtter@data-h-other']"),
	    "'count':1,'verified_sender':true,'delivery_errors':[{'type':'FILE_RESERVATION_CONFLICT',");
	ck_has(send("'to':['CalmOtter@data-h-other']"), "{'error':{'type':'FILE_RESERVATION_CONFLICT',");
	reserve(&p, &red, "messages/**");
	ck_has(send("'to':['GreenCastle','CalmOtter@data-h-other']"), "{'error':{'type':'DELIVERY_FAILED','message':");
}
END_TEST

/* Decisions 3.16, 3.58. */
START_TEST(idempotency)
{
	const char *keyed = "'to':['GreenCastle'],'idempotency_key':'k-1'";
	struct str first = send(keyed), again = send(keyed);

	ck_assert(str_starts(again, str_sub(first, 0, first.n - 1)));
	ck_has(again, "'idempotent_replay':true}");
	ck_assert_int_eq(count("messages"), 1);
	refused("'to':['RedStone'],'idempotency_key':'k-1'", ERR_IDEMPOTENCY_KEY_CONFLICT);
	ck_assert_int_eq(count("messages"), 1);
}
END_TEST

/* Odd text survives. */
START_TEST(any_text)
{
	struct str s = tool_ok(&f, "send_message",
	    "{'project_key':'/data/h/send','sender_name':'BlueLake','to':['RedStone'],'subject':'','body_md':'a\\u0000b\\r\\n\\ud83d\\ude80'}");

	ck_has(s, "'body_md':'a\\u0000b\\r\\n\xf0\x9f\x9a\x80'");
	ck_assert_int_eq(fixture_int(&f, "SELECT length(CAST(body_md AS BLOB)) FROM messages"), 9);
}
END_TEST

Suite *
suite_send_message(void)
{
	Suite *s = suite_create("send_message");
	TCase *t = tcase_create("send_message");
	const TTest *const tests[] = { plain, all_options, nobody, to_itself, named_twice_is_kept_once, bare_strings,
		spellings, unknown_recipients, mixed_unknowns, mistakes, thread_and_topic, subject_is_cut_with_a_warning,
		unknown_importance_warns, attachments_that_nobody_looked_at, inline_images, tokens, order_of_faults,
		auto_stranger, contacts_only_wants_an_approval, auto_approval_in_one_session,
		auto_approval_judges_nobody_again, closed_and_retired, broadcast, broadcast_that_reaches_nobody,
		alone_in_the_project, auto_registered_recipients_get_the_mail, across_projects,
		foreign_closed_and_retired, foreign_contact_is_asked_for, conflicts, idempotency, any_text };

	tcase_add_checked_fixture(t, setup, fixture_end);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return s;
}
