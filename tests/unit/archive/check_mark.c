/*
 * Decision 3.44 and 3.45: marks, older and newer databases beside a kept
 * archive, repositories that are not ours.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

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

#define STORE "0123456789abcdef0123456789abcdef"

static const struct {
	const char *text;
	bool good;
	int64_t outbox, message;
} marks[] = {
	{ "s\n\nAgentmail-Mark: " STORE " outbox=7 message=3\n", true, 7, 3 },
	{ "s\n\nAgent: x\nAgentmail-Mark: " STORE " outbox=0 message=0", true, 0, 0 },
	{ "s\n\nAgentmail-Mark: " STORE " outbox=7 message=3\n\nmore text\n", false, 0, 0 },
	{ "s\n\nAgentmail-Mark: " STORE " outbox=7 message=3\n\nAgentmail-Mark: " STORE " outbox=9 message=4\n\n", true,
	    9, 4 },
	{ "Agentmail-Mark: short outbox=7 message=3", false, 0, 0 },
	{ "Agentmail-Mark: " STORE " outbox=-7 message=3", false, 0, 0 },
	{ "Agentmail-Mark: " STORE " outbox=x message=3", false, 0, 0 },
	{ "Agentmail-Mark: " STORE " outbox=7", false, 0, 0 },
	{ "Agentmail-Mark: " STORE, false, 0, 0 },
	{ "", false, 0, 0 },
};

START_TEST(the_mark_line)
{
	struct arch_mark m = { STR_NONE, 0, 0 };

	ck_assert_int_eq(arch_mark_parse(str_c(marks[_i].text), &m), marks[_i].good);
	if (!marks[_i].good)
		return;
	ck_assert(str_eqc(m.store, STORE));
	ck_assert_int_eq(m.outbox, marks[_i].outbox);
	ck_assert_int_eq(m.message, marks[_i].message);
}
END_TEST

static void
copy_database(const char *from, const char *to)
{
	char *cmd = arena_cstr(&w.f.arena,
	    arena_printf(
		&w.f.arena, "cd '%" PRIstr "' && rm -f %s-wal %s-shm && cp %s %s", FSTR(w.f.dir), to, to, from, to));

	ck_assert_int_eq(system(cmd), 0);
}

/* The database of a backup; its write-ahead log is emptied first. */
static void
back_up(void)
{
	fixture_sql(&w.f, "PRAGMA wal_checkpoint(TRUNCATE)");
	copy_database(arena_cstr(&w.f.arena, w.f.conf->database), "backup.db");
}

static void
restore(void)
{
	world_close(&w);
	fixture_close_db(&w.f);
	copy_database("backup.db", arena_cstr(&w.f.arena, w.f.conf->database));
	fixture_open_db(&w.f);
}

/* Rows of the backup that were applied since are known again by their contents; new mail gets new numbers. */
START_TEST(an_older_database)
{
	world_mails(&w, 3);
	world_archiver(&w, NULL);
	world_mails(&w, 2);
	back_up(); /* two rows pending */
	world_archiver(&w, NULL);
	world_mails(&w, 4);
	world_archiver(&w, NULL); /* the archive has nine messages */
	restore();
	ck_assert_int_eq(fixture_int(&w.f, "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"), 5);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(fixture_int(&w.f, "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"), 9);
	ck_assert_int_ge(fixture_int(&w.f, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"), 9);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_assert_int_eq(world_mail(&w, 1, "2", "", "", "new", "b", NULL), 10);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l"), "10"));
	ck_assert(str_eqc(
	    world_git(&w, "log --format= --name-only -- projects/backend/messages | sort | uniq -d | wc -l"), "0"));
	world_fsck(&w);
}
END_TEST

/* Somebody wrote before the archiver came to look: numbers that the archive knows are not taken for done. */
START_TEST(an_older_database_that_was_written_to)
{
	back_up();
	world_mails(&w, 3);
	world_archiver(&w, NULL);
	restore();
	world_mail(&w, 2, "3", "", "", "different", "b", NULL);
	ck_assert_int_eq(fixture_int(&w.f, "SELECT max(id) FROM outbox"), 1);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_has(world_git(&w, "log -1 --format=%B"), "GreenHill -> RedFox | different");
	ck_has(world_git(&w, "log -1 --format=%B"), "outbox=4 ");
	ck_assert_int_eq(fixture_int(&w.f, "SELECT seq FROM sqlite_sequence WHERE name = 'messages'"), 3);
	world_fsck(&w);
}
END_TEST

START_TEST(another_database)
{
	struct str before;

	world_mails(&w, 3);
	world_archiver(&w, NULL);
	before = world_git(&w, "log -1 --format=%B");
	fixture_sql(&w.f, "UPDATE store SET store_id = '" STORE "'");
	fixture_sql(&w.f, "DELETE FROM sqlite_sequence WHERE name IN ('outbox', 'messages')");
	fixture_sql(&w.f, "DELETE FROM message_recipients");
	fixture_sql(&w.f, "DELETE FROM messages");
	world_mail(&w, 2, "3", "", "", "first of the new", "b", NULL);
	world_profile(&w, 1, "BlueLake", "x");
	ck_assert_int_eq(fixture_int(&w.f, "SELECT max(id) FROM outbox"), 2);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_has(before, "outbox=3 message=3");
	ck_has(world_git(&w, "log -2 --format=%B"), STORE " outbox=4 message=3");
	ck_has(world_git(&w, "log -1 --format=%B"), STORE " outbox=5 message=3");
	ck_assert_int_eq(world_mail(&w, 2, "3", "", "", "next", "b", NULL), 4);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "7"));
	world_fsck(&w);
}
END_TEST

START_TEST(a_lost_archive)
{
	world_mails(&w, 3);
	world_archiver(&w, NULL);
	world_mails(&w, 2);
	ck_assert_int_eq(system(arena_cstr(&w.f.arena,
			     arena_printf(&w.f.arena, "rm -rf '%" PRIstr "'", FSTR(w.f.conf->storage_root)))),
	    0);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l"), "2"));
	ck_has(world_git(&w, "log -1 --format=%B"), "outbox=5 message=5");
}
END_TEST

START_TEST(somebody_elses_repository)
{
	char *cmd = arena_cstr(&w.f.arena,
	    arena_printf(&w.f.arena,
		"git init -q '%" PRIstr "' && cd '%" PRIstr
		"' && echo x >a && git add a && git -c user.name=a -c user.email=a commit -qm x",
		FSTR(w.f.conf->storage_root), FSTR(w.f.conf->storage_root)));
	struct str before;

	ck_assert_int_eq(system(cmd), 0);
	before = world_git(&w, "rev-parse HEAD");
	world_mails(&w, 1);
	ck_assert_int_eq(WEXITSTATUS(world_archiver(&w, NULL)), 78);
	ck_assert_int_eq(arch_open(&w.a, w.f.conf, arena_cstr(&w.f.arena, w.f.conf->storage_root), w.f.db, NULL, 0), 0);
	ck_assert_int_eq(arch_settle(&w.a), -1);
	ck_assert_int_eq(w.a.why.kind, ARCH_REFUSED);
	ck_has(str_c(w.a.why.text), "agentmail import");
	arch_close(&w.a);
	ck_assert(str_eq(before, world_git(&w, "rev-parse HEAD")));
	ck_assert_int_eq(world_pending(&w), 1);
}
END_TEST

START_TEST(one_owner)
{
	struct arch second;

	world_open(&w);
	ck_assert_int_eq(
	    arch_open(&second, w.f.conf, arena_cstr(&w.f.arena, w.f.conf->storage_root), w.f.db, NULL, 30), 1);
	arch_close(&second);
	world_close(&w);
	world_open(&w);
}
END_TEST

/* The walk goes along first parents: what was merged in is not asked for its mark. */
START_TEST(after_a_merge)
{
	world_mails(&w, 2);
	world_archiver(&w, NULL);
	world_git(&w, "checkout -q -b side HEAD~1");
	world_git(&w, "-c user.name=a -c user.email=a commit -q --allow-empty -m side");
	world_git(&w, "checkout -q main");
	world_git(&w, "-c user.name=a -c user.email=a merge -q --no-ff -m merged side");
	world_mails(&w, 2);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_has(world_git(&w, "log -1 --format=%B"), "outbox=4 message=4");
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l"), "4"));
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}
END_TEST

Suite *
suite_mark(void)
{
	Suite *s = suite_create("mark");
	TCase *t = tcase_create("marks");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_loop_test(t, the_mark_line, 0, sizeof(marks) / sizeof(marks[0]));
	tcase_add_test(t, an_older_database);
	tcase_add_test(t, an_older_database_that_was_written_to);
	tcase_add_test(t, another_database);
	tcase_add_test(t, a_lost_archive);
	tcase_add_test(t, somebody_elses_repository);
	tcase_add_test(t, one_owner);
	tcase_add_test(t, after_a_merge);
	suite_add_tcase(s, t);
	return s;
}
