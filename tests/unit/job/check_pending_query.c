/*
 * check_pending_query - a request that waits for the helper: every way in which a query can end, what is counted then,
 * and that nothing is left open. The test is the helper.
 */
#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/query/head.h"
#include "ipc/scoreboard.h"
#include "event/loop.h"
#include "job/query.h"
#include "job/runtime.h"
#include "support/fixture.h"

static struct fixture f;
static struct runtime rt;
static struct slot *slot;
static int helper; /* its end of the queries */
static struct str query;

struct waiter {
	struct pending_query q;
	int called;
	struct str result;
};

static void
setup(void)
{
	struct buf b;
	int fd[2];

	fixture_init_without_db(&f);
	ck_assert_int_eq(helper_query_pair(fd), 0);
	helper = fd[0];
	slot = calloc(1, sizeof(*slot));
	rt = (struct runtime){ .conf = f.conf, .slot = slot, .loop = loop_new(), .query_fd = fd[1] };
	buf_init(&b, &f.arena);
	head_query_put(&b, &(struct head_query){ STR("/p") });
	query = buf_flat(&b);
}

static void
teardown(void)
{
	loop_free(&rt.loop);
	close(rt.query_fd);
	close(helper);
	free(slot);
	fixture_fini(&f);
}

static void
on_end(void *arg, struct str result)
{
	struct waiter *w = arg;

	w->called++;
	w->result = result;
}

static bool
start(struct waiter *w)
{
	*w = (struct waiter){ .q = { .arena = &f.arena, .fn = on_end, .arg = w } };
	return query_start(&rt, query, &w->q);
}

static void
wait_for(struct waiter *w)
{
	int64_t until = clock_mono_us() + 10 * USEC;

	while (w->called == 0 && clock_mono_us() < until)
		loop_turn(rt.loop, USEC / 10);
	ck_assert_int_eq(w->called, 1);
}

/* The socket for the result of the next query. */
static int
take(void)
{
	char buf[HELPER_QUERY_MAX];
	int reply;

	ck_assert_int_eq(helper_query_recv(helper, buf, sizeof(buf), &reply), (ssize_t)query.n);
	ck_assert_int_ge(reply, 0);
	return reply;
}

/* What was counted: started, waiting, failed, timed out, refused. */
static void
ck_counts(uint64_t started, uint64_t waiting, uint64_t failed, uint64_t late, uint64_t refused)
{
	ck_assert_uint_eq(counter_get(slot, C_helper_queries_total), started);
	ck_assert_uint_eq(counter_get(slot, C_helper_queries_waiting), waiting);
	ck_assert_uint_eq(counter_get(slot, C_helper_queries_failed_total), failed);
	ck_assert_uint_eq(counter_get(slot, C_helper_queries_timed_out_total), late);
	ck_assert_uint_eq(counter_get(slot, C_helper_queries_refused_total), refused);
}

static int
descriptors(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

START_TEST(result)
{
	struct waiter w;
	int reply, before = descriptors();

	ck_assert(start(&w));
	ck_counts(1, 1, 0, 0, 0);
	reply = take();
	usleep(2000);
	ck_assert_int_eq(helper_result_send(reply, STR("head {\"branch\":\"b\",\"worktree\":\"w\"}\n"), -1), 0);
	close(reply);
	wait_for(&w);
	ck_str(w.result, "head {\"branch\":\"b\",\"worktree\":\"w\"}\n");
	ck_assert_ptr_null(w.q.file.p);
	ck_counts(1, 0, 0, 0, 0);
	ck_assert_uint_ge(counter_get(slot, C_helper_query_us_total), 2000);
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

/* A memory file comes along only when it is sealed: nobody takes its bytes away. */
START_TEST(file)
{
	struct waiter w;
	int reply, before = descriptors(), memory = memfd_create("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	ck_assert_int_eq(write(memory, "bytes", 5), 5);
	if (_i == 0)
		ck_assert_int_eq(fcntl(memory, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_WRITE), 0);
	ck_assert(start(&w));
	reply = take();
	ck_assert_int_eq(helper_result_send(reply, STR("head {}\n"), memory), 0);
	close(reply);
	close(memory);
	wait_for(&w);
	ck_assert(str_eqc(w.q.file, "bytes") == (_i == 0));
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

static const char *const ends[] = { "", "head {\"branch\":\"b\"", "head {\"branch\":\"b\"}" };

/* The child died before, or while it wrote: nothing is half known. */
START_TEST(died)
{
	struct waiter w;
	int reply, before = descriptors();

	ck_assert(start(&w));
	reply = take();
	ck_assert_int_eq(helper_result_send(reply, str_c(ends[_i]), -1), 0);
	close(reply);
	wait_for(&w);
	ck_assert_ptr_null(w.result.p);
	ck_counts(1, 0, 1, 0, 0);
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

/* The helper hangs, with the query taken or not. It is over after the time of its kind; what comes later reaches nobody. */
START_TEST(hangs)
{
	struct waiter w;
	int reply = -1, before = descriptors();

	f.conf->helper_timeout = USEC / 20;
	ck_assert(start(&w));
	if (_i == 0)
		reply = take();
	wait_for(&w);
	ck_assert_ptr_null(w.result.p);
	ck_counts(1, 0, 0, 1, 0);
	ck_assert_uint_ge(counter_get(slot, C_helper_query_us_total), USEC / 20);
	if (_i > 0)
		reply = take();
	ck_assert_int_lt(send(reply, "head {}\n", 8, MSG_NOSIGNAL), 0);
	close(reply);
	loop_turn(rt.loop, 0);
	ck_assert_int_eq(w.called, 1);
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

/* Queries that nobody takes: from some number on they are refused at once, and the others end. */
START_TEST(flood)
{
	static struct waiter w[5000];
	int n = 0, refused, before = descriptors();

	f.conf->helper_timeout = USEC / 5;
	while (n < 5000 && start(&w[n]))
		n++;
	ck_assert_int_gt(n, 0);
	ck_assert_int_lt(n, 5000);
	refused = 1;
	ck_counts((uint64_t)n + 1, (uint64_t)n, 0, 0, 1);
	ck_assert(!start(&w[n]));
	refused++;
	for (int i = 0; i < n; i++) {
		wait_for(&w[i]);
		ck_assert_ptr_null(w[i].result.p);
	}
	ck_counts((uint64_t)(n + refused), 0, 0, (uint64_t)n, (uint64_t)refused);
	ck_assert_int_eq(descriptors(), before);
}
END_TEST

/* The helper has taken it and has no room for it. */
START_TEST(refused_by_helper)
{
	struct waiter w;

	ck_assert(start(&w));
	helper_query_refuse(take());
	wait_for(&w);
	ck_assert_ptr_null(w.result.p);
	ck_counts(1, 0, 0, 0, 1);
}
END_TEST

/* There is no helper, or nobody who could wait: no query, and nothing is counted. */
START_TEST(nobody)
{
	struct runtime without = rt;
	struct waiter w = { .q = { .arena = &f.arena, .fn = on_end, .arg = &w } };

	without.query_fd = -1;
	ck_assert(!query_start(&without, query, &w.q));
	without = rt;
	without.loop = NULL;
	ck_assert(!query_start(&without, query, &w.q));
	ck_assert_int_eq(w.called, 0);
	ck_counts(0, 0, 0, 0, 0);
}
END_TEST

Suite *
suite_pending_query(void)
{
	Suite *s = suite_create("pending_query");
	TCase *t = tcase_create("pending_query");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, result);
	tcase_add_loop_test(t, file, 0, 2);
	tcase_add_loop_test(t, died, 0, sizeof(ends) / sizeof(ends[0]));
	tcase_add_loop_test(t, hangs, 0, 2);
	tcase_add_test(t, flood);
	tcase_add_test(t, refused_by_helper);
	tcase_add_test(t, nobody);
	suite_add_tcase(s, t);
	return s;
}
