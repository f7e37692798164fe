/*
 * check_events - every operation that writes tells followers of exactly what it changed.
 *
 * Two scripts, by tools and by REST: each row is an operation on what the rows
 * before it left, and the events that it must make, oldest first. A tool or
 * route that writes and is in no row fails the test.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "keeper/expiry.h"
#include "keeper/retire.h"
#include "store/changes.h"
#include "support/fixture.h"
#include "support/restcall.h"
#include "support/toolcall.h"
#include "tool/registry.h"

Suite *suite_events(void);

struct row {
	const char *
	    what; /* a tool, or method and path with its variables; "tick" moves the clock by `args` seconds, "sql" runs them */
	const char *args;
	const char *events; /* "topic/id what id; ..." */
};

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

static void
setup_rest(void)
{
	rest_fixture(&f);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static void
put_events(struct buf *b, const struct cx_change *c)
{
	if (c == NULL)
		return;
	put_events(b, c->next);
	if (c->next != NULL)
		buf_cstr(b, "; ");
	buf_printf(b, "%s/%lld", topic_name(c->topic.kind), (long long)c->topic.id);
	if (c->topic.name.p != NULL)
		buf_printf(b, "#%" PRIstr, FSTR(c->topic.name));
	buf_printf(b, " %s %lld", change_name(c->what), (long long)c->id);
}

static struct str
events(void)
{
	struct buf b;

	buf_init(&b, &f.arena);
	put_events(&b, f.cx.changes);
	return buf_flat(&b);
}

/* The log of each topic has what was told, under the number that was told. */
static void
logged(const char *what)
{
	for (const struct cx_change *c = f.cx.changes; c != NULL; c = c->next) {
		struct changes got;

		ck_assert_msg(changes_after(&f.cx, &c->topic, c->number - 1, 1, &got) == 0, "%s: %.*s", what,
		    (int)f.cx.fail.msg.n, f.cx.fail.msg.p);
		ck_assert_msg(
		    got.n == 1 && got.v[0].number == c->number && got.v[0].what == c->what && got.v[0].id == c->id,
		    "%s: %s/%lld %lld is not in its log", what, topic_name(c->topic.kind), (long long)c->topic.id,
		    (long long)c->number);
	}
}

static void
play(const struct row *row, size_t n, void (*call)(const char *what, const char *args))
{
	for (size_t i = 0; i < n; i++) {
		struct str got;

		if (strcmp(row[i].what, "tick") == 0) {
			int64_t seconds = 0;

			str_int(str_c(row[i].args), &seconds);
			fixture_tick(&f, seconds * 1000000);
			continue;
		}
		if (strcmp(row[i].what, "sql") == 0) {
			fixture_sql(&f, row[i].args);
			continue;
		}
		call(row[i].what, row[i].args);
		got = events();
		ck_assert_msg(str_eqc(got, row[i].events), "row %zu, %s %s:\n  made  %.*s\n  wants %s", i, row[i].what,
		    row[i].args != NULL ? row[i].args : "", (int)got.n, got.p, row[i].events);
		logged(row[i].what);
	}
}

static void
by_tool(const char *what, const char *args)
{
	if (strcmp(what, "keeper: reservations") == 0)
		ck_assert_int_eq(expiry_reservations(f.db, NULL, fixture_again(&f)), 0);
	else if (strcmp(what, "keeper: idle") == 0)
		ck_assert_int_eq(retire_idle(f.db, NULL, fixture_again(&f)), 0);
	else
		tool_ok(&f, what, args);
}

#define A "'project_key':'/data/e/alpha'"
#define BLUE A ",'agent_name':'BlueLake'"
#define GREEN A ",'agent_name':'GreenCastle'"

/* clang-format off */
static const struct row tools[] = {
	{ "ensure_project", "{'human_key':'/data/e/alpha'}", "projects/0 created 1" },
	{ "ensure_project", "{'human_key':'/data/e/alpha'}", "" },
	{ "register_agent", "{" A ",'program':'p','model':'m','name':'BlueLake'}", "agents/1 created 1" },
	{ "register_agent", "{" A ",'program':'p','model':'m','name':'BlueLake','task_description':'t'}", "agents/1 updated 1" },
	{ "create_agent_identity", "{" A ",'program':'p','model':'m','name_hint':'GreenCastle'}", "agents/1 created 2" },
	{ "macro_start_session", "{'human_key':'/data/e/alpha','program':'p','model':'m','agent_name':'RedStone',"
	    "'file_reservation_paths':['src/*']}", "agents/1 created 3; reservations/1 granted 1" },
	{ "set_contact_policy", "{" BLUE ",'policy':'open'}", "agents/1 updated 1" },
	{ "set_contact_policy", "{" GREEN ",'policy':'contacts_only'}", "agents/1 updated 2" },
	{ "request_contact", "{" A ",'from_agent':'BlueLake','to_agent':'GreenCastle'}", "inbox/2 message 1; contacts/1 requested 1; contacts/2 requested 1" },
	{ "respond_contact", "{" A ",'to_agent':'GreenCastle','from_agent':'BlueLake','accept':true}", "contacts/1 approved 1; contacts/2 approved 1" },
	{ "respond_contact", "{" A ",'to_agent':'GreenCastle','from_agent':'RedStone','accept':false}", "" },
	{ "macro_contact_handshake", "{" A ",'requester':'RedStone','target':'GreenCastle','auto_accept':true,"
	    "'welcome_subject':'hi','welcome_body':'there'}", "inbox/2 message 2; contacts/3 requested 2; contacts/2 requested 2; contacts/3 approved 2; contacts/2 approved 2; inbox/2 message 3" },
	{ "send_message", "{" A ",'sender_name':'BlueLake','to':['GreenCastle'],'subject':'s','body_md':'b'}", "inbox/2 message 4" },
	{ "send_message", "{" A ",'sender_name':'GreenCastle','to':['BlueLake'],'cc':['RedStone'],'subject':'s','body_md':'b',"
	    "'thread_id':'TKT-1','ack_required':true}", "inbox/1 message 5; inbox/3 message 5; thread/1#TKT-1 message 5" },
	{ "reply_message", "{" A ",'message_id':3,'sender_name':'GreenCastle','body_md':'b'}", "inbox/3 message 6; thread/1#3 message 6" },
	{ "mark_message_read", "{" BLUE ",'message_id':5}", "delivery/5 read 1" },
	{ "mark_message_read", "{" BLUE ",'message_id':5}", "" },
	{ "acknowledge_message", "{" BLUE ",'message_id':5}", "delivery/5 acknowledged 1" },
	{ "acknowledge_message", "{" BLUE ",'message_id':5}", "" },
	{ "acknowledge_message", "{" A ",'agent_name':'RedStone','message_id':5}", "delivery/5 acknowledged 3" },
	{ "fetch_inbox", "{" GREEN "}", "" },
	{ "fetch_inbox", "{" GREEN ",'mark_read':true}", "delivery/4 read 2; delivery/3 read 2; delivery/2 read 2; delivery/1 read 2" },
	{ "fetch_inbox", "{" GREEN ",'mark_read':true}", "" },
	{ "macro_prepare_thread", "{" A ",'thread_id':'TKT-1','program':'p','model':'m','agent_name':'BlueLake'}", "agents/1 updated 1" },
	{ "summarize_recent", "{" BLUE "}", "" },
	{ "file_reservation_paths", "{" BLUE ",'paths':['doc/*','README'],'ttl_seconds':3600}", "reservations/1 granted 2; reservations/1 granted 3" },
	{ "file_reservation_paths", "{" BLUE ",'paths':['doc/*']}", "reservations/1 renewed 2" },
	{ "renew_file_reservations", "{" BLUE ",'paths':['README']}", "reservations/1 renewed 3" },
	{ "release_file_reservations", "{" BLUE ",'paths':['README']}", "reservations/1 released 3" },
	{ "macro_file_reservation_cycle", "{" BLUE ",'paths':['tmp/*'],'auto_release':true}", "reservations/1 granted 4; reservations/1 released 4" },
	{ "acquire_build_slot", "{" BLUE ",'slot':'ci'}", "build_slots/1 granted 1" },
	{ "acquire_build_slot", "{" BLUE ",'slot':'ci'}", "build_slots/1 renewed 1" },
	{ "renew_build_slot", "{" BLUE ",'slot':'ci'}", "build_slots/1 renewed 1" },
	{ "release_build_slot", "{" BLUE ",'slot':'ci'}", "build_slots/1 released 1" },
	{ "acquire_build_slot", "{" BLUE ",'slot':'ci'}", "build_slots/1 granted 1" },
	{ "keeper: reservations", "", "" },
	{ "tick", "3000", NULL },
	{ "sql", "INSERT INTO path_signs (reservation_id, checked_ts, matched) VALUES (1, 9000000000000000, 0)", NULL },
	{ "force_release_file_reservation", "{" BLUE ",'file_reservation_id':1,'notify_previous':true}", "reservations/1 forced 1; inbox/3 message 7; contacts/1 requested 3; contacts/3 requested 3" },
	{ "tick", "1000000", NULL },
	{ "keeper: reservations", "", "reservations/1 expired 2" },
	{ "file_reservation_paths", "{" A ",'agent_name':'RedStone','paths':['etc']}", "reservations/1 granted 5" },
	{ "tick", "100000", NULL },
	{ "file_reservation_paths", "{" BLUE ",'paths':['var']}", "reservations/1 expired 5; reservations/1 granted 6" },
	{ "tick", "1000000", NULL },
	{ "keeper: idle", "", "agents/1 retired 1; agents/1 retired 2; agents/1 retired 3" },
	{ "acquire_build_slot", "{" BLUE ",'slot':'cd'}", "agents/1 unretired 1; build_slots/1 granted 2" },
	{ "register_agent", "{" A ",'program':'p','model':'m','name':'RedStone'}", "agents/1 unretired 3" },
	{ "retire_agent", "{" A ",'agent_name':'RedStone'}", "agents/1 retired 3" },
	{ "unretire_agent", "{" A ",'agent_name':'RedStone'}", "agents/1 unretired 3" },
	{ "deregister_agent", "{" A ",'agent_name':'RedStone'}", "agents/1 updated 3" },
	{ "purge_old_messages", "{" A ",'max_age_days':-1}", "" },
	{ "hard_delete_agent", "{" A ",'agent_name':'RedStone','confirmation':'I UNDERSTAND'}", "agents/1 deleted 3" },
	{ "archive_project", "{" A "}", "projects/0 archived 1" },
	{ "unarchive_project", "{" A "}", "projects/0 unarchived 1" },
	{ "ensure_product", "{'product_key':'prod','name':'Prod'}", "" },
	{ "products_link", "{'product_key':'prod'," A "}", "" },
	{ "hard_delete_project", "{" A ",'confirmation':'I UNDERSTAND'}", "agents/1 deleted 1; agents/1 deleted 2; reservations/1 deleted 0; build_slots/1 deleted 0; projects/0 deleted 1" },
};
/* clang-format on */

/* Tools and routes that write what nobody can follow: hooks of a repository, files of panes, names of windows, files, lists of steps. */
static const char *const silent[] = { "install_precommit_guard", "uninstall_precommit_guard", "cleanup_pane_identities",
	"rename_window", "expire_window", "guard_install", "guard_uninstall", "attachment_add", "macro_register",
	"macro_unregister", "macro_invoke", "archive_commit", NULL };

static bool
played(const struct row *row, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(row[i].what, name) == 0)
			return true;
	for (size_t i = 0; silent[i] != NULL; i++)
		if (strcmp(silent[i], name) == 0)
			return true;
	return false;
}

START_TEST(by_tools)
{
	size_t n = sizeof(tools) / sizeof(tools[0]);

	play(tools, n, by_tool);
	for (size_t i = 0; tool_registry[i] != NULL; i++)
		if ((tool_registry[i]->op.flags & OP_WRITE) != 0 || tool_registry[i]->op.writes != NULL)
			ck_assert_msg(
			    played(tools, n, tool_registry[i]->op.name), "%s is in no row", tool_registry[i]->op.name);
}
END_TEST

static void
by_rest(const char *what, const char *args)
{
	rest_ok(&f, what, args);
}

#define SHOP "'project_slug':'data-shop'"
#define SENDER SHOP ",'agent_name':'sender'"
#define RECEIVER SHOP ",'agent_name':'receiver'"

/* clang-format off */
static const struct row routes[] = {
	{ "POST /api/project/ensure", "{'human_key':'/data/shop'}", "projects/0 created 1" },
	{ "POST /api/agent/register", "{" SHOP ",'name':'sender','program':'p','model':'m'}", "agents/1 created 1" },
	{ "POST /api/agent/register", "{" SHOP ",'name':'receiver','program':'p','model':'m'}", "agents/1 created 2" },
	{ "POST /api/macros/start_session", "{" SHOP ",'name':'third','program':'p','model':'m','patterns':['src/*']}", "agents/1 created 3; reservations/1 granted 1" },
	{ "POST /api/agent/profile/update", "{" SENDER ",'task_description':'t','contact_policy':'contacts_only'}", "agents/1 updated 1" },
	{ "POST /api/contacts/policy", "{" RECEIVER ",'contact_policy':'open'}", "agents/1 updated 2" },
	{ "POST /api/contacts/request", "{'from_project_slug':'data-shop','from_agent_name':'sender','to_project_slug':'data-shop',"
	    "'to_agent_name':'receiver','reason':'r'}", "inbox/2 message 1; contacts/1 requested 1; contacts/2 requested 1" },
	{ "POST /api/contacts/respond", "{'link_id':1,'accept':false}", "contacts/1 blocked 1; contacts/2 blocked 1" },
	{ "POST /api/macros/contact_handshake", "{" SHOP ",'requester':'third','target':'sender'}", "inbox/1 message 2; contacts/3 requested 2; contacts/1 requested 2" },
	{ "POST /api/contacts/respond", "{'link_id':2,'accept':true}", "contacts/3 approved 2; contacts/1 approved 2" },
	{ "POST /api/message/send", "{" SHOP ",'sender_name':'third','recipient_names':['sender'],'subject':'s','body_md':'b',"
	    "'thread_id':'T-1','ack_required':true}", "inbox/1 message 3; thread/1#T-1 message 3" },
	{ "POST /api/message/reply", "{" SHOP ",'message_id':3,'sender_name':'sender','body_md':'b'}", "inbox/3 message 4; thread/1#T-1 message 4" },
	{ "POST /api/overseer/send", "{" RECEIVER ",'subject':'s','body_md':'b'}", "agents/1 created 4; agents/1 updated 4; inbox/2 message 5" },
	{ "POST /api/message/read", "{" SENDER ",'message_id':3}", "delivery/3 read 1" },
	{ "POST /api/message/acknowledge", "{" SENDER ",'message_id':3}", "delivery/3 acknowledged 1" },
	{ "POST /api/file_reservations/paths", "{" SENDER ",'paths':['a','b','c']}", "reservations/1 granted 2; reservations/1 granted 3; reservations/1 granted 4" },
	{ "POST /api/file_reservations/renew", "{'reservation_id':2}", "reservations/1 renewed 2" },
	{ "POST /api/file_reservations/release", "{" SENDER ",'paths':['a']}", "reservations/1 released 2" },
	{ "POST /api/file_reservations/force_release", "{'reservation_id':3}", "reservations/1 forced 3" },
	{ "POST /api/macros/file_reservation_cycle", "{" SENDER ",'patterns':['c'],'action':'reserve'}", "reservations/1 renewed 4" },
	{ "POST /api/macros/file_reservation_cycle", "{" SENDER ",'patterns':['c'],'action':'release'}", "reservations/1 released 4" },
	{ "POST /api/build_slots/acquire", "{" SENDER ",'slot_name':'ci'}", "build_slots/1 granted 1" },
	{ "POST /api/build_slots/renew", "{'slot_id':1}", "build_slots/1 renewed 1" },
	{ "POST /api/build_slots/release", "{'slot_id':1}", "build_slots/1 released 1" },
	{ "DELETE /api/projects/{slug}/agents/{name}?slug=data-shop&name=third", NULL, "reservations/1 released 1; agents/1 deleted 3" },
	{ "DELETE /api/projects/{slug}?slug=data-shop", NULL, "agents/1 deleted 1; agents/1 deleted 2; agents/1 deleted 4; reservations/1 deleted 0; build_slots/1 deleted 0; projects/0 deleted 1" },
};
/* clang-format on */

/* The row's name, by its own spelling. */
static const char *
route_name(const char *what)
{
	char path[128] = "", method[16] = "";

	sscanf(what, "%15s %127[^?]", method, path);
	return rest_row(method, path)->op.name;
}

START_TEST(by_routes)
{
	size_t n = sizeof(routes) / sizeof(routes[0]);
	struct row named[64];

	play(routes, n, by_rest);
	ck_assert_uint_lt(n, 64);
	for (size_t i = 0; i < n; i++)
		named[i] = (struct row){ .what = route_name(routes[i].what) };
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		if ((rest_registry[i]->op.flags & OP_WRITE) != 0)
			ck_assert_msg(
			    played(named, n, rest_registry[i]->op.name), "%s is in no row", rest_registry[i]->op.name);
}
END_TEST

Suite *
suite_events(void)
{
	Suite *s = suite_create("events");
	TCase *t = tcase_create("tools"), *r = tcase_create("rest");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, by_tools);
	tcase_add_checked_fixture(r, setup_rest, teardown);
	tcase_add_test(r, by_routes);
	suite_add_tcase(s, t);
	suite_add_tcase(s, r);
	return s;
}
