/*
 * pane_file - identity files are written by rename into private directories, and no link leads a read, a write or a
 * removal elsewhere.
 */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mail/agent/pane_file.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static const char *
path(const char *name)
{
	return arena_printf(&f.arena, "%" PRIstr "/%s", FSTR(f.dir), name).p;
}

static void
put(const char *name, const char *text)
{
	FILE *out = fopen(path(name), "w");

	ck_assert_ptr_nonnull(out);
	fputs(text, out);
	fclose(out);
}

static struct str
got(const char *name)
{
	return pane_file_read(&f.arena, str_c(path(name)), true);
}

START_TEST(written_and_read)
{
	struct stat st;

	ck_assert_int_eq(pane_file_write(path("deep/down"), "sub", "pane", "BlueLake"), 0);
	ck_str(got("deep/down/sub/pane"), "BlueLake");
	ck_assert_int_eq(pane_file_write(path("deep/down"), "sub", "pane", "Fox"), 0);
	ck_str(got("deep/down/sub/pane"), "Fox");
	ck_assert_int_eq(stat(path("deep/down/sub"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
	ck_assert_int_eq(stat(path("deep/down/sub/pane"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
}
END_TEST

/* What is no line of a file of ours is nothing. */
START_TEST(nothing_to_read)
{
	put("blank", " \n\t\n");
	put("target", "BlueLake\n");
	ck_assert_int_eq(symlink("target", path("link")), 0);
	ck_assert_int_eq(mkdir(path("dir"), 0700), 0);
	ck_assert_int_eq(symlink("dir", path("linked")), 0);
	ck_assert_int_eq(mkfifo(path("fifo"), 0600), 0);
	put("dir/in", "Fox\n");
	ck_str(got("target"), "BlueLake");
	ck_str(got("dir/in"), "Fox");
	ck_assert_ptr_null(got("blank").p);
	ck_assert_ptr_null(got("link").p);
	ck_assert_ptr_null(got("linked/in").p);
	ck_assert_ptr_null(got("dir").p);
	ck_assert_ptr_null(got("fifo").p);
	ck_assert_ptr_null(got("missing").p);
	ck_assert_ptr_null(pane_file_read(&f.arena, STR("no slash"), true).p);
}
END_TEST

START_TEST(only_the_beginning)
{
	char text[2000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	put("long", text);
	ck_assert_uint_eq(got("long").n, 512);
}
END_TEST

/* A link planted where we write, or in place of our directory, is left alone, and so is what it leads to. */
START_TEST(links_are_not_followed)
{
	ck_assert_int_eq(mkdir(path("base"), 0700), 0);
	ck_assert_int_eq(mkdir(path("base/sub"), 0700), 0);
	ck_assert_int_eq(mkdir(path("victim"), 0700), 0);
	put("precious", "keep me");
	ck_assert_int_eq(symlink(path("precious"), path("base/sub/pane")), 0);
	ck_assert_int_eq(pane_file_write(path("base"), "sub", "pane", "BlueLake"), -1);
	ck_assert_int_eq(errno, ELOOP);
	ck_str(got("precious"), "keep me");
	ck_assert_int_eq(symlink(path("victim"), path("base/other")), 0);
	ck_assert_int_eq(pane_file_write(path("base"), "other", "pane", "BlueLake"), -1);
	ck_assert_int_ne(access(path("victim/pane"), F_OK), 0);
	ck_assert_int_eq(symlink(path("base"), path("alias")), 0);
	ck_assert_int_eq(pane_file_write(path("alias"), "sub", "pane2", "BlueLake"), -1);
	ck_assert_int_ne(access(path("base/sub/pane2"), F_OK), 0);
}
END_TEST

static bool
stale(void *arg, struct str name, struct str text)
{
	buf_printf(arg, "%.*s=%.*s ", (int)name.n, name.p, (int)text.n, text.p != NULL ? text.p : "");
	return str_eqc(text, "old");
}

START_TEST(sweep)
{
	struct buf b;

	buf_init(&b, &f.arena);
	ck_assert_int_eq(pane_file_sweep(path("base"), "sub", stale, &b), 0);
	ck_assert_int_eq(pane_file_write(path("base"), "sub", "one", "old"), 0);
	ck_assert_int_eq(pane_file_write(path("base"), "sub", "two", "new"), 0);
	put("base/sub/.hidden", "old");
	put("outside", "old");
	ck_assert_int_eq(symlink(path("outside"), path("base/sub/link")), 0);
	ck_assert_int_eq(mkdir(path("base/sub/dir"), 0700), 0);
	ck_assert_int_eq(pane_file_sweep(path("base"), "sub", stale, &b), 0);
	/* In whatever order the directory has them. */
	ck_assert_int_ge(str_find(buf_flat(&b), STR("one=old ")), 0);
	ck_assert_int_ge(str_find(buf_flat(&b), STR("two=new ")), 0);
	ck_assert_uint_eq(b.n, strlen("one=old two=new "));
	ck_assert_int_ne(access(path("base/sub/one"), F_OK), 0);
	ck_assert_int_eq(access(path("base/sub/two"), F_OK), 0);
	ck_assert_int_eq(access(path("outside"), F_OK), 0);
	ck_assert_int_eq(symlink(path("base/sub"), path("base/alias")), 0);
	ck_assert_int_eq(pane_file_sweep(path("base"), "alias", stale, &b), -1);
}
END_TEST

Suite *suite_pane_file(void);

Suite *
suite_pane_file(void)
{
	Suite *s = suite_create("pane_file");
	TCase *t = tcase_create("pane_file");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, written_and_read);
	tcase_add_test(t, nothing_to_read);
	tcase_add_test(t, only_the_beginning);
	tcase_add_test(t, links_are_not_followed);
	tcase_add_test(t, sweep);
	suite_add_tcase(s, t);
	return s;
}
