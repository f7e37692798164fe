/*
 * check_archive_snapshot - commits that somebody asked for: made with or without changes,
 * noted where they are asked after, and harmless to what reads the archive.
 */
#include <check.h>

#include "store/archive_queue.h"
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

static void
ask(const char *message)
{
	fixture_sql(&w.f, "INSERT INTO archive_snapshots (project_id, message, created_ts) VALUES (1, '', 1)");
	world_row(&w, QUEUE_SNAPSHOT, fixture_int(&w.f, "SELECT max(id) FROM archive_snapshots"), message);
}

static struct str
noted(int id)
{
	return fixture_str(
	    &w.f, arena_printf(&w.f.arena, "SELECT commit_id FROM archive_snapshots WHERE id = %d", id).p);
}

/* Without a change it is a commit all the same, with the tree of the one before. */
START_TEST(nothing_changed)
{
	world_mail(&w, 1, "2", "", "", "Plan", "body", NULL);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ask("{\"message\":\"before\\nthe release\"}");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_str(world_git(&w, "log -1 --format=%s"), "snapshot: before the release");
	ck_str(noted(1), arena_cstr(&w.f.arena, world_git(&w, "rev-parse HEAD")));
	ck_str(world_git(&w, "rev-parse HEAD^{tree}"), arena_cstr(&w.f.arena, world_git(&w, "rev-parse HEAD~1^{tree}")));
	ck_str(world_git(&w, "log --format=%s | grep -c snapshot"), "1");
	ck_str(world_git(&w, "status --porcelain"), "");
	world_fsck(&w);
	/* And mail goes on. */
	world_mail(&w, 1, "2", "", "", "Next", "body", NULL);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 2);
}
END_TEST

/* In an archive that holds nothing yet. */
START_TEST(first_of_all)
{
	ask("{\"message\":\"\"}");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_str(world_git(&w, "log -1 --format=%s"), "snapshot: backend");
	ck_str(noted(1), arena_cstr(&w.f.arena, world_git(&w, "rev-parse HEAD")));
}
END_TEST

/* Together with others in one commit, it is that commit. */
START_TEST(in_a_group)
{
	world_mail(&w, 1, "2", "", "", "Plan", "body", NULL);
	ask("{\"message\":\"a\"}");
	world_mail(&w, 1, "2", "", "", "Next", "body", NULL);
	world_open(&w);
	world_drain(&w, false);
	world_close(&w);
	ck_str(noted(1), arena_cstr(&w.f.arena, world_git(&w, "rev-parse HEAD")));
	ck_has(world_git(&w, "log -1 --format=%s"), "1 snapshot");
}
END_TEST

Suite *suite_archive_snapshot(void);

Suite *
suite_archive_snapshot(void)
{
	Suite *s = suite_create("archive_snapshot");
	TCase *t = tcase_create("arch_snapshot");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, nothing_changed);
	tcase_add_test(t, first_of_all);
	tcase_add_test(t, in_a_group);
	suite_add_tcase(s, t);
	return s;
}
