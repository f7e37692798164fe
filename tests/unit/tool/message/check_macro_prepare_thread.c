/*
 * macro_prepare_thread: recorded shapes (contract recorded/messaging.jsonl:
 * macros), who may join, and all or nothing.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define TOOL "macro_prepare_thread"
#define ARGS "'project_key':'/data/h/macro','thread_id':'TH-1','program':'prog','model':'mod'"
/* Times of messages rise. */
#define TS_OF(last) "'2025-10-23T07:08:09.12345" last "+00:00'"
#define TS TS_OF("6")
#define ROW(id, subject, last) \
	"{'id':" id ",'project_id':1,'sender_id':1,'thread_id':'TH-1','topic':null,'subject':'" subject \
	"','importance':'high','ack_required':false,'created_ts':" TS_OF( \
	    last) ",'attachments':[],'from':'GreenCastle','kind':'to'}"

static struct fixture f;
static struct project p;
static struct agent lake, castle, stone;

static void
mail(const char *thread, const char *subject, const char *body)
{
	people_letter(&f, &p, &castle, &lake, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject),
		.body_md = str_c(body),
		.thread_id = str_c(thread),
		.importance = STR("high") });
}

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/h/macro");
	castle = people_agent(&f, &p, "GreenCastle", "auto");
	lake = people_agent(&f, &p, "BlueLake", "auto");
	stone = people_agent(&f, &p, "RedStone", "auto");
	for (int i = 0; i < 3; i++)
		mail("TH-1", arena_printf(&f.arena, "m%d", i).p,
		    arena_printf(&f.arena,
			"- point %d\n- [ ] open @BlueLake\n"
			"- [x] done\nnext step `src/x.py`",
			i)
			.p);
}

static struct str
prepare(const char *rest)
{
	return tool_ok(&f, TOOL, arena_printf(&f.arena, "{" ARGS "%s}", rest).p);
}

static struct str
refused(const char *args, enum err code)
{
	return tool_fails(&f, TOOL, arena_printf(&f.arena, "{%s}", args).p, code);
}

START_TEST(as_recorded)
{
	struct str got = prepare(",'agent_name':'BlueLake'"),
		   token = fixture_str(&f,
		       "SELECT registration_token FROM agents "
		       "WHERE name = 'BlueLake'");

	ck_has(got,
	    "{'project':{'id':1,'slug':'data-h-macro','human_key':'/data/h/macro','created_at':" TS "},'agent':{'id':2,"
	    "'name':'BlueLake','program':'prog','model':'mod','task_description':'','inception_ts':");
	ck_has(got,
	    arena_printf(&f.arena,
		"'project_id':1,'attachments_policy':'auto'},'registration_token':'%.*s','thread':{"
		"'thread_id':'TH-1','summary':{'participants':['GreenCastle'],'key_points':['point 0','open @BlueLake','done',"
		"'point 1','open @BlueLake','done','point 2','open @BlueLake','done'],",
		(int)token.n, token.p)
		.p);
	ck_has(got,
	    "'total_messages':3,'open_actions':3,'done_actions':3,'mentions':[{'name':'BlueLake','count':3}],"
	    "'code_references':['src/x.py']},'examples':[{'id':1,'subject':'m0','from':'GreenCastle','created_ts':" TS
	    "},");
	ck_has(got,
	    "{'id':3,'subject':'m2','from':'GreenCastle','created_ts':" TS_OF("8") "}],'total_messages':3},'inbox':[");
	ck_has(got, ROW("3", "m2", "8"));
	ck_has(got, ROW("1", "m0", "6"));
}
END_TEST

START_TEST(without_examples_and_inbox)
{
	ck_has(prepare(",'agent_name':'BlueLake','include_examples':false,'inbox_limit':0"),
	    "'examples':[],'total_messages':3},'inbox':[]}");
}
END_TEST

START_TEST(inbox_limits)
{
	struct str got = prepare(",'agent_name':'BlueLake','inbox_limit':1,'include_inbox_bodies':true");

	ck_has(got, "'inbox':[{'id':3,");
	ck_has(got, "'body_md':'- point 2\\n");
	ck_assert(str_find(got, str_c(toolcall_quotes(&f, "{'id':2,'project_id'"))) < 0);
	ck_has(prepare(",'agent_name':'BlueLake','inbox_limit':-1"), "'subject':'m0'");
	/* Nothing is marked read. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE read_ts IS NOT NULL"), 0);
}
END_TEST

/* A new agent has seen nothing yet (decision 3.25); without a name each call makes one (trap 60). */
START_TEST(newcomers)
{
	struct str got = prepare(",'agent_name':'GoldPeak','task_description':'join'");

	ck_has(got, "'name':'GoldPeak','program':'prog','model':'mod','task_description':'join'");
	ck_has(got, "'summary':{'participants':[],'key_points':[],'action_items':[],'total_messages':0,");
	prepare("");
	prepare("");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 6);
}
END_TEST

START_TEST(any_thread_id_is_looked_up)
{
	ck_has(prepare(",'agent_name':'BlueLake','thread_id':''"),
	    "'thread':{'thread_id':'','summary':{'participants':[]");
	ck_has(prepare(",'agent_name':'BlueLake','thread_id':'../x y'"),
	    "'thread_id':'../x y','summary':{'participants':[]");
	ck_has(prepare(",'agent_name':'BlueLake','thread_id':'1'"), "'total_messages':1},'inbox'");
}
END_TEST

/* Others' mail is neither summarized nor shown. */
START_TEST(only_what_the_agent_may_read)
{
	ck_has(prepare(",'agent_name':'RedStone'"), "'examples':[],'total_messages':0},'inbox':[]}");
}
END_TEST

START_TEST(without_registration)
{
	struct str got;

	ck_has(refused(ARGS ",'register_if_missing':false", ERR_INVALID_ARGUMENT),
	    "Invalid argument value: agent_name is required "
	    "when register_if_missing is False.. Check that all parameters have valid values.");
	refused(ARGS ",'register_if_missing':false,'agent_name':'GoldPeak'", ERR_NOT_FOUND);
	fixture_sql(&f, "UPDATE agents SET program = 'kept', registration_token = NULL WHERE name = 'BlueLake'");
	got = prepare(",'register_if_missing':false,'agent_name':'blue lake','program':' '");
	ck_has(got, "'program':'kept'");
	ck_has(got,
	    arena_printf(&f.arena, "'registration_token':'%s'",
		arena_cstr(&f.arena, fixture_str(&f, "SELECT registration_token FROM agents WHERE name = 'BlueLake'")))
		.p);
	ck_assert_int_eq(fixture_int(&f, "SELECT length(registration_token) FROM agents WHERE name = 'BlueLake'"), 43);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 3);
}
END_TEST

START_TEST(refusals_leave_nothing)
{
	static const struct {
		const char *args;
		enum err code;
	} cases[] = {
		{ "'project_key':'/no/such','thread_id':'T','program':'','model':'m'", ERR_NOT_FOUND },
		{ "'project_key':'/data/h/macro','thread_id':'T','program':' ','model':'m'", ERR_EMPTY_PROGRAM },
		{ "'project_key':'/data/h/macro','thread_id':'T','program':'p','model':''", ERR_EMPTY_MODEL },
		{ ARGS ",'agent_name':'YOUR_AGENT'", ERR_CONFIGURATION_ERROR },
		{ ARGS ",'registration_proof':'x'", ERR_VALIDATION_ERROR },
		{ ARGS ",'inbox_limit':'many'", ERR_VALIDATION_ERROR },
		{ "'project_key':'/data/h/macro','program':'p','model':'m'", ERR_VALIDATION_ERROR },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		refused(cases[i].args, cases[i].code);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents"), 3);
}
END_TEST

START_TEST(an_existing_agent_is_authenticated)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = 'secret' WHERE name = 'BlueLake'");
	ck_has(refused(ARGS ",'agent_name':'Blue Lake'", ERR_AUTHENTICATION_REQUIRED),
	    "macro_prepare_thread for an existing identity requires registration_token for agent ");
	ck_has(refused(ARGS ",'agent_name':'BlueLake','register_if_missing':false", ERR_AUTHENTICATION_REQUIRED),
	    "macro_prepare_thread requires registration_token for agent ");
	refused(ARGS ",'agent_name':'BlueLake','registration_token':'wrong'", ERR_AUTHENTICATION_REQUIRED);
	ck_has(prepare(",'agent_name':'BlueLake','registration_token':'secret'"), "'registration_token':'secret'");
}
END_TEST

/* Of a long thread the newest are read, and the answer says so. */
START_TEST(a_long_thread)
{
	struct str got;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) INSERT INTO messages "
	    "(project_id, sender_id, thread_id, subject, body_md, created_ts) SELECT 1, 2, 'TH-1', 's', '- p', 5 + i FROM n");
	got = prepare(",'agent_name':'BlueLake','inbox_limit':0");
	ck_has(got, "'total_messages':1000},");
	ck_has(got, "'warnings':['Only the newest 1000 messages of the thread were read.']");
}
END_TEST

Suite *
suite_macro_prepare_thread(void)
{
	Suite *s = suite_create("macro_prepare_thread");
	TCase *t = tcase_create("macro_prepare_thread");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, as_recorded);
	tcase_add_test(t, without_examples_and_inbox);
	tcase_add_test(t, inbox_limits);
	tcase_add_test(t, newcomers);
	tcase_add_test(t, any_thread_id_is_looked_up);
	tcase_add_test(t, only_what_the_agent_may_read);
	tcase_add_test(t, without_registration);
	tcase_add_test(t, refusals_leave_nothing);
	tcase_add_test(t, an_existing_agent_is_authenticated);
	tcase_add_test(t, a_long_thread);
	suite_add_tcase(s, t);
	return s;
}
