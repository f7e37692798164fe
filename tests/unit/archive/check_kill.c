/*
 * check_kill - the archiver dies at each fault point and at random ones, and starts
 * again: every row exactly once, in order. Fault points need make FAULTS=1.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "conf/conf.h"
#include "support/world.h"

static struct world w;

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

static const struct {
	const char *fault;
	int mails; /* few: a commit each; many: groups */
} points[] = {
	{ "archive.before_pack:1:kill", 5 },
	{ "archive.before_pack:2:kill", 5 },
	{ "archive.before_pack:2:kill", 600 },
	{ "archive.between_renames:1:kill", 5 },
	{ "archive.between_renames:2:kill", 600 },
	{ "archive.after_pack:1:kill", 5 },
	{ "archive.after_pack:2:kill", 5 },
	{ "archive.after_pack:2:kill", 600 },
	{ "archive.after_pack:2:fail", 600 },
	{ "archive.after_ref:1:kill", 5 },
	{ "archive.after_ref:2:kill", 5 },
	{ "archive.after_ref:2:kill", 600 },
	{ "archive.before_ack:1:kill", 5 },
	{ "archive.before_ack:1:kill", 600 },
	{ "archive.before_ack:1:fail", 5 },
	{ "archive.before_ack:2:fail", 600 },
	{ "archive.after_ack:1:kill", 5 },
	{ "archive.after_ack:1:kill", 600 },
	{ "archive.after_files:1:kill", 5 },
	{ "archive.after_files:1:kill", 600 },
	{ "archive.after_index:1:kill", 5 },
	{ "archive.after_index:1:kill", 600 },
	{ "archive.index_locked:1:kill", 5 },
	{ "archive.disk_full:1:fail", 5 },
	{ "archive.disk_full:4:fail", 5 },
	{ "archive.disk_full:5:fail", 600 },
	{ "archive.disk_full:6:fail,archive.before_ack:1:fail,archive.after_ack:1:kill", 600 },
};

START_TEST(at_a_fault_point)
{
	int status;

	world_mails(&w, points[_i].mails);
	status = world_archiver(&w, points[_i].fault);
	if (str_ends(str_c(points[_i].fault), STR("kill")))
		ck_assert_msg(WIFSIGNALED(status), "%s was not reached", points[_i].fault);
	else
		ck_assert_int_eq(status, 0);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, points[_i].mails);
}
END_TEST

START_TEST(in_the_work_tree)
{
	world_mails(&w, 20);
	ck_assert_msg(WIFSIGNALED(world_archiver(&w, "archive.after_ack:1:kill")), "not killed");
	ck_assert_msg(WIFSIGNALED(world_archiver(&w, "archive.in_worktree:7:kill")), "not killed");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 20);
}
END_TEST

/* A file that was only half written when the process died. */
START_TEST(a_torn_file_is_mended)
{
	struct str torn;

	world_mails(&w, 1);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_mail(&w, 1, "2", "", "", "Subject 1", "b", NULL);
	ck_assert_msg(WIFSIGNALED(world_archiver(&w, "archive.after_files:1:kill")), "not killed");
	torn = arena_printf(&w.f.arena, "%" PRIstr "/%" PRIstr, FSTR(w.f.conf->storage_root),
	    FSTR(world_git(&w, "log -1 --name-only --format= | head -1")));
	ck_assert_int_eq(truncate(torn.p, 9), 0);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 2);
}
END_TEST

START_TEST(again_and_again)
{
	char fault[64];
	int status;

	for (int round = 1; round <= 12; round++) {
		world_mails(&w, 7);
		snprintf(
		    fault, sizeof(fault), "archive.%s:%d:kill", round % 3 ? "after_ref" : "after_pack", 1 + round % 2);
		status = world_archiver(&w, fault);
		ck_assert(WIFSIGNALED(status) || status == 0);
	}
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	world_fsck(&w);
	ck_assert_int_eq(world_touches(&w, "projects/backend/agents/GreenHill/inbox"),
	    world_touches(&w, "projects/backend/messages"));
	ck_assert(str_eqc(
	    world_git(&w, "log --format= --name-only -- projects/backend/messages/2025 | sort | uniq -d | wc -l"), "0"));
	ck_assert(str_eqc(world_git(&w, "log --format= --name-only -- projects/backend/messages/2025 | wc -l"), "84"));
}
END_TEST

/* Without fault points: kill -9 from outside, whenever it hits. */
START_TEST(at_any_moment)
{
	world_mails(&w, 1500);
	for (int round = 0; round < 10; round++)
		world_archiver_killed(&w, 3000 + 7000 * round);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 1500);
}
END_TEST

/* The repository itself is half made. */
START_TEST(while_it_is_made)
{
	world_mails(&w, 5);
	for (int round = 0; round < 15; round++)
		world_archiver_killed(&w, 1500 + 700 * round);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 5);
	ck_assert(str_eqc(world_git(&w, "config --get core.logallrefupdates"), "false"));
	ck_assert(str_eqc(world_git(&w, "config --get gc.auto"), "0"));
}
END_TEST

/* Landed, and dead before the outbox heard of it: a file that changed twice does not change back and forth once more. */
START_TEST(landed_rows_are_not_landed_again)
{
	struct str before;

	world_profile(&w, 1, "BlueLake", "first");
	world_profile(&w, 1, "BlueLake", "second");
	world_mails(&w, 3);
	fixture_sql(&w.f, "CREATE TABLE kept AS SELECT * FROM outbox");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	before = world_git(&w, "rev-parse HEAD");
	fixture_sql(&w.f, "INSERT INTO outbox SELECT * FROM kept");
	fixture_sql(&w.f, "DROP TABLE kept");
	world_profile(&w, 2, "GreenHill", "other");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_assert_msg(str_eq(world_git(&w, "rev-parse HEAD~1"), before), "commits were made again");
	ck_assert(str_eqc(world_git(&w, "log -1 --format=%B | grep -o outbox=[0-9]*"), "outbox=6"));
	world_settled(&w, 3);
}
END_TEST

Suite *
suite_kill(void)
{
	Suite *s = suite_create("kill");
	TCase *t = tcase_create("fault points"), *k = tcase_create("kill");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	if (FAULTS_ON) {
		tcase_add_loop_test(t, at_a_fault_point, 0, sizeof(points) / sizeof(points[0]));
		tcase_add_test(t, in_the_work_tree);
		tcase_add_test(t, a_torn_file_is_mended);
		tcase_add_test(t, again_and_again);
	}
	suite_add_tcase(s, t);
	tcase_add_checked_fixture(k, setup, teardown);
	tcase_set_timeout(k, 60);
	tcase_add_test(k, at_any_moment);
	tcase_add_test(k, while_it_is_made);
	tcase_add_test(k, landed_rows_are_not_landed_again);
	suite_add_tcase(s, k);
	return s;
}
