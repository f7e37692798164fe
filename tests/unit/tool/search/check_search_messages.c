/*
 * check_search_messages - the tool's own shape, who may look, and what stands beside the rows
 * (contract/reservations-resources.md 2.1, contract/rest-and-rust-peers.md B.6.8).
 */
#include <check.h>

#include "conf/conf.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

static void
setup(void)
{
	people_pair(&f, "/data/search", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
	people_mail(&f, &p, &blue, &green, "Zebra plan");
}

static struct str
search(const char *rest)
{
	return tool_ok(&f, "search_messages", arena_printf(&f.arena, "{'project_key':'/data/search',%s}", rest).p);
}

static struct str
refused(const char *rest, enum err code)
{
	return tool_fails(
	    &f, "search_messages", arena_printf(&f.arena, "{'project_key':'/data/search',%s}", rest).p, code);
}

START_TEST(rows_in_the_order_of_the_contract)
{
	struct str got = search("'query':'zebra'");

	ck_has(
	    got, "{'result':[{'id':1,'subject':'Zebra plan','importance':'normal','ack_required':false,'created_ts':'");
	ck_has(got, "','thread_id':null,'from':'BlueLake'}]}");
}
END_TEST

START_TEST(nothing_found)
{
	ck_json(search("'query':'unicorn'"), "{'result':[]}");
	ck_json(search("'query':' * '"), "{'result':[]}");
	ck_json(search("'query':'zebra','limit':0"), "{'result':[]}");
}
END_TEST

START_TEST(viewer)
{
	ck_has(search("'query':'zebra','agent_name':'greencastle'"), "Zebra plan");
	ck_json(search("'query':'zebra','agent_name':'RedStone'"), "{'result':[]}");
	refused("'query':'zebra','agent_name':'BlueLake','registration_token':'wrong'", ERR_AUTHENTICATION_REQUIRED);
	refused("'query':'zebra','agent_name':'Nobody'", ERR_NOT_FOUND);
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	refused("'query':'zebra'", ERR_AUTHENTICATION_REQUIRED);
}
END_TEST

START_TEST(unknown_project)
{
	tool_fails(&f, "search_messages", "{'project_key':'/nowhere','query':'zebra'}", ERR_NOT_FOUND);
}
END_TEST

START_TEST(facets_and_aliases)
{
	ck_has(search("'query':'zebra','from_agent':'BLUELAKE','importance':'normal','since':'2020-01-01','limit':5"),
	    "Zebra");
	ck_json(search("'query':'zebra','sender_name':'RedStone'"), "{'result':[]}");
	refused("'query':'zebra','importance':'loud'", ERR_INVALID_ARGUMENT);
	refused("'query':'zebra','until':'soon'", ERR_INVALID_ARGUMENT);
}
END_TEST

START_TEST(body_and_explanation)
{
	struct str got = search("'query':'zebra(plan','include_body_md':true,'explain':true");

	ck_has(got, "'body_md':'");
	got = search("'query':'zebra*','ranking':'recency','explain':true");
	ck_has(got,
	    "'explain':{'method':'lexical_v3','normalized_query':'zebra*','used_like_fallback':false,"
	    "'facets_applied':['project_id'],'ranking':'recency','candidates':1,'scope_policy':'project'}}");
}
END_TEST

START_TEST(cursor_leads_on)
{
	struct str got, cursor;
	ptrdiff_t at;

	people_mail(&f, &p, &green, &red, "Zebra again");
	got = search("'query':'zebra','limit':1,'ranking':'recency'");
	ck_has(got, "Zebra again");
	at = str_find(got, STR("\"next_cursor\":\""));
	ck_assert_int_ge(at, 0);
	cursor = str_sub(got, (size_t)at + 15, got.n - (size_t)at - 17);
	got = search(arena_printf(
	    &f.arena, "'query':'zebra','limit':1,'ranking':'recency','cursor':'%.*s'", (int)cursor.n, cursor.p)
			 .p);
	ck_has(got, "Zebra plan");
	refused("'query':'zebra','cursor':'nonsense'", ERR_INVALID_ARGUMENT);
}
END_TEST

/* A mail that somebody sends from another project says where from. */
START_TEST(foreign_sender)
{
	struct project other = people_project(&f, "/data/other");
	struct agent far = people_agent(&f, &other, "CalmOtter", "open");

	people_mail(&f, &p, &far, &green, "Zebra abroad");
	ck_has(search("'query':'abroad'"),
	    "'from':'CalmOtter','from_project':'/data/other','from_project_slug':'data-other',"
	    "'from_address':'project:data-other#CalmOtter'}");
}
END_TEST

START_TEST(bounded_answers_say_so)
{
	f.conf->search_budget = 0;
	ck_has(search("'query':'zebra'"), "'diagnostics':{'degraded':true,'budget_exhausted':true,");
}
END_TEST

Suite *suite_search_messages(void);

Suite *
suite_search_messages(void)
{
	Suite *s = suite_create("search_messages");
	TCase *t = tcase_create("search_messages");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, rows_in_the_order_of_the_contract);
	tcase_add_test(t, nothing_found);
	tcase_add_test(t, viewer);
	tcase_add_test(t, unknown_project);
	tcase_add_test(t, facets_and_aliases);
	tcase_add_test(t, body_and_explanation);
	tcase_add_test(t, cursor_leads_on);
	tcase_add_test(t, foreign_sender);
	tcase_add_test(t, bounded_answers_say_so);
	suite_add_tcase(s, t);
	return s;
}
