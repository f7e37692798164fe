/* The session key: made once, private, refused when it is not. */
#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "proc/account.h"
#include "proc/secret.h"

Suite *suite_secret(void);

static struct arena a;
static struct str db, why;
static char *key;
static struct account self;
static char dir[] = "/tmp/secret.XXXXXX";

static void
setup(void)
{
	arena_init(&a, 1024);
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	db = arena_printf(&a, "%s/mail.db", dir);
	key = arena_cstr(&a, arena_printf(&a, "%s.key", db.p));
}

static void
teardown(void)
{
	unlink(key);
	rmdir(dir);
	arena_fini(&a);
}

START_TEST(made_once)
{
	unsigned char one[SECRET_SIZE], two[SECRET_SIZE], zero[SECRET_SIZE] = { 0 };
	struct stat st;

	ck_assert_int_eq(secret_load(db, &self, one, &a, &why), 0);
	ck_assert_int_eq(stat(key, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_mem_ne(one, zero, sizeof(one));
	ck_assert_int_eq(secret_load(db, &self, two, &a, &why), 0);
	ck_assert_mem_eq(one, two, sizeof(one));
}
END_TEST

START_TEST(refused)
{
	unsigned char one[SECRET_SIZE];

	ck_assert_int_eq(secret_load(db, &self, one, &a, &why), 0);
	ck_assert_int_eq(chmod(key, 0640), 0);
	ck_assert_int_eq(secret_load(db, &self, one, &a, &why), -1);
	ck_assert(str_find(why, STR("chmod 600")) >= 0);
	ck_assert_int_eq(chmod(key, 0600), 0);
	ck_assert_int_eq(truncate(key, 5), 0);
	ck_assert_int_eq(secret_load(db, &self, one, &a, &why), -1);
	ck_assert(str_find(why, STR("does not hold 32 bytes")) >= 0);
	ck_assert_int_eq(unlink(key), 0);
	ck_assert_int_eq(symlink("/dev/zero", key), 0);
	ck_assert_int_eq(secret_load(db, &self, one, &a, &why), -1);
	ck_assert_int_eq(secret_load(STR("/proc/none/x.db"), &self, one, &a, &why), -1);
	ck_assert(str_starts(why, STR("database: ")));
}
END_TEST

START_TEST(directories)
{
	struct account nobody = { 0 };
	struct stat st;
	char *deep = arena_cstr(&a, arena_printf(&a, "%s/a/b", dir)),
	     *file = arena_cstr(&a, arena_printf(&a, "%s/a/b/c", dir));

	ck_assert_int_eq(account_directory_of(&nobody, "log_file", str_c(file), &a, &why), 0);
	ck_assert_int_eq(stat(deep, &st), 0);
	ck_assert(S_ISDIR(st.st_mode));
	ck_assert_int_eq(account_directory(&nobody, "state_dir", str_c(deep), &a, &why), 0);
	ck_assert_int_eq(account_directory(&nobody, "state_dir", STR("/dev/null/x"), &a, &why), -1);
	ck_assert(str_starts(why, STR("state_dir: cannot make the directory")));
	rmdir(deep);
	rmdir(arena_cstr(&a, arena_printf(&a, "%s/a", dir)));
}
END_TEST

Suite *
suite_secret(void)
{
	Suite *s = suite_create("secret");
	TCase *tc = tcase_create("secret");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, made_once);
	tcase_add_test(tc, refused);
	tcase_add_test(tc, directories);
	suite_add_tcase(s, tc);
	return s;
}
