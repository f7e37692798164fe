/*
 * check_panes - pane identities: the files that registration writes,
 * resolve_pane_identity, cleanup_pane_identities (contract/rest-and-rust-peers.md B.6.5).
 */
#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "conf/conf.h"
#include "mail/agent/pane.h"
#include "mail/agent/pane_file.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define ALPHA "'project_key':'/data/h/alpha'"
#define ME ALPHA ",'program':'p','model':'m'"

static struct fixture f;
static struct project p;

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/h/alpha");
	setenv("HOME", f.dir.p, 1);
}

/* <dir>/<hash>[/name] */
static char *
file(const char *key, const char *name)
{
	char hex[SHA1_HEX + 1];

	hash_sha1_hex(str_c(key), hex);
	return arena_cstr(&f.arena,
	    arena_printf(&f.arena, "%.*s/%.12s%s%s", FSTR(f.conf->pane_identity_dir), hex, name[0] ? "/" : "", name));
}

static void
register_in(const char *name, const char *pane)
{
	tool_ok(&f, "register_agent", arena_printf(&f.arena, "{" ME ",'name':'%s','pane_id':'%s'}", name, pane).p);
}

START_TEST(names_of_files)
{
	static const char *const table[][2] = { { "%7", "7" }, { "work:0:1", "work-0-1" }, { "a.b/c", "a_b_c" },
		{ "%", "unknown" }, { " ", "unknown" }, { "..", "__" }, { "%%1", "_1" }, { "x-_Y9", "x-_Y9" } };

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		ck_str(pane_file_name(&f.arena, str_c(table[i][0])), table[i][1]);
}
END_TEST

START_TEST(registered_and_found)
{
	struct stat st;

	register_in("BlueLake", "%7");
	ck_json(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':' %7 '}"),
	    arena_printf(
		&f.arena, "{'agent_name':'BlueLake','pane_id':'%%7','identity_path':'%s'}", file("/data/h/alpha", "7"))
		.p);
	ck_assert_int_eq(stat(file("/data/h/alpha", "7"), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(st.st_size, 9);
	ck_assert_int_eq(stat(file("/data/h/alpha", ""), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0700);
	register_in("GreenCastle", "%7");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{'project_key':'data-h-alpha','pane_id':'%7'}"), "'GreenCastle'");
}
END_TEST

START_TEST(every_door_to_an_identity_assigns)
{
	ck_has(tool_ok(&f, "create_agent_identity", "{" ME ",'name_hint':'RedFox','pane_id':'%1'}"), "'RedFox'");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%1'}"), "'RedFox'");
	tool_ok(&f, "macro_start_session",
	    "{'human_key':'/data/h/alpha','program':'p','model':'m','agent_name':'RedFox','pane_id':'%2'}");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%2'}"), "'RedFox'");
}
END_TEST

START_TEST(the_header_speaks_for_the_client)
{
	f.cx.caller.pane = STR("%5");
	tool_ok(&f, "register_agent", "{" ME ",'name':'BlueLake'}");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA "}"), "'agent_name':'BlueLake','pane_id':'%5'");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'work:0:1'}"),
	    "'BlueLake','pane_id':'work:0:1'");
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%6'}", ERR_IDENTITY_NOT_FOUND);
}
END_TEST

START_TEST(faults)
{
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA "}", ERR_MISSING_PANE_ID);
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'  '}", ERR_MISSING_PANE_ID);
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%9'}", ERR_IDENTITY_NOT_FOUND);
	ck_fail(&f, ERR_IDENTITY_NOT_FOUND, "No identity file found for pane '%9' in project '/data/h/alpha'");
	tool_fails(
	    &f, "resolve_pane_identity", "{'project_key':'/data/not/known','pane_id':'%9'}", ERR_IDENTITY_NOT_FOUND);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects"), 1);
	tool_fails(&f, "resolve_pane_identity", "{'project_key':' ','pane_id':'%9'}", ERR_INVALID_ARGUMENT);
}
END_TEST

/* A blank file is none, and a link is none, for files and directories. */
START_TEST(links_and_blanks)
{
	char *dir = file("/data/h/alpha", "");

	register_in("BlueLake", "%1");
	ck_assert_int_eq(symlink(file("/data/h/alpha", "1"), file("/data/h/alpha", "2")), 0);
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%2'}", ERR_IDENTITY_NOT_FOUND);
	register_in("GreenCastle", "%2");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%1'}"), "BlueLake");
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%2'}", ERR_IDENTITY_NOT_FOUND);
	ck_assert_int_eq(truncate(file("/data/h/alpha", "1"), 0), 0);
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%1'}", ERR_IDENTITY_NOT_FOUND);
	people_project(&f, "/data/h/beta");
	ck_assert_int_eq(symlink(dir, file("/data/h/beta", "")), 0);
	register_in("BlueLake", "%1");
	tool_fails(&f, "resolve_pane_identity", "{'project_key':'/data/h/beta','pane_id':'%1'}", ERR_IDENTITY_NOT_FOUND);
	tool_ok(&f, "register_agent",
	    "{'project_key':'/data/h/beta','program':'p','model':'m','name':'RedFox','pane_id':'%1'}");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%1'}"), "BlueLake");
}
END_TEST

START_TEST(old_places)
{
	ck_assert_int_eq(pane_file_write(arena_printf(&f.arena, "%.*s/.claude", FSTR(f.dir)).p, "agent-mail",
			     "identity.8", "OldOwl"),
	    0);
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%8'}"), "'OldOwl'");
}
END_TEST

/* A registration that is rolled back leaves no file. */
START_TEST(no_file_without_a_commit)
{
	tool_fails(&f, "macro_start_session",
	    "{'human_key':'/data/h/alpha','program':'p','model':'m','agent_name':'RedFox','pane_id':'%4','file_reservation_paths':['!x']}",
	    ERR_INVALID_ARGUMENT);
	tool_fails(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%4'}", ERR_IDENTITY_NOT_FOUND);
}
END_TEST

START_TEST(cleanup)
{
	struct str answer;

	ck_json(tool_ok(&f, "cleanup_pane_identities", "{}"), "{'removed_count':0,'removed_paths':[]}");
	register_in("BlueLake", "%1");
	register_in("RedFox", "%2");
	register_in("GrayOwl", "%3");
	tool_ok(&f, "register_agent",
	    "{'project_key':'/data/h/alpha','program':'p','model':'m','name':'GoldFox','pane_id':'%4'}");
	tool_ok(&f, "retire_agent", "{" ALPHA ",'agent_name':'RedFox'}");
	tool_ok(&f, "hard_delete_agent", "{" ALPHA ",'agent_name':'GrayOwl','confirmation':'I UNDERSTAND'}");
	ck_assert_int_eq(pane_file_write(f.conf->pane_identity_dir.p, "0123456789ab", "1", "Foreign"), 0);
	ck_assert_int_eq(symlink("/nowhere", file("/data/h/alpha", "5")), 0);
	people_project(&f, "/data/h/beta");
	ck_has(tool_ok(&f, "cleanup_pane_identities", "{'project_key':'/data/h/beta'}"), "'removed_count':0");
	answer = tool_ok(&f, "cleanup_pane_identities", "{" ALPHA "}");
	ck_has(answer, "'removed_count':2");
	ck_has(answer, file("/data/h/alpha", "2"));
	ck_has(answer, file("/data/h/alpha", "3"));
	ck_has(tool_ok(&f, "cleanup_pane_identities", "{'project_key':null}"), "'removed_count':0");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%1'}"), "BlueLake");
	ck_has(tool_ok(&f, "resolve_pane_identity", "{" ALPHA ",'pane_id':'%4'}"), "GoldFox");
	ck_assert_int_eq(
	    access(arena_printf(&f.arena, "%.*s/0123456789ab/1", FSTR(f.conf->pane_identity_dir)).p, F_OK), 0);
}
END_TEST

START_TEST(cleanup_needs_a_right)
{
	register_in("BlueLake", "%1");
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	tool_fails(&f, "cleanup_pane_identities", "{}", ERR_AUTHENTICATION_REQUIRED);
	tool_fails(&f, "cleanup_pane_identities", "{" ALPHA "}", ERR_AUTHENTICATION_REQUIRED);
	fixture_sql(&f, "UPDATE agents SET registration_token = 't'");
	tool_ok(&f, "cleanup_pane_identities", "{" ALPHA ",'registration_token':'t'}");
	f.conf->agent_auth = AGENT_AUTH_TRUSTED;
	tool_fails(&f, "cleanup_pane_identities", "{'project_key':'/nope'}", ERR_NOT_FOUND);
}
END_TEST

Suite *
suite_panes(void)
{
	Suite *s = suite_create("panes");
	TCase *t = tcase_create("panes");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, names_of_files);
	tcase_add_test(t, registered_and_found);
	tcase_add_test(t, every_door_to_an_identity_assigns);
	tcase_add_test(t, the_header_speaks_for_the_client);
	tcase_add_test(t, faults);
	tcase_add_test(t, links_and_blanks);
	tcase_add_test(t, old_places);
	tcase_add_test(t, no_file_without_a_commit);
	tcase_add_test(t, cleanup);
	tcase_add_test(t, cleanup_needs_a_right);
	suite_add_tcase(s, t);
	return s;
}
