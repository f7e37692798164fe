/* Which sockets a new configuration keeps, opens and retires; what goes to the next binary. */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "conf/conf.h"
#include "master/sockets.h"
#include "support/daemon.h"

Suite *suite_sockets(void);

static struct arena a;
static struct str why;
static struct account nobody;
static char dir[] = "/tmp/sockets.XXXXXX";
static int port;

static void
setup(void)
{
	arena_init(&a, 1024);
	memcpy(dir + sizeof(dir) - 7, "XXXXXX", 6);
	ck_assert_ptr_nonnull(mkdtemp(dir));
	port = free_port();
}

static void
teardown(void)
{
	ck_assert_int_eq(rmdir(dir), 0);
	arena_fini(&a);
}

/* make - sockets for so many workers on `listen`, in which %s stands for the directory. */
static struct sockets *
make(const struct sockets *old, const char *workers, const char *listen)
{
	struct conf *c = conf_for_tests(dir);
	struct sockets *s;

	ck_assert_int_eq(conf_set(c, "workers", str_c(workers), CONF_OPTION, &a, &why), 0);
	ck_assert_int_eq(conf_set(c, "listen", str_c(listen), CONF_OPTION, &a, &why), 0);
	ck_assert_int_eq(conf_set(c, "port", arena_printf(&a, "%d", port), CONF_OPTION, &a, &why), 0);
	s = sockets_new(old, c, &nobody, &a, &why);
	conf_free(&c);
	return s;
}

static int
length(const int *fds)
{
	int n = 0;

	while (fds[n] >= 0)
		n++;
	return n;
}

START_TEST(one_each)
{
	struct sockets *s = make(NULL, "3", "127.0.0.1"), *none = NULL;
	const int *const *table;
	int n;

	ck_assert_ptr_nonnull(s);
	sockets_commit(s, &none);
	table = sockets_table(s, &n);
	ck_assert_int_eq(n, 4);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(length(table[i]), 1);
		ck_assert_int_eq(table[i][0], sockets_of_worker(s, i)[0]);
	}
	ck_assert_int_ne(table[0][0], table[1][0]);
	ck_assert_int_eq(length(table[3]), 0);
	ck_assert_int_eq(sockets_retired(s), -1);
	ck_assert_int_eq(sockets_waiting(s), 0);
	ck_assert(str_eq(sockets_text(s, &a), arena_printf(&a, "127.0.0.1:%d", port)));
	sockets_close(&s, true);
}
END_TEST

START_TEST(unix_socket_is_shared)
{
	char *path = arena_cstr(&a, arena_printf(&a, "unix:%s/x.sock", dir));
	struct sockets *s = make(NULL, "2", path), *again, *none = NULL;
	struct stat st;

	ck_assert_msg(s != NULL, "%.*s", FSTR(why));
	sockets_commit(s, &none);
	ck_assert_int_eq(sockets_of_worker(s, 0)[0], sockets_of_worker(s, 1)[0]);
	ck_assert_int_eq(length(sockets_table(s, &(int){ 0 })[0]), 0);
	ck_assert_int_eq(stat(path + 5, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0660);
	/* Somebody listens there: not ours to take. */
	ck_assert_ptr_null(make(NULL, "2", path));
	ck_assert(str_find(why, STR("Address already in use")) >= 0);
	/* Left by a dead daemon: taken. */
	sockets_close(&s, false);
	again = make(NULL, "2", path);
	ck_assert_msg(again != NULL, "%.*s", FSTR(why));
	sockets_commit(again, &none);
	sockets_close(&again, true);
	ck_assert_int_ne(access(path + 5, F_OK), 0);
}
END_TEST

START_TEST(a_file_is_not_replaced)
{
	char *path = arena_cstr(&a, arena_printf(&a, "unix:%s/file", dir));
	int fd = open(path + 5, O_CREAT | O_WRONLY, 0600);

	close(fd);
	ck_assert_ptr_null(make(NULL, "1", path));
	ck_assert_int_eq(unlink(path + 5), 0);
}
END_TEST

START_TEST(port_of_another_is_refused)
{
	struct sockets *s = make(NULL, "2", "127.0.0.1"), *none = NULL;

	sockets_commit(s, &none);
	ck_assert_ptr_null(make(NULL, "2", "127.0.0.1"));
	ck_assert(str_find(why, STR("Address already in use")) >= 0);
	sockets_close(&s, true);
}
END_TEST

START_TEST(grow_and_shrink)
{
	struct sockets *two = make(NULL, "2", "127.0.0.1"), *four, *one, *none = NULL;
	int first, n;

	sockets_commit(two, &none);
	first = sockets_of_worker(two, 0)[0];
	four = make(two, "4", "127.0.0.1");
	ck_assert_ptr_nonnull(four);
	ck_assert_int_eq(sockets_of_worker(four, 0)[0], first);
	sockets_commit(four, &two);
	ck_assert_ptr_null(two);
	one = make(four, "1", "127.0.0.1");
	ck_assert_int_eq(sockets_of_worker(one, 0)[0], first);
	sockets_commit(one, &four);
	ck_assert_int_eq(sockets_retired(one), 1);
	ck_assert_int_eq(length(sockets_table(one, &n)[1]), 3);
	ck_assert(sockets_retired_idle(one));
	sockets_drop_retired(one);
	ck_assert_int_eq(sockets_retired(one), -1);
	sockets_close(&one, true);
}
END_TEST

START_TEST(abandoned_reload_leaves_the_old)
{
	struct sockets *s = make(NULL, "1", "127.0.0.1"), *next, *none = NULL;
	int fd;

	sockets_commit(s, &none);
	fd = sockets_of_worker(s, 0)[0];
	next = make(s, "3", "127.0.0.1 127.0.0.2");
	ck_assert_msg(next != NULL, "%.*s", FSTR(why));
	sockets_abandon(&next);
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	/* A new address that cannot be had: nothing changes. */
	ck_assert_ptr_null(make(s, "3", "127.0.0.1 192.0.2.1"));
	ck_assert_int_ne(fcntl(fd, F_GETFD), -1);
	sockets_close(&s, true);
}
END_TEST

START_TEST(removed_address_is_retired)
{
	struct sockets *s = make(NULL, "2", "127.0.0.1 127.0.0.3"), *next, *none = NULL;
	int n;

	sockets_commit(s, &none);
	next = make(s, "2", "127.0.0.3");
	sockets_commit(next, &s);
	ck_assert_int_eq(length(sockets_table(next, &n)[sockets_retired(next)]), 2);
	sockets_close(&next, true);
}
END_TEST

START_TEST(export_and_import)
{
	char *path = arena_cstr(&a, arena_printf(&a, "127.0.0.1 unix:%s/y.sock", dir));
	/* Its descriptors go with those of `next`, which are the same; the record stays. */
	static struct sockets *s;
	struct sockets *got, *next, *none = NULL;
	struct str text;

	s = make(NULL, "2", path);
	sockets_commit(s, &none);
	text = sockets_export(s, &a);
	got = sockets_import(text, &a, &why);
	ck_assert_msg(got != NULL, "%.*s", FSTR(why));
	ck_assert(str_eq(sockets_text(got, &a), sockets_text(s, &a)));
	next = make(got, "2", path);
	ck_assert_msg(next != NULL, "%.*s", FSTR(why));
	ck_assert_int_eq(sockets_of_worker(next, 1)[0], sockets_of_worker(s, 1)[0]);
	ck_assert_int_eq(sockets_of_worker(next, 1)[1], sockets_of_worker(s, 1)[1]);
	sockets_commit(next, &got);
	sockets_close(&next, true);
	ck_assert_ptr_null(sockets_import(STR("0 127.0.0.1:1=0"), &a, &why));
	ck_assert_ptr_null(sockets_import(STR("0 nonsense"), &a, &why));
}
END_TEST

Suite *
suite_sockets(void)
{
	Suite *s = suite_create("sockets");
	TCase *tc = tcase_create("sockets");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, one_each);
	tcase_add_test(tc, unix_socket_is_shared);
	tcase_add_test(tc, a_file_is_not_replaced);
	tcase_add_test(tc, port_of_another_is_refused);
	tcase_add_test(tc, grow_and_shrink);
	tcase_add_test(tc, abandoned_reload_leaves_the_old);
	tcase_add_test(tc, removed_address_is_retired);
	tcase_add_test(tc, export_and_import);
	suite_add_tcase(s, tc);
	return s;
}
