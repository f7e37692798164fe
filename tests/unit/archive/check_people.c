/*
 * check_people - people work in the archive with git while the archiver runs.
 */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/conf.h"
#include "support/world.h"

#define AS "-c user.name=person -c user.email=p@example.com "

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
in_archive(const char *path)
{
	return arena_cstr(&w.f.arena, arena_printf(&w.f.arena, "%" PRIstr "/%s", FSTR(w.f.conf->storage_root), path));
}

static void
write_in_archive(const char *path, const char *text)
{
	FILE *f = fopen(in_archive(path), "w");

	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

START_TEST(a_commit_in_between_stays)
{
	world_mails(&w, 3);
	world_archiver(&w, NULL);
	write_in_archive("notes.txt", "mine\n");
	world_git(&w, "add notes.txt");
	world_git(&w, AS "commit -q -m 'a note'");
	world_mails(&w, 3);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "show HEAD:notes.txt"), "mine"));
	ck_has(world_git(&w, "log --format=%s"), "a note");
	world_git(&w, "rm -q notes.txt");
	world_git(&w, AS "commit -q -m 'no note'");
	write_in_archive("projects/unknown.txt", "not added\n");
	world_mails(&w, 1);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), "?? projects/unknown.txt"));
	ck_assert_int_eq(unlink(in_archive("projects/unknown.txt")), 0);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}
END_TEST

/* Somebody commits while the archiver stands ready: it goes on from there, in the same process. */
START_TEST(a_commit_under_a_running_archiver)
{
	struct arch_row rows[8];
	struct arch_op ops[8];
	size_t failed;
	int n;

	world_mails(&w, 2);
	world_open(&w);
	world_drain(&w, true);
	world_git(&w, "read-tree HEAD");
	world_git(&w, AS "commit -q --allow-empty -m 'from outside'");
	world_mails(&w, 2);
	n = arch_rows(&w.a, rows, 8);
	ck_assert_int_eq(arch_group(&w.a, rows, (size_t)n, false, ops, &failed), -1);
	ck_assert_int_eq(w.a.why.kind, ARCH_MOVED);
	ck_assert_int_eq(arch_settle(&w.a), 0);
	world_drain(&w, false);
	ck_has(world_git(&w, "log --format=%s"), "from outside");
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "5"));
	world_fsck(&w);
}
END_TEST

/* Index and files lag behind the tip; a commit made from that index would drop our newest files. */
START_TEST(a_commit_from_an_index_that_lags)
{
	struct str all;

	world_mails(&w, 3);
	world_archiver(&w, NULL);
	world_mails(&w, 2);
	world_open(&w);
	world_drain(&w, true); /* no work tree, no index */
	world_close(&w);
	write_in_archive("notes.txt", "mine\n");
	world_git(&w, "add notes.txt");
	world_git(&w, AS "commit -q -m 'a note'");
	all = world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l");
	ck_assert(str_eqc(all, "3"));
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	all = world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l");
	ck_assert(str_eqc(all, "5"));
	ck_assert(str_eqc(world_git(&w, "show HEAD:notes.txt"), "mine"));
	ck_has(world_git(&w, "log -1 --format=%s"), "put back 6 files");
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	world_fsck(&w);
}
END_TEST

START_TEST(gc_by_hand)
{
	for (int i = 0; i < 3; i++) {
		world_mails(&w, 5);
		ck_assert_int_eq(world_archiver(&w, NULL), 0);
		world_git(&w, i == 2 ? "gc -q --prune=now" : "gc -q");
	}
	world_mails(&w, 5);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_fsck(&w);
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages | wc -l"), "20"));
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}
END_TEST

/* The same process goes on after its packs were exchanged behind its back. */
START_TEST(gc_under_a_running_archiver)
{
	world_open(&w);
	for (int i = 0; i < 4; i++) {
		world_mail(&w, 1, "2", "", "", "s", "b", "T-1");
		world_drain(&w, true);
		world_git(&w, "gc -q --prune=now");
		trees_trim(w.a.trees, 0);
	}
	world_fsck(&w);
	ck_assert(str_eqc(world_git(&w, "show HEAD:projects/backend/messages/threads/T-1.md | grep -c canonical"), "4"));
}
END_TEST

/* `git status` writes the index by itself, as often as somebody looks. */
START_TEST(somebody_looks_all_the_time)
{
	pid_t looker;

	world_mails(&w, 3);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	looker = fork();
	if (looker == 0) {
		setpgid(0, 0);
		execlp("sh", "sh", "-c",
		    "cd \"$1\" && while :; do git -c safe.directory='*' status >/dev/null 2>&1; done", "sh",
		    in_archive(""), (char *)NULL);
		_exit(1);
	}
	for (int i = 0; i < 4; i++) {
		world_mails(&w, 600);
		ck_assert_int_eq(world_archiver(&w, NULL), 0);
	}
	kill(-looker, SIGKILL);
	waitpid(looker, NULL, 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	world_fsck(&w);
}
END_TEST

static const char *const locks[] = { "index.lock", "HEAD.lock", "config.lock", "packed-refs.lock",
	"refs/heads/main.lock" };

START_TEST(a_stale_lock)
{
	char *lock;

	world_mails(&w, 1);
	world_archiver(&w, NULL);
	lock = in_archive(arena_printf(&w.f.arena, ".git/%s", locks[_i]).p);
	write_in_archive(arena_printf(&w.f.arena, ".git/%s", locks[_i]).p, "");
	ck_assert_int_eq(system(arena_printf(&w.f.arena, "touch -d '1 hour ago' '%s'", lock).p), 0);
	world_mails(&w, 2);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "4"));
}
END_TEST

/* A person has another branch checked out: mail goes to main, their files stay as they are. */
START_TEST(another_branch_is_checked_out)
{
	world_mails(&w, 2);
	world_open(&w);
	world_drain(&w, true);
	world_close(&w);
	world_archiver(&w, NULL);
	world_open(&w);
	world_git(&w, "checkout -q -b mine");
	world_mails(&w, 2);
	world_drain(&w, true);
	ck_assert(str_eqc(world_git(&w, "rev-list --count main"), "5"));
	ck_assert(str_eqc(world_git(&w, "rev-list --count mine"), "3"));
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
	world_close(&w);
	world_git(&w, "checkout -q main");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}
END_TEST

/* messaging.md 18, trap 62: there CR LF leaves files modified for ever. */
START_TEST(line_ends)
{
	world_mail(&w, 1, "2", "", "", "a\r\nb", "one\r\ntwo\r\r\n\rthree\r\n", "T-1");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_git(&w, "read-tree HEAD");
	ck_assert(str_eqc(world_git(&w, "-c core.autocrlf=false status --porcelain"), ""));
	ck_assert(str_eqc(world_git(&w, "-c core.autocrlf=input status --porcelain"), ""));
	world_git(&w, "add --renormalize .");
	ck_assert(str_eqc(world_git(&w, "status --porcelain"), ""));
}
END_TEST

START_TEST(a_clone)
{
	world_mails(&w, 20);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_git(&w, "clone -q --bare . ../copy.git");
	world_git(&w, "-C ../copy.git fsck --full --strict");
	world_git(&w, "log --stat -3");
}
END_TEST

Suite *
suite_people(void)
{
	Suite *s = suite_create("people");
	TCase *t = tcase_create("people");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_commit_in_between_stays);
	tcase_add_test(t, a_commit_under_a_running_archiver);
	tcase_add_test(t, a_commit_from_an_index_that_lags);
	tcase_add_test(t, gc_by_hand);
	tcase_add_test(t, gc_under_a_running_archiver);
	tcase_add_test(t, somebody_looks_all_the_time);
	tcase_add_loop_test(t, a_stale_lock, 0, sizeof(locks) / sizeof(locks[0]));
	tcase_add_test(t, another_branch_is_checked_out);
	tcase_add_test(t, line_ends);
	tcase_add_test(t, a_clone);
	suite_add_tcase(s, t);
	return s;
}
