/*
 * check_products - products, and reading over their projects (contract/reservations-resources.md 7 and its traps).
 */
#include <check.h>

#include "conf/conf.h"
#include "resource/registry.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project one, two;
static struct agent blue, green, blue2, red2;

static void
setup(void)
{
	people_pair(&f, "/data/one", "open", &one, &blue, &green);
	two = people_project(&f, "/data/two");
	blue2 = people_agent(&f, &two, "BlueLake", "open");
	red2 = people_agent(&f, &two, "RedStone", "open");
	fixture_sql(&f, "UPDATE agents SET registration_token = 'tok' || id");
}

static void
linked(void)
{
	tool_ok(&f, "ensure_product", "{'product_key':'deadbeef01','name':'Dead Beef'}");
	tool_ok(&f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/one'}");
	tool_ok(&f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/two'}");
}

static void
letter(const struct project *p, const struct agent *from, const struct agent *to, const char *subject, const char *body)
{
	people_letter(&f, p, from, to, RECIPIENT_TO,
	    (struct outgoing){ .subject = str_c(subject), .body_md = str_c(body), .thread_id = STR("T-1") });
	fixture_tick(&f, 1000000);
}

static void
mail(void)
{
	linked();
	letter(&one, &blue, &green, "Alpha zebra", "- a @Ann");
	letter(&two, &red2, &blue2, "Beta zebra", "- b");
	letter(&one, &green, &blue, "Gamma", "- c");
}

START_TEST(made_and_found)
{
	struct str got = tool_ok(&f, "ensure_product", "{'product_key':'deadbeef01','name':'Dead Beef'}");

	ck_has(got, "{'id':1,'product_uid':'deadbeef01','name':'Dead Beef','created_at':'");
	ck_has(tool_ok(&f, "ensure_product", "{'product_key':' Dead Beef '}"), "{'id':1,");
	ck_has(tool_ok(&f, "ensure_product", "{'name':'deadbeef01'}"), "{'id':1,");
	got = tool_ok(&f, "ensure_product", "{'name':'  My   Product \\n Line '}");
	ck_has(got, "'name':'My Product Line'");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT length(product_uid) FROM products WHERE id = 2"), 20);
	/* Ours: asked again the same way it is found. */
	ck_has(tool_ok(&f, "ensure_product", "{'name':'  My   Product \\n Line '}"), "{'id':2,");
	tool_fails(&f, "ensure_product", "{}", ERR_INVALID_ARGUMENT);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "Provide product_key or name.");
	tool_fails(&f, "ensure_product", "{'product_key':' ','name':''}", ERR_INVALID_ARGUMENT);
}
END_TEST

/* Ours: an upper-case key is the same product, a key that is no uid is remembered, a taken name is said. */
START_TEST(keys_of_all_kinds)
{
	struct str got = tool_ok(&f, "ensure_product", "{'product_key':'ABCDEF0123456789'}");

	ck_has(got, "'product_uid':'abcdef0123456789','name':'ABCDEF0123456789'");
	ck_has(tool_ok(&f, "ensure_product", "{'product_key':'ABCDEF0123456789'}"), "{'id':1,");
	ck_has(tool_ok(&f, "ensure_product", "{'product_key':'shop','name':'The Shop'}"), "'name':'The Shop'");
	ck_has(tool_ok(&f, "ensure_product", "{'product_key':'shop'}"), "'name':'The Shop'");
	ck_has(tool_ok(&f, "ensure_product", "{'product_key':'abcdefa','name':' '}"), "'name':'abcdefa'");
	tool_fails(&f, "ensure_product", "{'product_key':'other','name':'The Shop'}", ERR_CONFLICT);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM products"), 3);
}
END_TEST

START_TEST(long_names)
{
	struct str got = tool_ok(&f, "ensure_product", arena_printf(&f.arena, "{'name':'%0300d'}", 7).p);

	ck_assert(got.p != NULL);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT length(name) FROM products"), 255);
	ck_has(tool_ok(&f, "ensure_product", arena_printf(&f.arena, "{'name':'%0300d'}", 7).p), "{'id':1,");
	tool_fails(&f, "ensure_product", arena_printf(&f.arena, "{'product_key':'%01100d'}", 7).p, ERR_INVALID_ARGUMENT);
}
END_TEST

START_TEST(linking)
{
	linked();
	ck_json(tool_ok(&f, "products_link", "{'product_key':'deadbeef01','project_key':'data-one'}"),
	    "{'product':{'id':1,'product_uid':'deadbeef01','name':'Dead Beef'},"
	    "'project':{'id':1,'slug':'data-one','human_key':'/data/one'},'linked':true}");
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM product_project_links"), 2);
	tool_fails(&f, "products_link", "{'product_key':'nope','project_key':'/data/one'}", ERR_NOT_FOUND);
	ck_fail(&f, ERR_NOT_FOUND, "Product 'nope' not found.");
	tool_fails(&f, "products_link", "{'product_key':'deadbeef01','project_key':'/nowhere'}", ERR_NOT_FOUND);
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 254) "
	    "INSERT INTO projects (slug, human_key, created_at) SELECT 's' || i, '/s' || i, 1 FROM n");
	fixture_sql(&f,
	    "INSERT OR IGNORE INTO product_project_links (product_id, project_id, created_at) SELECT 1, id, 1 FROM projects");
	people_project(&f, "/data/last");
	tool_fails(&f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/last'}", ERR_INVALID_ARGUMENT);
	ck_has(tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra'}"), "{'result':[]}");
}
END_TEST

/* Decision 3.38: with tokens nobody writes unknown. */
START_TEST(writers_are_known)
{
	linked();
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(&f, "ensure_product", "{'product_key':'x'}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(
	    &f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/one'}", ERR_AUTHENTICATION_REQUIRED);
	tool_ok(
	    &f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/one','registration_token':'tok1'}");
	f.cx.caller.session = STR("session");
	tool_ok(
	    &f, "products_link", "{'product_key':'deadbeef01','project_key':'/data/one','registration_token':'tok1'}");
	tool_ok(&f, "ensure_product", "{'product_key':'x'}");
}
END_TEST

START_TEST(search)
{
	struct str got;

	mail();
	got = tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra'}");
	ck_has(got, "{'id':1,'subject':'Alpha zebra','importance':'normal','ack_required':false,'created_ts':'");
	ck_has(got, "'thread_id':'T-1','project_id':2,'from':'RedStone'}");
	got = tool_ok(&f, "search_messages_product",
	    "{'product_key':'deadbeef01','query':'zebra','ranking':'recency','limit':1}");
	ck_has(got, "{'result':[{'id':2,");
	got = tool_ok(&f, "search_messages_product",
	    "{'product_key':'deadbeef01','query':'zebra','ranking':'recency','limit':1,'offset':1}");
	ck_has(got, "{'result':[{'id':1,");
	got = tool_ok(
	    &f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra','agent_name':'GreenCastle'}");
	ck_has(got, "Alpha");
	ck_assert(str_find(got, STR("Beta")) < 0);
	got = tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra','proj':'/data/two'}");
	ck_assert(str_find(got, STR("Alpha")) < 0);
	/* A query that is no full-text query, over both. */
	ck_has(tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra(','explain':true}"),
	    "Beta");
}
END_TEST

/* Unsearchable queries succeed without product. */
START_TEST(search_nothing)
{
	ck_json(tool_ok(&f, "search_messages_product", "{'product_key':'nope','query':' * '}"), "{'result':[]}");
	tool_fails(&f, "search_messages_product", "{'product_key':'nope','query':'zebra'}", ERR_NOT_FOUND);
	tool_ok(&f, "ensure_product", "{'product_key':'empty'}");
	tool_fails(
	    &f, "search_messages_product", "{'product_key':'empty','query':'zebra'}", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

/* One token opens the projects whose agent has it; a wrong one opens nothing, trusted or bound. */
START_TEST(tokens)
{
	struct str got;

	mail();
	tool_fails(&f, "search_messages_product",
	    "{'product_key':'deadbeef01','query':'zebra','agent_name':'BlueLake','registration_token':'bad'}",
	    ERR_AUTHENTICATION_REQUIRED);
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(
	    &f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra'}", ERR_AUTHENTICATION_REQUIRED);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED,
	    "search_messages_product requires an authenticated agent on at least one project "
	    "linked to product 'deadbeef01'. Provide agent_name plus registration_token, or authenticate an agent in this MCP "
	    "session first.");
	tool_fails(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra','agent_name':'Nobody'}",
	    ERR_AUTHENTICATION_REQUIRED);
	got = tool_ok(&f, "search_messages_product",
	    "{'product_key':'deadbeef01','query':'zebra','agent_name':'bluelake','registration_token':'tok1'}");
	ck_has(got, "Alpha");
	ck_assert(str_find(got, STR("Beta")) < 0);
	f.cx.caller.session = STR("session");
	tool_ok(&f, "fetch_inbox",
	    "{'project_key':'/data/two','agent_name':'BlueLake','mark_read':true,'registration_token':'tok3'}");
	f.cx.caller.session = STR("session");
	got = tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra'}");
	ck_has(got, "Beta");
	ck_assert(str_find(got, STR("Alpha")) < 0);
	tool_fails(&f, "search_messages_product",
	    "{'product_key':'deadbeef01','query':'zebra','registration_token':'tok3'}", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(inbox)
{
	struct str got;

	mail();
	got = tool_ok(&f, "fetch_inbox_product", "{'product_key':'Dead Beef','agent_name':'BlueLake'}");
	ck_has(got, "[{'id':3,'project_id':1,'sender_id':2,'thread_id':'T-1','topic':null,'subject':'Gamma',");
	ck_has(got, "'from':'GreenCastle','kind':'to'},{'id':2,'project_id':2,");
	ck_has(tool_ok(&f, "fetch_inbox_product",
		   "{'product_key':'Dead Beef','agent_name':'BlueLake','include_bodies':true,"
		   "'limit':1}"),
	    "'body_md':'- c'");
	ck_json(
	    tool_ok(&f, "fetch_inbox_product", "{'product_key':'Dead Beef','agent_name':'BlueLake','limit':0}"), "[]");
	ck_json(
	    tool_ok(&f, "fetch_inbox_product", "{'product_key':'Dead Beef','agent_name':'BlueLake','limit':-5}"), "[]");
	ck_json(tool_ok(&f, "fetch_inbox_product",
		    "{'product_key':'Dead Beef','agent_name':'BlueLake','urgent_only':true}"),
	    "[]");
	ck_has(
	    tool_ok(&f, "fetch_inbox_product", "{'product_key':'Dead Beef','agent_name':'BlueLake','since_ts':'soon'}"),
	    "'id':2,");
	ck_assert_ptr_nonnull(f.cx.warnings);
	tool_fails(&f, "fetch_inbox_product", "{'product_key':'Dead Beef','agent_name':'Nobody'}",
	    ERR_AUTHENTICATION_REQUIRED);
	ck_assert_int_eq((int)fixture_int(&f, "SELECT count(*) FROM message_recipients WHERE read_ts IS NOT NULL"), 0);
}
END_TEST

START_TEST(thread)
{
	struct str got;

	mail();
	got = tool_ok(
	    &f, "summarize_thread_product", "{'product_key':'deadbeef01','thread_id':'T-1','include_examples':true}");
	ck_has(got,
	    "{'thread_id':'T-1','summary':{'participants':['BlueLake','GreenCastle','RedStone'],'key_points':['a @Ann','b',"
	    "'c'],'action_items':[],'total_messages':3,");
	ck_has(got, "'examples':[{'id':1,'subject':'Alpha zebra','from':'BlueLake',");
	ck_has(tool_ok(&f, "summarize_thread_product",
		   "{'product_key':'deadbeef01','thread_id':'T-1','per_thread_limit':2}"),
	    "'key_points':['a @Ann','b'],");
	ck_has(tool_ok(&f, "summarize_thread_product",
		   "{'product_key':'deadbeef01','thread_id':'T-1','per_thread_limit':0,'agent_name':'GreenCastle'}"),
	    "'key_points':['a @Ann','c'],");
	ck_json(tool_ok(&f, "summarize_thread_product", "{'product_key':'deadbeef01','thread_id':' T-1'}"),
	    "{'thread_id':' T-1','summary':{'participants':[],'key_points':[],'action_items':[],'total_messages':0,"
	    "'open_actions':0,'done_actions':0,'mentions':[]},'examples':[]}");
}
END_TEST

/* Trap 40: without per_thread_limit all of a thread counts, not fifty. */
START_TEST(whole_thread)
{
	linked();
	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) "
	    "INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts) "
	    "SELECT 1, 1, 'M', 's' || i, '- b' || i, i FROM n");
	ck_has(tool_ok(&f, "summarize_thread_product", "{'product_key':'deadbeef01','thread_id':'M'}"),
	    "'total_messages':60");
}
END_TEST

START_TEST(resource)
{
	const struct resource *r = NULL;
	struct p_str key = { STR("deadbeef01"), true };
	struct buf b;
	struct jw w;

	linked();
	for (size_t i = 0; resource_registry[i]; i++)
		if (str_eqc(str_c(resource_registry[i]->op.name), "product_resource"))
			r = resource_registry[i];
	ck_assert_ptr_nonnull(r);
	buf_init(&b, &f.arena);
	jw_init(&w, &b, JW_COMPACT);
	ck_assert_int_eq(r->op.run(fixture_again(&f), &key, &w), 0);
	ck_has(buf_flat(&b), "{'id':1,'product_uid':'deadbeef01','name':'Dead Beef','created_at':'");
	ck_has(buf_flat(&b), "'projects':[{'id':1,'slug':'data-one','human_key':'/data/one','created_at':'");
	key.v = STR("none");
	ck_assert_int_eq(r->op.run(fixture_again(&f), &key, &w), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Product 'none' not found.");
}
END_TEST

START_TEST(deleted_projects_leave)
{
	mail();
	ck_has(tool_ok(&f, "hard_delete_project", "{'project_key':'/data/two','confirmation':'I UNDERSTAND'}"),
	    "'product_links':1,");
	ck_assert(str_find(tool_ok(&f, "search_messages_product", "{'product_key':'deadbeef01','query':'zebra'}"),
		      STR("Beta")) < 0);
}
END_TEST

Suite *suite_products(void);

Suite *
suite_products(void)
{
	Suite *s = suite_create("products");
	TCase *t = tcase_create("products");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, made_and_found);
	tcase_add_test(t, keys_of_all_kinds);
	tcase_add_test(t, long_names);
	tcase_add_test(t, linking);
	tcase_add_test(t, writers_are_known);
	tcase_add_test(t, search);
	tcase_add_test(t, search_nothing);
	tcase_add_test(t, tokens);
	tcase_add_test(t, inbox);
	tcase_add_test(t, thread);
	tcase_add_test(t, whole_thread);
	tcase_add_test(t, resource);
	tcase_add_test(t, deleted_projects_leave);
	suite_add_tcase(s, t);
	return s;
}
