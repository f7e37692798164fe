/*
 * Packs and loose objects stay few; the repacking child may die anywhere.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/git/git_repack.h"
#include "archive/repack.h"
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

static char *
gitdir(void)
{
	return arena_cstr(&w.f.arena, arena_printf(&w.f.arena, "%" PRIstr "/.git", FSTR(w.f.conf->storage_root)));
}

static int
packs(void)
{
	return repack_count_packs(arena_printf(&w.f.arena, "%s/objects/pack", gitdir()).p);
}

/* One pack for each message. */
static void
make_packs(int n)
{
	world_open(&w);
	for (int i = 0; i < n; i++) {
		world_mail(&w, 1, "2", "", "", "Subject", "body body", "T-1");
		world_drain(&w, true);
	}
	world_close(&w);
}

START_TEST(many_become_one)
{
	make_packs(30);
	ck_assert_int_eq(packs(), 31);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 1);
	world_fsck(&w);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 1);
	make_packs(3);
	ck_assert_int_eq(packs(), 4);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 2); /* the large one is left alone */
	world_archiver(&w, NULL);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	world_fsck(&w);
}
END_TEST

static int
deltas(void)
{
	return (int)strtol(
	    world_git(&w,
		arena_printf(&w.f.arena,
		    "verify-pack -v %s/objects/pack/*.idx | grep -c '^[0-9a-f]* tree .* [0-9a-f]\\{40\\}$' || true",
		    gitdir())
		    .p)
		.p,
	    NULL, 10);
}

/* Again and again: what has deltas is copied with them, and the trees that were whole find a newer one. */
START_TEST(over_and_over)
{
	for (int i = 0; i < 12; i++) {
		make_packs(8);
		ck_assert_int_eq(repack_now(gitdir(), false), 0);
		ck_assert_int_lt(packs(), 5);
		world_git(&w, "fsck --full --strict --no-progress");
	}
	ck_assert_int_gt(deltas(), 50);
	world_git(&w, "gc -q");
	ck_assert_int_eq(packs(), 1);
	/* Git names bases by their distance: its pack stays as it is. */
	make_packs(4);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 2);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "101"));
	world_fsck(&w);
}
END_TEST

/* As a child leaves it that was killed before it removed the old packs. */
START_TEST(an_object_in_many_packs)
{
	const char *dir = arena_printf(&w.f.arena, "%s/objects/pack", gitdir()).p;
	const char *keep =
	    arena_printf(&w.f.arena, "mkdir -p '%s/../kept' && cp '%s'/pack-* '%s/../kept/'", dir, dir, dir).p;
	const char *bring = arena_printf(&w.f.arena, "cp -n '%s'/../kept/* '%s'", dir, dir).p;

	for (int i = 0; i < 4; i++) {
		make_packs(20);
		ck_assert_int_eq(system(keep), 0);
		ck_assert_int_eq(repack_now(gitdir(), false), 0);
	}
	ck_assert_int_eq(system(bring), 0);
	ck_assert_int_gt(packs(), 80);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_lt(packs(), 3);
	world_fsck(&w);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "81"));
}
END_TEST

START_TEST(damaged_packs_stay)
{
	const char *dir = arena_printf(&w.f.arena, "%s/objects/pack", gitdir()).p;

	make_packs(3);
	ck_assert_int_eq(system(arena_printf(
			     &w.f.arena, "cd '%s' && p=$(ls *.pack | head -1) && chmod +w $p && truncate -s -1 $p", dir)
				    .p),
	    0);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 2);
	ck_assert_int_eq(system(arena_printf(&w.f.arena, "! ls '%s' | grep -q tmp_", dir).p), 0);
}
END_TEST

START_TEST(loose_objects_go_along)
{
	make_packs(3);
	for (int i = 0; i < 20; i++)
		world_git(
		    &w, arena_printf(&w.f.arena, "-c user.name=a -c user.email=a commit -q --allow-empty -m c%d", i).p);
	ck_assert_int_ge(repack_count_loose(gitdir()), 20);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(repack_count_loose(gitdir()), 0);
	ck_assert_int_eq(packs(), 1);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "24"));
}
END_TEST

START_TEST(kept_packs_are_left_alone)
{
	make_packs(5);
	world_git(&w, "gc -q");
	ck_assert_int_eq(system(arena_printf(&w.f.arena,
			     "cd '%s/objects/pack' && for p in *.pack; do echo mine >${p%%.pack}.keep; done", gitdir())
				    .p),
	    0);
	make_packs(5);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	ck_assert_int_eq(packs(), 2);
	world_git(&w, "multi-pack-index write");
	make_packs(5);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	world_fsck(&w);
}
END_TEST

/* The role starts the child by itself and never has fifty packs. */
START_TEST(never_fifty)
{
	int most = 0;

	w.f.conf->archive_group_max = 0;
	for (int i = 0; i < 120; i++) {
		world_mails(&w, 1);
		ck_assert_int_eq(world_archiver(&w, NULL), 0);
		if (packs() > most)
			most = packs();
	}
	ck_assert_int_lt(most, 50);
	ck_assert_int_ge(most, REPACK_AT - 1);
	world_settled(&w, 120);
}
END_TEST

static const char *const deaths[] = { "repack.after_write:1:kill", "repack.between_removals:1:kill",
	"repack.between_removals:5:kill", "archive.pack_unlink:1:kill", "archive.pack_unlink:4:kill",
	"archive.pack_unlink:13:kill" };

START_TEST(killed)
{
	int status;
	pid_t pid;

	make_packs(12);
	pid = fork();
	if (pid == 0) {
		setenv("AGENTMAIL_FAULT", deaths[_i], 1);
		fault_reset();
		_exit(repack_now(gitdir(), false));
	}
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFSIGNALED(status));
	world_git(&w, "fsck --full --strict --no-progress");
	world_mails(&w, 2);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(repack_now(gitdir(), false), 0);
	world_fsck(&w);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "15"));
}
END_TEST

Suite *
suite_repack(void)
{
	Suite *s = suite_create("repack");
	TCase *t = tcase_create("repack");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, many_become_one);
	tcase_add_test(t, over_and_over);
	tcase_add_test(t, an_object_in_many_packs);
	tcase_add_test(t, damaged_packs_stay);
	tcase_add_test(t, loose_objects_go_along);
	tcase_add_test(t, kept_packs_are_left_alone);
	tcase_add_test(t, never_fifty);
	if (FAULTS_ON)
		tcase_add_loop_test(t, killed, 0, sizeof(deaths) / sizeof(deaths[0]));
	suite_add_tcase(s, t);
	return s;
}
