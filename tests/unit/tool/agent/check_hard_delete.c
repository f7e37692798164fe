/*
 * hard_delete_agent, hard_delete_project: rows, counts, what is kept (decision
 * 3.46), and that nothing comes back under a name that is free again.
 */
#include <check.h>

#include "conf/conf.h"
#include "mail/search/search.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define SURE "'confirmation':'I UNDERSTAND'"
#define WHO "'project_key':'/data/h/alpha','agent_name':'BlueLake'"

static struct fixture f;
static struct project p, q;
static struct agent lake, castle, fox;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	q = people_project(&f, "/data/h/beta");
	fox = people_agent(&f, &q, "RedFox", "auto");
}

START_TEST(confirmation)
{
	static const char *const words[] = { "yes", "i understand", " I UNDERSTAND", "" };

	for (size_t i = 0; i < 4; i++) {
		tool_fails(&f, "hard_delete_agent",
		    arena_printf(&f.arena, "{'project_key':'/nope','agent_name':'x','confirmation':'%s'}", words[i]).p,
		    ERR_INVALID_ARGUMENT);
		ck_fail(&f, ERR_INVALID_ARGUMENT,
		    "Hard delete requires the confirmation parameter to be exactly 'I UNDERSTAND'");
		tool_fails(&f, "hard_delete_project",
		    arena_printf(&f.arena, "{'project_key':'/nope','confirmation':'%s'}", words[i]).p,
		    ERR_INVALID_ARGUMENT);
	}
	tool_fails(&f, "hard_delete_agent", "{" WHO "}", ERR_VALIDATION_ERROR);
	tool_fails(&f, "hard_delete_agent", "{'project_key':'/data/h/alpha','agent_name':'NoSuchOne'," SURE "}",
	    ERR_NOT_FOUND);
	tool_fails(&f, "hard_delete_project", "{'project_key':'/data/h/gamma'," SURE "}", ERR_NOT_FOUND);
}
END_TEST

START_TEST(agent_without_anything)
{
	ck_json(tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE "}"),
	    "{'status':'hard_deleted','agent_name':'BlueLake','project_key':'/data/h/alpha','deleted_counts':{"
	    "'message_recipients':0,'messages_sent':0,'file_reservations':0,'agent_links':0,'window_identities':0,'agent':1,"
	    "'archive_files_removed':1,'archive_dirs_removed':0},'filesystem_errors':[]}");
	ck_assert_int_eq(fixture_int(&f, "SELECT kind FROM outbox ORDER BY id DESC"), 5);
	ck_has(fixture_str(&f, "SELECT payload FROM outbox ORDER BY id DESC"), "{'agent':'BlueLake'}");
}
END_TEST

START_TEST(agent_with_everything)
{
	int64_t sent = people_mail(&f, &p, &lake, &castle, "sent"), got = people_mail(&f, &p, &castle, &lake, "got");
	int64_t abroad = people_letter(&f, &q, &lake, &fox, RECIPIENT_TO, (struct outgoing){ .subject = STR("abroad") });
	struct agent gone;

	people_mail(&f, &p, &lake, &lake, "to myself");
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts) VALUES (1, 1, 'src/**', 1, 9e15)");
	fixture_sql(&f,
	    "INSERT INTO agent_links (a_project_id, a_agent_id, b_project_id, b_agent_id, created_ts, updated_ts) VALUES (1, 1, 1, 2, 1, 1), (1, 2, 1, 1, 1, 1)");
	fixture_sql(&f,
	    "INSERT INTO window_identities (project_id, window_uuid, display_name, created_ts, last_active_ts) VALUES (1, 'u', 'BlueLake', 1, 1), (2, 'u', 'BlueLake', 1, 1)");
	ck_json(tool_ok(&f, "hard_delete_agent", "{'project_key':'/data/h/alpha','agent_name':'bluelake'," SURE "}"),
	    "{'status':'hard_deleted','agent_name':'bluelake','project_key':'/data/h/alpha','deleted_counts':{"
	    "'message_recipients':2,'sent_message_recipients':1,'messages_sent':2,'file_reservations':1,'agent_links':2,"
	    "'window_identities':1,'agent':1,'archive_files_removed':5,'archive_dirs_removed':6},'filesystem_errors':[]}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 2);
	ck_assert_int_eq(fixture_int(&f,
			     arena_printf(&f.arena, "SELECT count(*) FROM messages WHERE id IN (%lld, %lld)",
				 (long long)got, (long long)abroad)
				 .p),
	    2);
	ck_assert_int_eq(
	    fixture_int(&f,
		arena_printf(&f.arena,
		    "SELECT count(*) FROM messages_removed WHERE reason = 'hard_delete' AND id = %lld", (long long)sent)
		    .p),
	    1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages_removed"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE agent_id = 1"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM recipients_removed"), 1);
	ck_assert_int_eq(agent_by_id(&f.cx, lake.id, &gone), 1);
	ck_str(gone.name, "BlueLake");
	ck_assert_uint_eq(gone.registration_token.n, 0);
	ck_has(tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/beta','agent_name':'RedFox'}"), "'from':'BlueLake'");
	ck_has(tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/beta','agent_name':'RedFox'}"),
	    "'from_project':'/data/h/alpha'");
	/* The archive's record of the reservation was released first. */
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 4 AND payload LIKE '%released_ts%2025%'"), 1);
}
END_TEST

START_TEST(the_name_is_free_again)
{
	struct str token = fixture_str(&f, "SELECT coalesce(registration_token, '') FROM agents WHERE id = 1");

	people_mail(&f, &p, &castle, &lake, "for the old one");
	tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE "}");
	tool_fails(&f, "whois", "{" WHO "}", ERR_NOT_FOUND);
	tool_fails(&f, "send_message",
	    "{'project_key':'/data/h/alpha','sender_name':'GreenCastle','to':['BlueLake'],'subject':'s','body_md':'b'}",
	    ERR_RECIPIENT_NOT_FOUND);
	ck_has(tool_ok(
		   &f, "register_agent", "{'project_key':'/data/h/alpha','program':'p','model':'m','name':'BlueLake'}"),
	    "'id':4,");
	ck_json(tool_ok(&f, "fetch_inbox", "{" WHO "}"), "[]");
	ck_assert(token.n == 0 || fixture_int(&f, "SELECT count(DISTINCT registration_token) FROM agents") > 0);
	tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE "}");
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'BlueLake' AND deleted_at IS NOT NULL"), 2);
}
END_TEST

/* What other areas keep of an agent and of a project: it all goes. */
START_TEST(nothing_lingers)
{
	static const char *const tables[] = { "message_summaries", "product_project_links", "build_slots",
		"agent_traffic", "mcp_bindings", "idempotency", "file_reservations", "window_identities" };

	tool_ok(&f, "acquire_build_slot", "{" WHO ",'slot':'ci'}");
	fixture_sql(&f, "INSERT INTO agent_traffic VALUES (1, 2, 5), (2, 3, 5)");
	fixture_sql(&f, "INSERT INTO mcp_bindings VALUES (x'00', 1, 1, 1, 5), (x'00', 1, 2, 1, 5), (x'00', 2, 3, 1, 5)");
	fixture_sql(&f, "INSERT INTO products (product_uid, name, created_at) VALUES ('u', 'n', 1)");
	fixture_sql(&f, "INSERT INTO product_project_links (product_id, project_id, created_at) VALUES (1, 1, 1)");
	fixture_sql(&f,
	    "INSERT INTO message_summaries (project_id, viewer_id, summary_text, start_ts, end_ts, last_message_id, created_ts) "
	    "VALUES (1, 1, '{}', 1, 1, 1, 1), (1, 0, '{}', 1, 1, 1, 1)");
	fixture_sql(&f, "INSERT INTO idempotency VALUES (1, 't', 'k', x'00', '{}', 9e15)");
	tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE "}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM build_slots"), 0);
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE payload LIKE '%ci%' ORDER BY id DESC"), "released");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_traffic"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM mcp_bindings"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM message_summaries"), 1);
	ck_has(tool_ok(&f, "hard_delete_project", "{'project_key':'/data/h/alpha'," SURE "}"),
	    "'message_summaries':1,'sibling_suggestions':0,'product_links':1");
	fixture_sql(&f, "DELETE FROM mcp_bindings WHERE project_id = 2");
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		ck_assert_msg(fixture_int(&f, arena_printf(&f.arena, "SELECT count(*) FROM %s", tables[i]).p) == 0,
		    "%s", tables[i]);
}
END_TEST

/* The search index forgets the words, and stays sound. */
START_TEST(search_forgets)
{
	people_mail(&f, &p, &lake, &castle, "zebra");
	people_mail(&f, &p, &castle, &lake, "giraffe");
	fixture_sql(&f,
	    "INSERT INTO fts_messages (rowid, subject, body) SELECT id, subject, body_md FROM messages WHERE id = 1");
	fixture_sql(&f, "UPDATE keeper_state SET value = 1 WHERE key = 'indexed_through'");
	people_mail(&f, &p, &lake, &castle, "zebra two, not indexed");
	tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE "}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM fts_messages WHERE fts_messages MATCH 'zebra'"), 0);
	fixture_sql(&f, "INSERT INTO fts_messages (fts_messages) VALUES ('integrity-check')");
	ck_json(tool_ok(&f, "search_messages", "{'project_key':'/data/h/alpha','query':'zebra'}"), "{'result':[]}");
}
END_TEST

START_TEST(project_goes)
{
	people_mail(&f, &p, &lake, &castle, "one");
	people_letter(
	    &f, &p, &castle, &lake, RECIPIENT_TO, (struct outgoing){ .subject = STR("two"), .thread_id = STR("T-1") });
	people_letter(&f, &q, &lake, &fox, RECIPIENT_TO, (struct outgoing){ .subject = STR("abroad") });
	ck_json(tool_ok(&f, "hard_delete_project", "{'project_key':'data-h-alpha'," SURE "}"),
	    "{'status':'hard_deleted','project_key':'data-h-alpha','slug':'data-h-alpha','deleted_counts':{'agents':2,"
	    "'messages':2,'message_recipients':2,'file_reservations':0,'agent_links':0,'window_identities':0,"
	    "'message_summaries':0,'sibling_suggestions':0,'product_links':0,'project':1,'archive_files_removed':9,"
	    "'archive_dirs_removed':19},'filesystem_errors':[]}");
	tool_fails(&f, "list_agents", "{'project_key':'data-h-alpha'}", ERR_NOT_FOUND);
	tool_fails(&f, "list_agents", "{'project_key':'/data/h/alpha'}", ERR_NOT_FOUND);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages WHERE project_id = 1"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages_removed"), 2);
	ck_has(tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/beta','agent_name':'RedFox'}"), "'from':'BlueLake'");
	ck_has(tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/beta','agent_name':'RedFox'}"),
	    "'from_project':'/data/h/alpha'");
	/* Anew under the same key: the same slug, nobody in it. */
	ck_has(tool_ok(&f, "ensure_project", "{'human_key':'/data/h/alpha'}"), "'id':3,'slug':'data-h-alpha'");
	ck_json(tool_ok(&f, "list_agents", "{'project_key':'/data/h/alpha'}"), "[]");
}
END_TEST

START_TEST(empty_project_goes)
{
	people_project(&f, "/data/h/empty");
	ck_json(tool_ok(&f, "hard_delete_project", "{'project_key':'/data/h/empty'," SURE "}"),
	    "{'status':'hard_deleted','project_key':'/data/h/empty','slug':'data-h-empty','deleted_counts':{'agents':0,"
	    "'messages':0,'file_reservations':0,'window_identities':0,'message_summaries':0,'sibling_suggestions':0,"
	    "'product_links':0,'project':1,'archive_files_removed':0,'archive_dirs_removed':0},'filesystem_errors':[]}");
	ck_has(fixture_str(&f, "SELECT payload FROM outbox ORDER BY id DESC"), "{}");
}
END_TEST

START_TEST(tokens)
{
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	fixture_sql(&f, "UPDATE agents SET registration_token = name");
	tool_fails(&f, "hard_delete_agent", "{" WHO "," SURE "}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "hard_delete_agent", "{" WHO "," SURE ",'registration_token':'GreenCastle'}",
	    ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "hard_delete_project", "{'project_key':'/data/h/alpha'," SURE "}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "hard_delete_project", "{'project_key':'/data/h/alpha'," SURE ",'registration_token':'RedFox'}",
	    ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE deleted_at IS NULL"), 3);
	tool_ok(&f, "hard_delete_agent", "{" WHO "," SURE ",'registration_token':'BlueLake'}");
	tool_ok(
	    &f, "hard_delete_project", "{'project_key':'/data/h/alpha'," SURE ",'registration_token':'GreenCastle'}");
}
END_TEST

START_TEST(idempotency_outlives_the_project)
{
	const char *call = "{'project_key':'/data/h/alpha'," SURE ",'idempotency_key':'k1'}";

	tool_ok(&f, "hard_delete_project", call);
	ck_has(tool_ok(&f, "hard_delete_project", call), "'idempotent_replay':true");
}
END_TEST

Suite *
suite_hard_delete(void)
{
	Suite *s = suite_create("hard_delete");
	TCase *t = tcase_create("hard_delete");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, confirmation);
	tcase_add_test(t, agent_without_anything);
	tcase_add_test(t, agent_with_everything);
	tcase_add_test(t, the_name_is_free_again);
	tcase_add_test(t, nothing_lingers);
	tcase_add_test(t, search_forgets);
	tcase_add_test(t, project_goes);
	tcase_add_test(t, empty_project_goes);
	tcase_add_test(t, tokens);
	tcase_add_test(t, idempotency_outlives_the_project);
	suite_add_tcase(s, t);
	return s;
}
