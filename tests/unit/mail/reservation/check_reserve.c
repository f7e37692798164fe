/*
 * check_reserve - granting, conflicts, extending, releasing, renewing, sweeping,
 * mail that is stopped, and what the archive is told.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "view/reservation_shape.h"
#include "mail/reservation/reserve_status.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "support/fixture.h"

static struct fixture f;
static struct project project;
static struct agent blue, green;

static int
make_people(struct cx *cx, void *arg)
{
	struct agent_registration in = { .project = &project,
		.name = STR("BlueLake"),
		.program = STR("p"),
		.model = STR("m"),
		.task_description = STR("") };

	ck_assert_int_eq(project_ensure(cx, STR("/data/demo"), PROJECT_ABSOLUTE, &project, NULL), 0);
	ck_assert_int_eq(agent_create_named(cx, &in, &blue), 0);
	in.name = STR("GreenCastle");
	ck_assert_int_eq(agent_create_named(cx, &in, &green), 0);
	return 0;
}

static void
setup(void)
{
	fixture_init(&f);
	ck_assert_int_eq(fixture_write(&f, make_people, NULL), 0);
	fixture_sql(&f, "DELETE FROM outbox");
}

struct call {
	const struct agent *agent;
	struct reserve_request ask;
	struct reserve_result result;
};

static int
do_reserve(struct cx *cx, void *arg)
{
	struct call *c = arg;

	return reserve_check(cx, &c->ask) < 0 ? -1 : reserve_paths(cx, &project, c->agent, &c->ask, &c->result);
}

/* Paths are separated by spaces; a '+' before the first makes it shared. */
static struct reserve_result
reserve(const struct agent *agent, const char *paths, int64_t ttl, const char *reason)
{
	struct call c = { .agent = agent,
		.ask = { .ttl_seconds = ttl, .exclusive = paths[0] != '+', .reason = str_c(reason) } };
	struct str rest = str_c(paths + (paths[0] == '+')), one;

	c.ask.paths.v = arena_array(&f.arena, struct str, rest.n + 1);
	while (str_next(&rest, ' ', &one))
		c.ask.paths.v[c.ask.paths.n++] = one;
	fixture_again(&f);
	ck_assert_msg(fixture_write(&f, do_reserve, &c) == 0, "%.*s", (int)f.cx.fail.msg.n, f.cx.fail.msg.p);
	return c.result;
}

static const char *
result_json(const struct reserve_result *r)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &f.arena);
	jw_init(&w, &b, JW_COMPACT);
	shape_reserve_result(&w, r);
	return arena_cstr(&f.arena, buf_flat(&b));
}

static const char *
iso(int64_t us)
{
	char *out = arena_get(&f.arena, CLOCK_ISO_SIZE);

	clock_iso(out, us);
	return out;
}

START_TEST(grant)
{
	struct reserve_result r = reserve(&blue, "src/*.py docs", 3600, "why");
	const char *end = iso(f.cx.now + 3600 * USEC);

	ck_assert_str_eq(result_json(&r),
	    arena_printf(&f.arena,
		"{\"granted\":[{\"id\":1,\"path_pattern\":\"src/*.py\",\"exclusive\":true,\"reason\":\"why\","
		"\"expires_ts\":\"%s\"},{\"id\":2,\"path_pattern\":\"docs\",\"exclusive\":true,\"reason\":\"why\","
		"\"expires_ts\":\"%s\"}],"
		"\"conflicts\":[]}",
		end, end)
		.p);
}
END_TEST

/* A conflict is told and granted all the same, whichever of the two is the broader one. */
START_TEST(conflict)
{
	struct reserve_result r;

	reserve(&blue, "src/a.py src/b/** tool://build", 600, "");
	r = reserve(&green, "src/*.py docs src/b/c tool://build", 60, "");
	ck_assert_uint_eq(r.granted.n, 4);
	ck_assert_uint_eq(r.nconflicts, 3);
	ck_assert(str_eqc(r.conflicts[0].path, "src/*.py"));
	ck_assert_uint_eq(r.conflicts[0].holders.n, 1);
	ck_assert(str_eqc(r.conflicts[0].holders.v[0].path_pattern, "src/a.py"));
	ck_assert(str_eqc(r.conflicts[1].path, "src/b/c"));
	ck_assert(str_eqc(r.conflicts[2].path, "tool://build"));
	ck_assert_ptr_nonnull(strstr(result_json(&r),
	    "\"conflicts\":[{\"path\":\"src/*.py\",\"holders\":[{\"agent\":\"BlueLake\","
	    "\"path_pattern\":\"src/a.py\",\"exclusive\":true,\"expires_ts\":"));
}
END_TEST

START_TEST(shared)
{
	reserve(&blue, "+src", 600, "");
	ck_assert_uint_eq(reserve(&green, "+src", 600, "").nconflicts, 0);
	ck_assert_uint_eq(reserve(&green, "src", 600, "").nconflicts, 1);
	ck_assert_uint_eq(reserve(&blue, "+src", 600, "").nconflicts, 1);
}
END_TEST

/* Holders come by end of their reservation; a renewed one moves back. */
START_TEST(order_of_holders)
{
	struct reserve_result r;

	reserve(&blue, "src/a", 900, "");
	reserve(&blue, "src/b", 300, "");
	reserve(&blue, "src/c", 600, "");
	reserve(&blue, "src/b", 1200, "");
	r = reserve(&green, "src", 60, "");
	ck_assert_uint_eq(r.nconflicts, 1);
	ck_assert_uint_eq(r.conflicts[0].holders.n, 3);
	ck_assert(str_eqc(r.conflicts[0].holders.v[0].path_pattern, "src/c"));
	ck_assert(str_eqc(r.conflicts[0].holders.v[1].path_pattern, "src/a"));
	ck_assert(str_eqc(r.conflicts[0].holders.v[2].path_pattern, "src/b"));
}
END_TEST

START_TEST(again)
{
	struct reserve_result r = reserve(&blue, "again.py", 600, "one");
	int64_t id = r.granted.v[0].id, end = r.granted.v[0].expires_ts;

	r = reserve(&blue, "again.py", 60, "");
	ck_assert_int_eq(r.granted.v[0].id, id);
	ck_assert_int_eq(r.granted.v[0].expires_ts, end);
	ck_assert(str_eqc(r.granted.v[0].reason, "one"));
	r = reserve(&blue, "+again.py", 1200, "two");
	ck_assert_int_eq(r.granted.v[0].id, id);
	ck_assert_int_gt(r.granted.v[0].expires_ts, end);
	ck_assert(!r.granted.v[0].exclusive);
	ck_assert(str_eqc(r.granted.v[0].reason, "two"));
	r = reserve(&blue, "dup dup", 60, "r");
	ck_assert_uint_eq(r.granted.n, 2);
	ck_assert_int_eq(r.granted.v[0].id, r.granted.v[1].id);
	/* The text counts, not the meaning. */
	ck_assert_int_ne(reserve(&blue, "/again.py", 60, "").granted.v[0].id, id);
}
END_TEST

static void
check_refused(struct str_list paths, int64_t ttl, enum err code, const char *part)
{
	struct call c = { .agent = &blue,
		.ask = { .paths = paths, .ttl_seconds = ttl, .exclusive = true, .reason = STR("") } };

	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_reserve, &c), -1);
	ck_assert_int_eq(f.cx.fail.code, code);
	ck_assert_msg(str_find(f.cx.fail.msg, str_c(part)) >= 0, "'%.*s' lacks '%s'", (int)f.cx.fail.msg.n,
	    f.cx.fail.msg.p, part);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 0);
}

START_TEST(refused)
{
	struct str one = STR("ok"), bad[] = { STR("ok"), STR("!src") }, blank = STR(" \t");
	struct str *many = arena_array(&f.arena, struct str, 1001);

	for (size_t i = 0; i < 1001; i++)
		many[i] = one;
	check_refused(
	    (struct str_list){ NULL, 0 }, 60, ERR_EMPTY_PATHS, "paths list cannot be empty. Provide at least one");
	ck_assert(str_eqc(fail_data_json(&f.cx.fail), "{\"provided\":[]}"));
	check_refused((struct str_list){ bad, 2 }, 60, ERR_INVALID_ARGUMENT, "paths[1] '!src'");
	check_refused((struct str_list){ &blank, 1 }, 60, ERR_INVALID_ARGUMENT, "is blank");
	check_refused((struct str_list){ &one, 1 }, 0, ERR_INVALID_ARGUMENT, "ttl_seconds is 0");
	check_refused((struct str_list){ &one, 1 }, -5, ERR_INVALID_ARGUMENT, "ttl_seconds is -5");
	check_refused(
	    (struct str_list){ &one, 1 }, INT64_C(1000000000000), ERR_INVALID_ARGUMENT, "date value out of range");
	check_refused((struct str_list){ &one, 1 }, INT64_MAX, ERR_INVALID_ARGUMENT, "date value out of range");
	check_refused((struct str_list){ many, 1001 }, 60, ERR_INVALID_ARGUMENT, "1001 entries");
	ck_assert_uint_eq(reserve(&blue, "long", 1000000000, "").granted.n, 1);
}
END_TEST

START_TEST(warned)
{
	reserve(&blue, "** /src/a ok", 30, "");
	ck_assert_ptr_nonnull(f.cx.warnings);
	ck_assert(str_starts(f.cx.warnings->text, STR("paths[0] '**'")));
	ck_assert(str_starts(f.cx.warnings->next->text, STR("paths[1] '/src/a'")));
	ck_assert(str_starts(f.cx.warnings->next->next->text, STR("ttl_seconds is 30")));
	reserve(&blue, "ok", 60, "");
	ck_assert_ptr_null(f.cx.warnings);
}
END_TEST

struct own_call {
	const struct agent *agent;
	struct reserve_filter filter;
	int64_t extend; /* 0: release */
	struct reservations out;
	int64_t *old;
};

static int
do_own(struct cx *cx, void *arg)
{
	struct own_call *c = arg;

	if (reserve_check_filter(cx, &c->filter, c->extend ? "renew" : "release") < 0)
		return -1;
	return c->extend ? reserve_renew(cx, &project, c->agent, &c->filter, c->extend, &c->out, &c->old)
			 : reserve_release(cx, &project, c->agent, &c->filter, &c->out);
}

static struct own_call
own(const struct agent *agent, int64_t extend, const char *path, int64_t id)
{
	static struct str paths[1];
	static int64_t ids[1];
	struct own_call c = { .agent = agent, .extend = extend };

	paths[0] = str_c(path);
	ids[0] = id;
	c.filter = (struct reserve_filter){ path != NULL, id != 0, { paths, 1 }, ids, 1 };
	fixture_again(&f);
	ck_assert_msg(fixture_write(&f, do_own, &c) == 0, "%.*s", (int)f.cx.fail.msg.n, f.cx.fail.msg.p);
	return c;
}

START_TEST(release)
{
	struct reserve_result r = reserve(&blue, "a b c", 600, "");
	int64_t a = r.granted.v[0].id, b = r.granted.v[1].id;

	ck_assert_uint_eq(own(&green, 0, NULL, 0).out.n, 0);
	ck_assert_uint_eq(own(&green, 0, NULL, a).out.n, 0);
	ck_assert_uint_eq(own(&blue, 0, "a", b).out.n, 0);
	ck_assert_uint_eq(own(&blue, 0, "A", 0).out.n, 0);
	ck_assert_uint_eq(own(&blue, 0, "a", a).out.n, 1);
	ck_assert_uint_eq(own(&blue, 0, "a", a).out.n, 0);
	ck_assert_uint_eq(own(&blue, 0, NULL, 0).out.n, 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 0);
	/* A released path can be had again, as a new row. */
	ck_assert_int_ne(reserve(&blue, "a", 600, "").granted.v[0].id, a);
}
END_TEST

START_TEST(empty_lists)
{
	struct own_call c = { .agent = &blue, .filter = { .by_path = true, .by_id = true } };

	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_own, &c), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_EMPTY_PATHS);
	ck_assert(str_eqc(f.cx.fail.msg,
	    "paths cannot be an empty list. Omit paths to release all active reservations, or "
	    "provide at least one path pattern."));
	c.filter.by_path = false;
	c.extend = 1;
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_own, &c), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_EMPTY_IDS);
	ck_assert(str_eqc(f.cx.fail.msg,
	    "file_reservation_ids cannot be an empty list. Omit file_reservation_ids to renew all "
	    "active reservations, or provide at least one reservation id."));
}
END_TEST

START_TEST(renew)
{
	struct own_call c;
	int64_t start = f.cx.now;

	reserve(&blue, "later", 900, "");
	reserve(&blue, "sooner", 600, "");
	c = own(&blue, 5, NULL, 0);
	ck_assert_uint_eq(c.out.n, 2);
	ck_assert(str_eqc(c.out.v[0].path_pattern, "sooner"));
	ck_assert_int_eq(c.old[0], start + 600 * USEC);
	ck_assert_int_eq(c.out.v[0].expires_ts, start + 660 * USEC);
	ck_assert(str_starts(f.cx.warnings->text, STR("extend_seconds is 5")));
	c = own(&blue, 1800, "later", 0);
	ck_assert_uint_eq(c.out.n, 1);
	ck_assert_int_eq(c.out.v[0].expires_ts, start + (960 + 1800) * USEC);
	/* What has expired is not revived, but marked. */
	fixture_tick(&f, 700 * USEC);
	ck_assert_uint_eq(own(&blue, 60, "sooner", 0).out.n, 0);
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT released_ts IS NOT NULL FROM file_reservations WHERE path_pattern = 'sooner'"), 1);
	c = (struct own_call){ .agent = &blue, .extend = INT64_C(1000000000000) };
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_own, &c), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_INVALID_ARGUMENT);
}
END_TEST

/* Decision 3.22. */
START_TEST(counts_as_activity)
{
	fixture_tick(&f, 100 * USEC);
	reserve(&blue, "a", 600, "");
	ck_assert_int_eq(fixture_int(&f, "SELECT last_active_ts FROM agents WHERE name = 'BlueLake'"), f.cx.now);
	fixture_tick(&f, 100 * USEC);
	own(&blue, 60, NULL, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT last_active_ts FROM agents WHERE name = 'BlueLake'"), f.cx.now);
}
END_TEST

static int
do_sweep(struct cx *cx, void *arg)
{
	return (int)reserve_sweep(cx, 0, *(int64_t *)arg) < 0 ? -1 : 0;
}

/* Trap 28: in its last microsecond a reservation is over for who asks, and not yet for the sweep. */
START_TEST(the_last_moment)
{
	int64_t max = 10;

	reserve(&blue, "a", 60, "");
	fixture_tick(&f, 60 * USEC - 1);
	ck_assert_uint_eq(reserve(&green, "a", 600, "").nconflicts, 1);
	fixture_tick(&f, 1);
	ck_assert_uint_eq(reserve(&green, "a", 600, "").nconflicts, 0);
	ck_assert_uint_eq(own(&blue, 0, NULL, 0).out.n, 0);
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_sweep, &max), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 2);
	fixture_tick(&f, 1);
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_sweep, &max), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 1);
}
END_TEST

START_TEST(sweep)
{
	int64_t max = 2;

	reserve(&blue, "a", 60, "");
	reserve(&blue, "b", 120, "");
	reserve(&green, "c", 180, "");
	reserve(&green, "d", 1000, "");
	fixture_sql(&f, "DELETE FROM outbox");
	fixture_tick(&f, 500 * USEC);
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_sweep, &max), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 2);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 1);
	ck_assert_int_eq(fixture_write(&f, do_sweep, &max), 0);
	ck_assert_int_eq(fixture_write(&f, do_sweep, &max), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 1);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 2);
}
END_TEST

/* The record of a released reservation ends when it was released; patterns are trimmed there only. */
START_TEST(archive_records)
{
	const char *start = iso(f.cx.now), *end = iso(f.cx.now + 60 * USEC);
	struct call c = { .agent = &blue,
		.ask = { .ttl_seconds = 60, .exclusive = false, .reason = STR("m\303\274de") } };
	struct str padded = STR("one.txt ");

	c.ask.paths = (struct str_list){ &padded, 1 };
	fixture_again(&f);
	ck_assert_int_eq(fixture_write(&f, do_reserve, &c), 0);
	ck_assert(str_eq(c.result.granted.v[0].path_pattern, padded));
	ck_assert_int_eq(fixture_int(&f, "SELECT kind FROM outbox"), 4);
	ck_assert(str_eq(fixture_str(&f, "SELECT payload FROM outbox"),
	    arena_printf(&f.arena,
		"{\"agent\":\"BlueLake\",\"records\":[{\"id\":1,\"project\":\"/data/demo\",\"agent\":\"BlueLake\","
		"\"path_pattern\":\"one.txt\",\"exclusive\":false,\"reason\":\"m\303\274de\",\"created_ts\":\"%s\","
		"\"expires_ts\":\"%s\"}]}",
		start, end)));
	fixture_sql(&f, "DELETE FROM outbox");
	fixture_tick(&f, 10 * USEC);
	own(&blue, 0, NULL, 0);
	ck_assert(str_has_ci(fixture_str(&f, "SELECT payload FROM outbox"),
	    arena_printf(&f.arena, "\"expires_ts\":\"%s\",\"released_ts\":\"%s\"", iso(f.cx.now), iso(f.cx.now))));
}
END_TEST

static const struct {
	const char *pattern;
	size_t blocks;
	const char *surface;
} stops[] = {
	{ "agents/GreenCastle/**", 1, "agents/GreenCastle/inbox/" },
	{ "agents/GreenCastle", 1, "agents/GreenCastle/inbox/" },
	{ "agents/RedStone/outbox/**", 1, "agents/RedStone/outbox/" },
	{ "messages/**", 2, "messages/2" },
	{ "+messages/**", 2, "messages/2" },
	{ "/messages/**", 2, "messages/2" },
	{ "\\messages/**", 2, "messages/2" },
	{ "/messages/threads/T-1.md", 1, "messages/threads/T-1.md" },
	{ "attachments/**", 1, "attachments/" },
	{ "./messages/**", 0, NULL },
	{ "messages", 0, NULL },
	{ "**", 0, NULL },
	{ "*.md", 0, NULL },
	{ "threads/**", 0, NULL },
	{ "src/**", 0, NULL },
	{ "Messages/**", 0, NULL },
	{ "messages/1999/01/*", 0, NULL },
	{ "agents/greencastle/**", 0, NULL },
};

static struct mail_blocks
blocks(int64_t sender_id)
{
	struct str to[] = { STR("GreenCastle") };
	struct mail_surfaces m = { sender_id, STR("RedStone"), { to, 1 }, STR("T-1"), true };
	struct mail_blocks out;

	ck_assert_int_eq(reserve_blocks_mail(&f.cx, &project, &m, &out), 0);
	return out;
}

START_TEST(mail_is_stopped)
{
	struct mail_blocks b;

	reserve(&blue, stops[_i].pattern, 600, "");
	b = blocks(green.id);
	ck_assert_msg(b.n == stops[_i].blocks, "'%s': %zu", stops[_i].pattern, b.n);
	if (b.n > 0) {
		ck_assert(str_starts(b.v[0].surface, str_c(stops[_i].surface)));
		ck_assert(str_eqc(b.v[0].by.agent, "BlueLake"));
	}
	ck_assert_uint_eq(blocks(blue.id).n, 0);
	f.conf->file_reservations_enforcement_enabled = false;
	ck_assert_uint_eq(blocks(green.id).n, 0);
	f.conf->file_reservations_enforcement_enabled = true;
	fixture_tick(&f, 601 * USEC);
	ck_assert_uint_eq(blocks(green.id).n, 0);
}
END_TEST

START_TEST(listing)
{
	struct reservations l;
	struct reserve_status s[4];
	struct reservation one;

	reserve(&blue, "a", 60, "");
	reserve(&green, "tool://t", 9000, "");
	reserve(&blue, "b", 9000, "");
	own(&blue, 0, "b", 0);
	fixture_tick(&f, 61 * USEC);
	ck_assert_int_eq(reserve_list(&f.cx, project.id, true, 1000, &l), 0);
	ck_assert_uint_eq(l.n, 1);
	ck_assert_int_eq(reserve_list(&f.cx, project.id, false, 1000, &l), 0);
	ck_assert_uint_eq(l.n, 3);
	/* Expired, not swept yet: shown as swept, and left alone. */
	ck_assert_int_eq(l.v[0].released_ts, f.cx.now);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 2);
	ck_assert_int_eq(reserve_status(&f.cx, &l, s), 0);
	ck_assert(str_eqc(s[0].reasons.v[0], "agent_recently_active"));
	ck_assert(str_eqc(s[0].reasons.v[1], "no_recent_mail_activity>900s"));
	ck_assert(str_eqc(s[0].reasons.v[2], "filesystem_activity_unknown"));
	ck_assert_uint_eq(s[1].reasons.n, 3);
	ck_assert(str_eqc(s[1].reasons.v[2], "path_pattern_unmatched"));
	fixture_tick(&f, 1801 * USEC);
	ck_assert_int_eq(reserve_status(&f.cx, &l, s), 0);
	ck_assert(!s[0].stale && s[1].stale && !s[2].stale);
	ck_assert(str_eqc(s[1].reasons.v[0], "agent_inactive>1800s"));
	ck_assert_int_eq(reserve_list(&f.cx, project.id, false, 2, &l), 0);
	ck_assert_uint_eq(l.n, 2);
	ck_assert_int_eq(l.v[0].id, 2);
	ck_assert_int_eq(reserve_list(&f.cx, 0, true, 10, &l), 0);
	ck_assert_uint_eq(l.n, 1);
	ck_assert_int_eq(reserve_by_id(&f.cx, 1, &one), 1);
	ck_assert_int_eq(reserve_by_id(&f.cx, 99, &one), 0);
}
END_TEST

/* A stored pattern that is never matched, as an import may bring, breaks nothing. */
START_TEST(poison)
{
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " SELECT project_id, id, '!', 1, 9000000000000000 FROM agents WHERE name = 'BlueLake'");
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " SELECT project_id, id, '', 1, 9000000000000000 FROM agents WHERE name = 'BlueLake'");
	ck_assert_uint_eq(reserve(&green, "a**/b **", 60, "").nconflicts, 0);
	ck_assert_uint_eq(own(&blue, 0, NULL, 0).out.n, 2);
}
END_TEST

Suite *suite_reserve(void);

Suite *
suite_reserve(void)
{
	Suite *s = suite_create("reserve");
	TCase *t = tcase_create("reserve");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, grant);
	tcase_add_test(t, conflict);
	tcase_add_test(t, shared);
	tcase_add_test(t, order_of_holders);
	tcase_add_test(t, again);
	tcase_add_test(t, refused);
	tcase_add_test(t, warned);
	tcase_add_test(t, release);
	tcase_add_test(t, empty_lists);
	tcase_add_test(t, renew);
	tcase_add_test(t, counts_as_activity);
	tcase_add_test(t, the_last_moment);
	tcase_add_test(t, sweep);
	tcase_add_test(t, archive_records);
	tcase_add_loop_test(t, mail_is_stopped, 0, sizeof(stops) / sizeof(stops[0]));
	tcase_add_test(t, listing);
	tcase_add_test(t, poison);
	suite_add_tcase(s, t);
	return s;
}
