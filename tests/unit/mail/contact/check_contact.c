/*
 * contact: may A write to B, links, requests and answers
 * (contract/messaging.md 12.2, 13; decisions 3.11, 3.18, 3.36, 3.37).
 */
#include <check.h>

#include "api/rules.h"
#include "conf/conf.h"
#include "base/clock.h"
#include "mail/agent/profile.h"
#include "mail/contact/contact.h"
#include "mail/message/introduction.h"
#include "mail/reservation/reserve.h"
#include "support/fixture.h"
#include "support/people.h"

#define DAY (INT64_C(86400) * USEC)

static struct fixture f;
static struct project p, other;
static struct agent lake, castle, far;

static void
setup(void)
{
	people_pair(&f, "/data/h/contact", "auto", &p, &lake, &castle);
	other = people_project(&f, "/data/h/other");
	far = people_agent(&f, &other, "CalmOtter", "auto");
	fixture_again(&f);
}

static struct contact_pair
pair_of(const struct agent *from, const struct agent *to)
{
	return (struct contact_pair){ from->project_id == p.id ? p : other, to->project_id == p.id ? p : other, *from,
		*to };
}

static enum contact_verdict
verdict_in(const struct agent *from, const struct agent *to, const char *thread, bool reservations)
{
	struct contact_sender sender = { from->project_id == p.id ? &p : &other, from, str_c(thread), reservations };
	struct agent now = people_again(&f, to);
	enum contact_verdict v;

	ck_assert_int_eq(contact_check(&f.cx, &sender, &now, &v), 0);
	return v;
}

static enum contact_verdict
verdict(const struct agent *from, const struct agent *to)
{
	return verdict_in(from, to, NULL, true);
}

static void
policy(const struct agent *a, const char *word)
{
	struct str stored;

	ck_assert_int_eq(agent_set_contact_policy(fixture_again(&f), a, str_c(word), &stored), 0);
	ck_str(stored, word);
}

static void
approve(const struct agent *from, const struct agent *to, int64_t ttl)
{
	struct contact_pair pair = pair_of(from, to);
	struct contact_ask ask = { STR("because"), ttl, "send_message" };

	ck_assert_int_eq(contact_approve(fixture_again(&f), &pair, &ask, NULL), 0);
}

static struct contact_asked
asked(const struct agent *from, const struct agent *to, const char *reason, int64_t ttl)
{
	struct contact_pair pair = pair_of(from, to);
	struct contact_ask ask = { str_c(reason), ttl, "request_contact" };
	struct contact_asked out;

	ck_assert_int_eq(contact_ask(fixture_again(&f), &pair, &ask, &out), 0);
	return out;
}

static void
respond(const struct agent *to, const struct agent *from, bool accept, int64_t ttl)
{
	struct contact_answer in = { .project_key = to->project_id == p.id ? p.slug : other.slug,
		.to_agent = to->name,
		.from_agent = from->name,
		.from_project = from->project_id == p.id ? p.human_key : other.human_key,
		.accept = accept,
		.ttl_seconds = ttl };
	int updated;
	int64_t expires;

	ck_assert_int_eq(contact_respond(fixture_again(&f), &in, &updated, &expires), 0);
	ck_assert_int_eq(updated, 1);
}

START_TEST(strangers)
{
	static const struct {
		const char *policy;
		enum contact_verdict mcp, rest, off; /* by MCP, by REST, with enforcement off */
	} cases[] = { { "open", CONTACT_OK, CONTACT_OK, CONTACT_OK }, { "auto", CONTACT_NEEDED, CONTACT_OK, CONTACT_OK },
		{ "contacts_only", CONTACT_NEEDED, CONTACT_NEEDED, CONTACT_OK },
		{ "block_all", CONTACT_CLOSED, CONTACT_CLOSED, CONTACT_CLOSED } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		policy(&castle, cases[i].policy);
		ck_assert_int_eq(verdict(&lake, &castle), cases[i].mcp);
		f.cx.rules = dialect_rules(DIALECT_REST);
		ck_assert_int_eq(verdict(&lake, &castle), cases[i].rest);
		f.cx.rules = dialect_rules(DIALECT_MCP);
		f.conf->contact_enforcement_enabled = false;
		ck_assert_int_eq(verdict(&lake, &castle), cases[i].off);
		f.conf->contact_enforcement_enabled = true;
	}
}
END_TEST

START_TEST(oneself)
{
	policy(&lake, "block_all");
	ck_assert_int_eq(verdict(&lake, &lake), CONTACT_OK);
	fixture_sql(&f, "UPDATE agents SET retired_at = 1");
	ck_assert_int_eq(verdict(&lake, &lake), CONTACT_RETIRED);
}
END_TEST

START_TEST(recent_mail_in_either_direction)
{
	people_mail(&f, &p, &lake, &castle, "hello");
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
	ck_assert_int_eq(verdict(&castle, &lake), CONTACT_OK);
	policy(&castle, "contacts_only");
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
	policy(&castle, "auto");
	fixture_tick(&f, f.conf->contact_auto_ttl);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
}
END_TEST

/* A sender that has written a lot to others since is still known to who gets little mail. */
START_TEST(recent_mail_behind_much_other_mail)
{
	struct agent fox = people_agent(&f, &p, "RedFox", "auto");

	people_mail(&f, &p, &lake, &castle, "hello");
	fixture_sql(&f, "BEGIN");
	for (int i = 0; i < 1100; i++) {
		struct arena_mark m = arena_mark(&f.arena);

		people_mail(&f, &p, &lake, &fox, "more");
		fixture_again(&f);
		arena_rewind(&f.arena, m);
	}
	fixture_sql(&f, "COMMIT");
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
	ck_assert_int_eq(verdict(&castle, &lake), CONTACT_OK);
}
END_TEST

START_TEST(links_have_a_direction)
{
	policy(&castle, "contacts_only");
	policy(&lake, "contacts_only");
	approve(&lake, &castle, 60);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
	ck_assert_int_eq(verdict(&castle, &lake), CONTACT_NEEDED);
	fixture_tick(&f, 60 * USEC);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
}
END_TEST

START_TEST(thread_participants_are_exempt)
{
	struct agent fox = people_agent(&f, &p, "RedFox", "contacts_only");
	struct agent owl = people_agent(&f, &p, "GrayOwl", "contacts_only");
	int64_t root = people_mail(&f, &p, &castle, &lake, "root");

	policy(&castle, "contacts_only");
	fixture_tick(&f, 2 * DAY);
	people_letter(&f, &p, &castle, &lake, RECIPIENT_TO, (struct outgoing){ .thread_id = STR("T-1") });
	people_letter(&f, &p, &castle, &fox, RECIPIENT_TO, (struct outgoing){ .thread_id = STR("T-1") });
	fixture_tick(&f, 2 * DAY);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-1", false), CONTACT_OK);
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-2", false), CONTACT_NEEDED);
	ck_assert_int_eq(
	    verdict_in(&lake, &castle, arena_printf(&f.arena, "%lld", (long long)root).p, false), CONTACT_OK);
	/* RedFox got a message of the thread that BlueLake never saw. */
	ck_assert_int_eq(verdict_in(&lake, &fox, "T-1", false), CONTACT_NEEDED);
	ck_assert_int_eq(verdict_in(&castle, &fox, "T-1", false), CONTACT_OK);
	ck_assert_int_eq(verdict_in(&owl, &castle, "T-1", false), CONTACT_NEEDED);
}
END_TEST

/* Being a blind copy makes nobody a participant in the eyes of the others (decision 3.13). */
START_TEST(blind_copies_are_no_participants)
{
	struct agent fox = people_agent(&f, &p, "RedFox", "contacts_only");
	int64_t id = people_letter(&f, &p, &castle, &fox, RECIPIENT_BCC, (struct outgoing){ .thread_id = STR("T-1") });

	fixture_sql(&f,
	    arena_printf(&f.arena,
		"INSERT INTO message_recipients (agent_id, message_id, kind) VALUES (%lld, %lld, 'to')",
		(long long)lake.id, (long long)id)
		.p);
	fixture_tick(&f, 2 * DAY);
	ck_assert_int_eq(verdict_in(&lake, &fox, "T-1", false), CONTACT_NEEDED);
	ck_assert_int_eq(verdict_in(&castle, &fox, "T-1", false), CONTACT_OK);
}
END_TEST

START_TEST(overlapping_reservations_are_exempt)
{
	static struct str mine[] = { LIT("src/**") }, theirs[] = { LIT("docs/*"), LIT("src/a.c") };
	struct reserve_request ask = { .paths = { mine, 1 }, .ttl_seconds = 3600, .exclusive = true, .reason = STR("") };
	struct reserve_result done;

	policy(&castle, "contacts_only");
	ck_assert_int_eq(reserve_paths(fixture_again(&f), &p, &lake, &ask, &done), 0);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
	ask.paths = (struct str_list){ theirs, 2 };
	ck_assert_int_eq(reserve_paths(fixture_again(&f), &p, &castle, &ask, &done), 0);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
	ck_assert_int_eq(verdict_in(&lake, &castle, NULL, false), CONTACT_NEEDED);
	fixture_tick(&f, 3600 * USEC);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_NEEDED);
}
END_TEST

/* Trap 32, decision 3.37: no exemption from retirement, block_all and a denial, on no door. */
START_TEST(hole_absolute_refusals)
{
	static const char *const how[] = { "UPDATE agents SET retired_at = 5 WHERE name = 'GreenCastle'",
		"UPDATE agents SET contact_policy = 'block_all' WHERE name = 'GreenCastle'",
		"UPDATE agent_links SET status = 'blocked', expires_ts = NULL" };
	enum contact_verdict want = _i == 0 ? CONTACT_RETIRED : CONTACT_CLOSED;
	struct agent now;

	people_letter(&f, &p, &castle, &lake, RECIPIENT_TO, (struct outgoing){ .thread_id = STR("T-1") });
	approve(&lake, &castle, 3600);
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-1", true), CONTACT_OK);
	fixture_sql(&f, how[_i]);
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-1", true), want);
	f.cx.rules = dialect_rules(DIALECT_REST);
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-1", true), want);
	f.conf->contact_enforcement_enabled = false;
	ck_assert_int_eq(verdict_in(&lake, &castle, "T-1", true), want);
	now = people_again(&f, &castle);
	ck_assert_int_eq(contact_refuse(&f.cx, &now, want), -1);
	if (want == CONTACT_RETIRED)
		ck_fail(&f, ERR_AGENT_RETIRED, "Agent 'GreenCastle' is retired and no longer accepts new messages.");
	else
		ck_fail(&f, ERR_CONTACT_BLOCKED, "Recipient is not accepting messages.");
}
END_TEST

START_TEST(foreign_agents_need_a_link)
{
	policy(&far, "open");
	ck_assert_int_eq(verdict(&lake, &far), CONTACT_NEEDED);
	approve(&lake, &far, 3600);
	ck_assert_int_eq(verdict(&lake, &far), CONTACT_OK);
	policy(&far, "block_all");
	ck_assert_int_eq(verdict(&lake, &far), CONTACT_CLOSED);
}
END_TEST

/* Who was written to by a foreign agent may answer in that thread. */
START_TEST(foreign_writer_of_the_thread)
{
	int64_t root = people_mail(&f, &other, &lake, &far, "over there");

	ck_assert_int_eq(verdict_in(&far, &lake, arena_printf(&f.arena, "%lld", (long long)root).p, false), CONTACT_OK);
	ck_assert_int_eq(verdict_in(&far, &lake, "999", false), CONTACT_NEEDED);
	ck_assert_int_eq(
	    verdict_in(&far, &castle, arena_printf(&f.arena, "%lld", (long long)root).p, false), CONTACT_NEEDED);
}
END_TEST

START_TEST(linked_agents_are_found_by_name)
{
	struct agent got;

	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, 0, STR("CalmOtter"), &got), 0);
	approve(&lake, &far, 60);
	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, 0, STR(" calm otter "), &got), 1);
	ck_assert_int_eq(got.id, far.id);
	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, other.id, STR("CALMOTTER"), &got), 1);
	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, p.id, STR("CalmOtter"), &got), 0);
	ck_assert_int_eq(contact_find_linked(&f.cx, &castle, 0, STR("CalmOtter"), &got), 0);
	approve(&lake, &castle, 60);
	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, 0, STR("GreenCastle"), &got), 0);
	fixture_tick(&f, 60 * USEC);
	ck_assert_int_eq(contact_find_linked(&f.cx, &lake, 0, STR("CalmOtter"), &got), 0);
}
END_TEST

START_TEST(request_writes_an_introduction_once)
{
	struct contact_asked a = asked(&lake, &castle, "", 3600);

	ck_str(a.link.status, "pending");
	ck_assert(a.notified);
	ck_assert_int_eq(a.link.expires_ts, FIXTURE_NOW + 3600 * USEC);
	ck_str(fixture_str(&f, "SELECT subject FROM messages"), "Contact request from BlueLake");
	ck_str(fixture_str(&f, "SELECT body_md FROM messages"), "BlueLake requests permission to contact GreenCastle.");
	ck_assert_int_eq(fixture_int(&f, "SELECT ack_required FROM messages"), 1);
	/* Pending and live: the time is extended, never cut, and nothing is written again. */
	a = asked(&lake, &castle, "why", 60);
	ck_assert(!a.notified);
	ck_str(a.link.reason, "why");
	ck_assert_int_eq(a.link.expires_ts, FIXTURE_NOW + 3600 * USEC);
	a = asked(&lake, &castle, "why", 7200);
	ck_assert_int_eq(a.link.expires_ts, FIXTURE_NOW + 7200 * USEC);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links"), 1);
	/* Expired: asked anew, in the reason's words. */
	fixture_tick(&f, 7200 * USEC);
	a = asked(&lake, &castle, "once more", 60);
	ck_assert(a.notified);
	ck_str(fixture_str(&f, "SELECT body_md FROM messages ORDER BY id DESC"), "once more");
}
END_TEST

START_TEST(request_of_an_approved_contact)
{
	struct contact_asked a;

	approve(&lake, &castle, 3600);
	a = asked(&lake, &castle, "r", 60);
	ck_str(a.link.status, "approved");
	ck_assert(!a.notified);
	ck_assert_int_eq(a.link.expires_ts, FIXTURE_NOW + 3600 * USEC);
	fixture_sql(&f, "UPDATE agent_links SET expires_ts = NULL");
	a = asked(&lake, &castle, "r", 60);
	ck_assert_int_eq(a.link.expires_ts, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
}
END_TEST

START_TEST(short_and_endless_times)
{
	struct contact_asked a = asked(&lake, &castle, "r", -5);

	ck_assert_int_eq(a.link.expires_ts, FIXTURE_NOW + 60 * USEC);
	ck_assert_ptr_nonnull(f.cx.warnings);
	a = asked(&lake, &castle, "r", INT64_MAX);
	ck_assert_int_gt(a.link.expires_ts, FIXTURE_NOW);
	ck_assert_ptr_nonnull(f.cx.warnings);
}
END_TEST

/* Decision 3.37: such a request delivers nothing; a denied link stays so until the denier accepts. */
START_TEST(hole_request_against_a_refusal)
{
	static const char *const how[] = { "UPDATE agents SET retired_at = 5 WHERE name = 'GreenCastle'",
		"UPDATE agents SET contact_policy = 'block_all' WHERE name = 'GreenCastle'", "SELECT 1" };
	struct contact_ask ask = { STR("again"), 60, "request_contact" };
	struct contact_pair pair;
	struct contact_asked out;

	asked(&lake, &castle, "please", 3600);
	respond(&castle, &lake, false, 60);
	fixture_sql(&f, how[_i]);
	castle = people_again(&f, &castle);
	pair = pair_of(&lake, &castle);
	ck_assert_int_eq(contact_ask(fixture_again(&f), &pair, &ask, &out), -1);
	ck_assert_str_eq(err_name(f.cx.fail.code), _i == 0 ? "AGENT_RETIRED" : "CONTACT_BLOCKED");
	ck_assert_int_eq(contact_approve(fixture_again(&f), &pair, &ask, NULL), -1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) FROM agent_links WHERE status = 'blocked' AND expires_ts IS NULL"), 1);
	if (_i < 2)
		return;
	respond(&castle, &lake, true, 60);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
}
END_TEST

START_TEST(request_with_lookups)
{
	struct contact_request in = { .project_key = p.human_key,
		.from_agent = STR("bluelake"),
		.to_agent = STR("project:data-h-other#CalmOtter"),
		.reason = STR("cross"),
		.ttl_seconds = 60,
		.register_if_missing = true };
	struct contact_pair pair;
	struct contact_asked out;

	ck_assert_int_eq(contact_request(fixture_again(&f), &in, &pair, &out), 0);
	ck_assert_int_eq(pair.to.id, far.id);
	ck_assert_int_eq(fixture_int(&f, "SELECT project_id FROM messages"), other.id);
	in.to_agent = STR("BLUELAKE");
	ck_assert_int_eq(contact_request(fixture_again(&f), &in, &pair, &out), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT,
	    "request_contact does not allow self-contact within the same project. Self-messaging already works without contact "
	    "approval.");
	in.to_project = STR("nope-nope");
	ck_assert_int_eq(contact_request(fixture_again(&f), &in, &pair, &out), -1);
	ck_fail(&f, ERR_NOT_FOUND, "Project 'nope-nope' not found");
	in.to_project = STR("data-h-other");
	in.token = STR("wrong");
	ck_assert_int_eq(contact_request(fixture_again(&f), &in, &pair, &out), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for agent 'BlueLake'.");
}
END_TEST

START_TEST(request_makes_a_missing_pair_only)
{
	static const struct {
		const char *name;
		bool create;
		enum err code;
	} cases[] = { { "WildPuma", false, ERR_NOT_FOUND }, { "WildPuma", true, ERR_NONE },
		{ "cc-9", true, ERR_NOT_FOUND }, { "BackendHelper", true, ERR_DESCRIPTIVE_NAME },
		{ "wildwolf", true, ERR_UNIX_USERNAME_AS_AGENT }, { "", true, ERR_INVALID_ARGUMENT } };
	struct contact_pair pair;
	struct contact_asked out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct contact_request in = { .project_key = p.slug,
			.from_agent = lake.name,
			.to_agent = str_c(cases[i].name),
			.ttl_seconds = 60,
			.register_if_missing = cases[i].create };

		contact_request(fixture_again(&f), &in, &pair, &out);
		ck_assert_msg(f.cx.fail.code == cases[i].code, "%s: %s", cases[i].name, err_name(f.cx.fail.code));
	}
	ck_str(fixture_str(&f, "SELECT program FROM agents WHERE name = 'WildPuma'"), "unknown");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE registration_token IS NULL"), 1);
}
END_TEST

START_TEST(answers)
{
	struct contact_answer in = { .project_key = p.slug,
		.to_agent = castle.name,
		.from_agent = lake.name,
		.accept = false,
		.ttl_seconds = 60 };
	int updated;
	int64_t expires;

	ck_assert_int_eq(contact_respond(&f.cx, &in, &updated, &expires), 0);
	ck_assert_int_eq(updated, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links"), 0);
	in.accept = true;
	ck_assert_int_eq(contact_respond(&f.cx, &in, &updated, &expires), 0);
	ck_assert_int_eq(updated, 1);
	ck_assert_int_eq(expires, FIXTURE_NOW + 60 * USEC);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_OK);
	in.accept = false;
	ck_assert_int_eq(contact_respond(&f.cx, &in, &updated, &expires), 0);
	ck_assert_int_eq(updated, 1);
	ck_assert_int_eq(expires, 0);
	ck_assert_int_eq(verdict(&lake, &castle), CONTACT_CLOSED);
	in.from_agent = castle.name;
	ck_assert_int_eq(contact_respond(&f.cx, &in, &updated, &expires), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "respond_contact does not allow self-contact within the same project.");
	in.from_agent = lake.name;
	in.token = STR("wrong");
	ck_assert_int_eq(contact_respond(&f.cx, &in, &updated, &expires), -1);
	ck_fail(&f, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for agent 'GreenCastle'.");
}
END_TEST

START_TEST(list)
{
	struct agent fox = people_agent(&f, &p, "RedFox", "auto");
	struct contact_rows rows;

	approve(&lake, &castle, 60);
	fixture_tick(&f, 1);
	asked(&lake, &fox, "hi", 600);
	fixture_tick(&f, 1);
	approve(&lake, &far, 600);
	approve(&castle, &lake, 600);
	ck_assert_int_eq(contact_list(&f.cx, lake.id, &rows), 0);
	ck_assert_uint_eq(rows.n, 3);
	ck_str(rows.v[0].to, "CalmOtter");
	ck_str(rows.v[0].to_project, "/data/h/other");
	ck_assert(rows.v[0].allows_messaging);
	ck_str(rows.v[1].link.status, "pending");
	ck_assert(!rows.v[1].allows_messaging && !rows.v[1].is_expired);
	fixture_tick(&f, 60 * USEC);
	ck_assert_int_eq(contact_list(&f.cx, lake.id, &rows), 0);
	ck_assert(rows.v[2].is_expired && !rows.v[2].allows_messaging);
	fixture_sql(&f, "UPDATE agent_links SET status = 'blocked'");
	ck_assert_int_eq(contact_list(&f.cx, lake.id, &rows), 0);
	ck_assert(!rows.v[2].is_expired && !rows.v[2].allows_messaging);
}
END_TEST

/* Trap 53: an unknown word opens nothing. */
START_TEST(hole_unknown_policy)
{
	struct str word;

	policy(&lake, "block_all");
	ck_assert_int_eq(agent_set_contact_policy(fixture_again(&f), &lake, STR("friends"), &word), -1);
	ck_fail(
	    &f, ERR_INVALID_POLICY, "policy: expected 'open', 'auto', 'contacts_only' or 'block_all', got 'friends'");
	ck_str(people_again(&f, &lake).contact_policy, "block_all");
	ck_assert_int_eq(agent_set_contact_policy(fixture_again(&f), &lake, STR(" Contacts_Only "), &word), 0);
	ck_str(word, "contacts_only");
}
END_TEST

Suite *
suite_contact(void)
{
	Suite *s = suite_create("contact");
	TCase *t = tcase_create("contact");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, strangers);
	tcase_add_test(t, oneself);
	tcase_add_test(t, recent_mail_in_either_direction);
	tcase_add_test(t, recent_mail_behind_much_other_mail);
	tcase_add_test(t, links_have_a_direction);
	tcase_add_test(t, thread_participants_are_exempt);
	tcase_add_test(t, blind_copies_are_no_participants);
	tcase_add_test(t, overlapping_reservations_are_exempt);
	tcase_add_loop_test(t, hole_absolute_refusals, 0, 3);
	tcase_add_test(t, foreign_agents_need_a_link);
	tcase_add_test(t, foreign_writer_of_the_thread);
	tcase_add_test(t, linked_agents_are_found_by_name);
	tcase_add_test(t, request_writes_an_introduction_once);
	tcase_add_test(t, request_of_an_approved_contact);
	tcase_add_test(t, short_and_endless_times);
	tcase_add_loop_test(t, hole_request_against_a_refusal, 0, 3);
	tcase_add_test(t, request_with_lookups);
	tcase_add_test(t, request_makes_a_missing_pair_only);
	tcase_add_test(t, answers);
	tcase_add_test(t, list);
	tcase_add_test(t, hole_unknown_policy);
	suite_add_tcase(s, t);
	return s;
}
