/*
 * check_helper_loop - the helper as a process: queries by the hundred, more than it takes, children that hang or die, and
 * its own death. Whoever waits sees an end, and nothing is left open. The test is master and worker.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "helper/helper.h"
#include "ipc/channel.h"
#include "ipc/helper_query.h"
#include "ipc/query/chat.h"
#include "ipc/query/count.h"
#include "ipc/query/head.h"
#include "ipc/query/identity.h"
#include "ipc/shm.h"
#include "proc/role.h"
#include "support/chatter.h"

#define PATIENCE_MS 20000
/* Those of a lane that wait while it is full. */
#define WAITING 32

static struct fixture f;
static struct shm *shm;
static int channel, queries[2];
static pid_t pid;

static void
start_helper(void)
{
	struct pollfd p;
	struct channel_msg m;
	int fds[2], fd;

	ck_assert_int_eq(channel_pair(fds), 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		const struct role role = { .name = "helper", .ops = &helper_ops };
		struct child_env env = { .role = &role,
			.conf = f.conf,
			.shm = shm,
			.slot = 0,
			.channel = fds[1],
			.pipe = { { "helper_queries", queries[0] } } };

		close(fds[0]);
		close(queries[1]);
		_exit(role_main(&env));
	}
	close(fds[1]);
	channel = fds[0];
	p = (struct pollfd){ .fd = channel, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
	ck_assert_int_eq(channel_recv(channel, &m, &fd), 1);
	ck_assert_uint_eq(m.kind, CH_READY);
}

static void
end_helper(int sig)
{
	int status;

	kill(pid, sig);
	close(channel);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	pid = 0;
}

static void
setup(void)
{
	fixture_init_without_db(&f);
	shm = shm_new(1);
	ck_assert_ptr_nonnull(shm);
	ck_assert_int_eq(helper_query_pair(queries), 0);
	f.conf->helper_timeout = 10 * USEC;
}

static void
teardown(void)
{
	if (pid > 0)
		end_helper(SIGKILL);
	close(queries[0]);
	close(queries[1]);
	shm_free(&shm);
	fixture_fini(&f);
}

/* Reads up to the end of the result: how it ended. */
static enum query_end
end_of(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[65536];
	size_t n = 0;
	ssize_t got;

	do {
		ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
		got = read(fd, buf + n, sizeof(buf) - n);
		ck_assert_int_ge(got, 0);
		n += (size_t)got;
	} while (got > 0);
	close(fd);
	return query_end_of((struct str){ buf, n });
}

static int
send_head(void)
{
	struct buf b;

	buf_init(&b, &f.arena);
	head_query_put(&b, &(struct head_query){ f.dir });
	return helper_query_send(queries[1], buf_flat(&b));
}

/* Tried again while more wait than the system keeps for the helper. */
static int
send_chat(void)
{
	struct buf b;
	int fd;

	buf_init(&b, &f.arena);
	chat_query_put(&b, &(struct chat_query){ STR("slow"), STR("S"), STR("U"), NULL, 0 });
	while ((fd = helper_query_send(queries[1], buf_flat(&b))) < 0 && errno == EAGAIN)
		usleep(1000);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static int
entries(const char *what, pid_t of)
{
	char path[64];
	DIR *d;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)of, what);
	d = opendir(path);
	ck_assert_ptr_nonnull(d);
	while (readdir(d) != NULL)
		n++;
	closedir(d);
	return n;
}

/* Process ids of the helper's children; how many. */
static int
children(pid_t out[64])
{
	char path[64], text[1024] = "", *p = text, *end;
	FILE *in;
	int n = 0;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", (int)pid, (int)pid);
	in = fopen(path, "re");
	ck_assert_ptr_nonnull(in);
	text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
	fclose(in);
	for (long v = strtol(p, &end, 10); end != p && n < 64; v = strtol(p, &end, 10)) {
		out[n++] = (pid_t)v;
		p = end;
	}
	return n;
}

/* Until it has `n` of them, not counting one that is dead already; the first. */
static pid_t
wait_for_children(int n, pid_t dead)
{
	int64_t until = clock_mono_us() + PATIENCE_MS * 1000;
	pid_t list[64];

	while (children(list) != n || (n > 0 && list[0] == dead)) {
		ck_assert_msg(clock_mono_us() < until, "%d children, not %d", children(list), n);
		usleep(1000);
	}
	return n > 0 ? list[0] : 0;
}

/* Each gets its result, or is refused when it is sent; no child and no descriptor stays. */
START_TEST(flood)
{
	int fd[1000], n = 0, before;

	start_helper();
	ck_assert_int_eq(end_of(send_head()), QUERY_RESULT);
	wait_for_children(0, 0);
	before = entries("fd", pid);
	for (int i = 0; i < 1000; i++)
		if ((fd[n] = send_head()) >= 0)
			n++;
	ck_assert_int_ge(n, 8);
	for (int i = 0; i < n; i++)
		ck_assert_int_eq(end_of(fd[i]), QUERY_RESULT);
	wait_for_children(0, 0);
	ck_assert_int_eq(entries("fd", pid), before);
}
END_TEST

/* One lane is full: what comes after is refused, and those of the other lane are not kept waiting. */
START_TEST(full_lane)
{
	struct chatter model;
	int fd[WAITING + 2];
	pid_t child;

	chatter_start(&model, &f);
	f.conf->llm_parallel = 1;
	f.conf->llm_timeout = 60 * USEC;
	start_helper();
	for (int i = 0; i < WAITING + 2; i++)
		fd[i] = send_chat();
	ck_assert_int_eq(end_of(fd[WAITING + 1]), QUERY_REFUSED);
	ck_assert_int_eq(end_of(send_head()), QUERY_RESULT);
	child = wait_for_children(1, 0);
	/* Those that stopped waiting are left out when their turn comes. */
	for (int i = 1; i < WAITING; i++)
		close(fd[i]);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(end_of(fd[0]), QUERY_FAILED);
	child = wait_for_children(1, child);
	ck_assert_int_eq(kill(child, SIGKILL), 0);
	ck_assert_int_eq(end_of(fd[WAITING]), QUERY_FAILED);
	wait_for_children(0, 0);
	chatter_stop(&model);
}
END_TEST

/* A child that hangs is killed in its time; the others go on beside it. */
START_TEST(hanging_child)
{
	int64_t before = clock_mono_us();
	struct chatter model;
	pid_t child;
	int fd;

	chatter_start(&model, &f);
	f.conf->llm_timeout = USEC / 2;
	start_helper();
	fd = send_chat();
	wait_for_children(1, 0);
	ck_assert_int_eq(end_of(send_head()), QUERY_RESULT);
	/* It gives up by itself a little earlier, and says so. */
	ck_assert_int_eq(end_of(fd), QUERY_RESULT);
	ck_assert_int_lt(clock_mono_us() - before, 10 * USEC);
	wait_for_children(0, 0);
	fd = send_chat();
	child = wait_for_children(1, 0);
	ck_assert_int_eq(kill(child, SIGSTOP), 0);
	/* One that is stopped takes its alarm when it goes on: whoever waits has long stopped waiting. */
	close(fd);
	ck_assert_int_eq(end_of(send_head()), QUERY_RESULT);
	ck_assert_int_eq(kill(child, SIGCONT), 0);
	wait_for_children(0, 0);
	chatter_stop(&model);
}
END_TEST

/* What it had taken ends at once when it is killed, also by a child that has only just begun; what it had not yet taken is for its successor. */
START_TEST(children_die_with_the_helper)
{
	struct chatter model;
	int taken, later;

	chatter_start(&model, &f);
	f.conf->llm_timeout = 60 * USEC;
	start_helper();
	taken = send_chat();
	wait_for_children(1, 0);
	kill(pid, SIGSTOP);
	later = send_head();
	ck_assert_int_ge(later, 0);
	end_helper(SIGKILL);
	ck_assert_int_eq(end_of(taken), QUERY_FAILED);
	start_helper();
	ck_assert_int_eq(end_of(later), QUERY_RESULT);
	chatter_stop(&model);
}
END_TEST

/* Bytes of no kind that we know are closed, malformed ones of a known kind too. */
START_TEST(malformed)
{
	start_helper();
	ck_assert_int_eq(end_of(helper_query_send(queries[1], STR("what {}\n"))), QUERY_FAILED);
	ck_assert_int_eq(end_of(helper_query_send(queries[1], STR("head {\"dir\":7}\n"))), QUERY_FAILED);
	ck_assert_int_eq(end_of(send_head()), QUERY_RESULT);
}
END_TEST

Suite *
suite_helper_loop(void)
{
	Suite *s = suite_create("helper_loop");
	TCase *t = tcase_create("helper_loop");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, flood);
	tcase_add_test(t, full_lane);
	tcase_add_test(t, hanging_child);
	tcase_add_loop_test(t, children_die_with_the_helper, 0, 4);
	tcase_add_test(t, malformed);
	suite_add_tcase(s, t);
	return s;
}
