/*
 * verify names every difference; rebuild makes an archive that verify likes and
 * the archiver goes on with.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/archive_rebuild.h"
#include "cli/archive_verify.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "store/archive_queue.h"
#include "support/world.h"

#define AS "-c user.name=person -c user.email=p@example.com "

static struct world w;
static struct buf said;
static struct verify_result found;

static void
setup(void)
{
	world_init(&w);
}

static void
teardown(void)
{
	world_fini(&w);
}

static void
say(void *arg, const char *kind, struct str path, struct str about)
{
	buf_printf(&said, "%s %" PRIstr " (%" PRIstr ")\n", kind, FSTR(path), FSTR(about));
}

static void
rebuild_say(void *arg, struct str what, const char *why)
{
	buf_printf(&said, "%" PRIstr ": %s\n", FSTR(what), why);
}

/* What verify says. */
static struct str
verify(void)
{
	struct str why;

	buf_init(&said, &w.f.arena);
	ck_assert_msg(archive_verify(w.f.conf, say, NULL, &found, &w.f.arena, &why) == 0, "%.*s", (int)why.n, why.p);
	return buf_flat(&said);
}

static void
profile(int64_t id)
{
	struct agent a;

	ck_assert_int_eq(agent_by_id(fixture_again(&w.f), id, &a), 1);
	world_row(&w, QUEUE_AGENT, id, arena_cstr(&w.f.arena, agent_profile(&w.f.arena, &a)));
}

static void
fill(void)
{
	for (int i = 1; i <= 3; i++)
		profile(i);
	fixture_sql(&w.f, "DELETE FROM agents WHERE id = 4");
	world_mail(&w, 1, "2", "3", "", "One", "b", "T-1");
	world_mail(&w, 2, "1", "", "3", "Two", "b", "T-1");
	world_mail(&w, 3, "", "", "1", "Three", "b", NULL);
	fixture_sql(&w.f,
	    "INSERT INTO file_reservations (id, project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " VALUES (7, 1, 1, 'src/**', 1000000, 2000000)");
	world_row(&w, QUEUE_RESERVATION, 7,
	    "{\"agent\":\"BlueLake\",\"records\":[{\"id\":7,\"project\":\"/data/backend\",\"agent\":\"BlueLake\",\"path_pattern\":\"src/**\","
	    "\"exclusive\":true,\"reason\":\"\",\"created_ts\":\"1970-01-01T00:00:01+00:00\",\"expires_ts\":\"1970-01-01T00:00:02+00:00\"}]}");
}

START_TEST(all_is_well)
{
	fill();
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(verify(), ""));
	ck_assert_int_eq(found.messages, 3);
	ck_assert_int_eq(found.profiles, 3);
	ck_assert_int_eq(found.reservations, 1);
	ck_assert_int_eq(verify_differences(&found), 0);
}
END_TEST

START_TEST(what_waits_is_no_difference)
{
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	fill();
	ck_assert(str_eqc(verify(), ""));
	ck_assert_int_eq(found.pending, 7);
	ck_assert_int_eq(found.messages, 0);
}
END_TEST

static const struct {
	const char *sql, *git, *want;
} damages[] = {
	{ NULL, "rm -q 'projects/backend/messages/2025/10/*one__1.md'",
	    "messages/2025/10/2025-10-23T07-08-09Z__one__1.md (message 1)" },
	{ NULL, "rm -q 'projects/backend/agents/RedFox/inbox/2025/10/*two__2.md'",
	    "missing projects/backend/agents/RedFox/inbox/" },
	{ NULL, "rm -q projects/backend/agents/BlueLake/profile.json",
	    "missing projects/backend/agents/BlueLake/profile.json (agent 1)" },
	{ NULL, "rm -q projects/backend/file_reservations/id-7.json", "id-7.json (reservation 7)" },
	{ NULL, "rm -q projects/backend/messages/threads/T-1.md", "threads/T-1.md (entry of message 2)" },
	{ "UPDATE messages SET body_md = 'other' WHERE id = 1", NULL, "differs projects/backend/messages/2025/10/" },
	{ "UPDATE agents SET model = 'other' WHERE id = 2", NULL, "GreenHill/profile.json (agent 2: model)" },
	{ "UPDATE file_reservations SET reason = 'x'", NULL,
	    "differs projects/backend/file_reservations/id-7.json (reservation 7: reason)" },
	{ "INSERT INTO messages (id, project_id, sender_id, subject, body_md, created_ts) VALUES (9, 1, 1, 's', 'b', 1)",
	    NULL, "missing projects/backend/messages/1970/01/1970-01-01T00-00-00Z__s__9.md (message 9)" },
	{ "INSERT INTO outbox_failed VALUES (5, 3, 1, 99, NULL, 1, 1, 'why')", NULL,
	    "failed outbox_failed (row 5, kind 3, ref 99: why)" },
};

START_TEST(a_difference)
{
	fill();
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	if (damages[_i].git) {
		world_git(&w, damages[_i].git);
		world_git(&w, AS "commit -q -m damage");
	}
	if (damages[_i].sql)
		fixture_sql(&w.f, damages[_i].sql);
	ck_has(verify(), damages[_i].want);
	ck_assert_int_gt(verify_differences(&found), 0);
}
END_TEST

START_TEST(mail_that_was_removed_or_is_not_known)
{
	fill();
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	fixture_sql(&w.f, "DELETE FROM message_recipients WHERE message_id IN (1, 2)");
	fixture_sql(&w.f, "DELETE FROM messages WHERE id IN (1, 2)");
	fixture_sql(&w.f, "INSERT INTO messages_removed VALUES (1, 1, 1, 'purge')");
	ck_has(verify(), "unknown projects/backend/messages/2025/10/2025-10-23T07-08-09Z__two__2.md");
	ck_assert_int_eq(found.unknown, 1);
	ck_assert_int_eq(found.removed, 1);
	ck_assert_int_eq(verify_differences(&found), 1);
}
END_TEST

START_TEST(there_is_no_archive)
{
	struct str why;

	buf_init(&said, &w.f.arena);
	ck_assert_int_eq(archive_verify(w.f.conf, say, NULL, &found, &w.f.arena, &why), -1);
	ck_assert_int_ne(access(arena_cstr(&w.f.arena, w.f.conf->storage_root), F_OK), 0);
}
END_TEST

static void
rebuild(struct rebuild_result *r)
{
	struct str why = STR_NONE;
	int rc;

	buf_init(&said, &w.f.arena);
	rc = archive_rebuild(w.f.conf, w.f.conf->storage_root, rebuild_say, NULL, r, &w.f.arena, &why);
	ck_assert_msg(rc == 0, "%.*s", (int)why.n, why.p);
}

static void
lose_archive(void)
{
	char *cmd =
	    arena_cstr(&w.f.arena, arena_printf(&w.f.arena, "rm -rf '%" PRIstr "'", FSTR(w.f.conf->storage_root)));

	ck_assert_int_eq(system(cmd), 0);
}

START_TEST(rebuilt)
{
	struct rebuild_result r;
	struct str before, commit;

	fill();
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	before = world_git(&w, "ls-tree -r HEAD");
	commit = fixture_str(&w.f, "SELECT commit_id FROM messages WHERE id = 1");
	world_mails(&w, 2);
	lose_archive();
	rebuild(&r);
	ck_assert_int_eq(r.messages, 3);
	ck_assert_int_eq(r.pending, 2);
	ck_assert_int_eq(r.profiles, 3);
	ck_assert_int_eq(r.reservations, 1);
	ck_assert_int_eq(r.failed, 0);
	ck_assert(str_eq(before, world_git(&w, "ls-tree -r HEAD")));
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	ck_assert(!str_eq(commit, fixture_str(&w.f, "SELECT commit_id FROM messages WHERE id = 1")));
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(verify(), ""));
	ck_assert_int_eq(found.messages, 5);
	ck_has(world_git(&w, "log -1 --format=%B"), "message=5");
	ck_assert(
	    str_eqc(world_git(&w, "log --format= --name-only -- projects/backend/messages/2025 | sort | uniq -d"), ""));
	world_fsck(&w);
}
END_TEST

START_TEST(rebuilt_with_gaps)
{
	struct rebuild_result r;

	fill();
	fixture_sql(&w.f, "DELETE FROM outbox");
	fixture_sql(&w.f, "INSERT INTO messages_removed VALUES (77, 1, 1, 'purge')");
	fixture_sql(&w.f, "UPDATE agents SET name = '.hidden' WHERE id = 3");
	rebuild(&r);
	ck_assert_int_eq(r.removed, 1);
	ck_assert_int_eq(r.failed, 4);
	ck_has(buf_flat(&said), "kind 3, id 3");
	ck_has(buf_flat(&said), ".hidden");
	world_fsck(&w);
}
END_TEST

START_TEST(rebuild_overwrites_nothing)
{
	struct rebuild_result r;
	struct str why = STR_NONE;

	fill();
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	buf_init(&said, &w.f.arena);
	ck_assert_int_eq(archive_rebuild(w.f.conf, w.f.conf->storage_root, rebuild_say, NULL, &r, &w.f.arena, &why), -1);
	ck_has(why, "move it away first");
	world_open(&w);
	ck_assert_int_eq(archive_rebuild(w.f.conf, w.f.conf->storage_root, rebuild_say, NULL, &r, &w.f.arena, &why), -1);
	ck_has(why, "stop the daemon first");
}
END_TEST

Suite *
suite_archive_verify(void)
{
	Suite *s = suite_create("archive_verify");
	TCase *t = tcase_create("verify");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, all_is_well);
	tcase_add_test(t, what_waits_is_no_difference);
	tcase_add_loop_test(t, a_difference, 0, sizeof(damages) / sizeof(damages[0]));
	tcase_add_test(t, mail_that_was_removed_or_is_not_known);
	tcase_add_test(t, there_is_no_archive);
	tcase_add_test(t, rebuilt);
	tcase_add_test(t, rebuilt_with_gaps);
	tcase_add_test(t, rebuild_overwrites_nothing);
	suite_add_tcase(s, t);
	return s;
}
