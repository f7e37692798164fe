/* What dies is replaced: neighbours accept meanwhile, only running requests fail, nothing forks without end. */
#include "support/scenario.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct daemon d;

START_TEST(crash_costs_only_what_was_running)
{
	struct load l;

	daemon_init(&d);
	daemon_start(&d, NULL);
	load_start(&l, d.port, 4);
	for (int i = 1; i <= 3; i++) {
		pid_t pid = daemon_child(&d, "worker", i % 2);

		ck_assert_int_eq(kill(pid, SIGKILL), 0);
		daemon_log_wait(&d, "was killed by signal 9", i);
		load_wait(&l, 200);
	}
	/* A client that was being served, or read by the dead worker, may fail: four clients, three crashes. */
	ck_assert_int_le(load_stop(&l), 4 * 3);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

static int
connect_and_ask(void)
{
	static const char request[] = "GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)d.port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(send(fd, request, sizeof(request) - 1, MSG_NOSIGNAL), (ssize_t)sizeof(request) - 1);
	return fd;
}

/* Connections wait in the queue of a worker that does not accept; it dies: every one of them is answered. */
START_TEST(queue_of_the_dead_is_served)
{
	char answer[1024];
	int fd[60];
	pid_t pid;

	daemon_init(&d);
	daemon_start(&d, NULL);
	pid = daemon_child(&d, "worker", 0);
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	for (int i = 0; i < 60; i++)
		fd[i] = connect_and_ask();
	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	for (int i = 0; i < 60; i++) {
		ssize_t n = recv(fd[i], answer, sizeof(answer) - 1, 0);

		ck_assert_msg(n > 12 && strncmp(answer, "HTTP/1.1 200", 12) == 0, "connection %d of 60: %zd", i, n);
		close(fd[i]);
	}
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* The replacement cannot start: the neighbour serves both sockets, for as long as it takes. */
START_TEST(neighbour_adopts)
{
	char path[300], body[256];
	struct load l;
	pid_t gone, other;

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	snprintf(path, sizeof(path), "%s/fail", d.dir);
	setenv("TESTD_FAIL_FILE", path, 1);
	daemon_start(&d, NULL);
	gone = daemon_child(&d, "worker", 0);
	other = daemon_child(&d, "worker", 1);
	daemon_write(&d, "fail", "exit");
	kill(gone, SIGKILL);
	daemon_log_wait(&d, "worker/1 accepts for worker 0", 1);
	load_start(&l, d.port, 4);
	load_wait(&l, 400);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert_int_eq(daemon_child(&d, "worker", 1), other);
	/* As soon as it can start again it has its socket back. */
	unlink(path);
	ck_assert_int_ne(daemon_child(&d, "worker", 0), gone);
	load_start(&l, d.port, 4);
	load_wait(&l, 400);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

static int
occurs(const char *text, const char *what)
{
	int n = 0;

	for (; (text = strstr(text, what)) != NULL; text += strlen(what))
		n++;
	return n;
}

/* At once, then 0.1 s, 0.2 s, 0.4 s: in a second and a half not more than six starts. */
START_TEST(no_fork_bomb)
{
	char path[300];
	char *log;

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	snprintf(path, sizeof(path), "%s/fail", d.dir);
	setenv("TESTD_FAIL_FILE", path, 1);
	daemon_start(&d, NULL);
	daemon_write(&d, "fail", "exit");
	kill(daemon_child(&d, "worker", 0), SIGKILL);
	daemon_log_wait(&d, "(800 ms)", 1);
	log = daemon_file(&d, "log");
	ck_assert_int_eq(occurs(log, "worker/0 starts again at once"), 1);
	ck_assert_int_eq(occurs(log, "worker/0 starts again later (100 ms)"), 1);
	ck_assert_int_eq(occurs(log, "worker/0 starts again later (200 ms)"), 1);
	ck_assert_int_eq(occurs(log, "worker/0 starts again later (400 ms)"), 1);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(hung_worker_is_replaced)
{
	const char *more[] = { "hang_timeout=2", NULL };
	char body[256];
	struct load l;
	pid_t pid;

	daemon_init(&d);
	daemon_start(&d, more);
	pid = daemon_child(&d, "worker", 1);
	/* Stopped: it takes no ABRT either, so KILL must follow. */
	ck_assert_int_eq(kill(pid, SIGSTOP), 0);
	daemon_log_wait(&d, "has not moved for 2 s: aborted", 1);
	process_gone(pid);
	ck_assert_int_ne(daemon_child(&d, "worker", 1), pid);
	load_start(&l, d.port, 4);
	load_wait(&l, 200);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* TERM sent to a worker by hand: it finishes, its replacement is there already, nobody notices. */
START_TEST(term_to_a_worker_is_graceful)
{
	struct load l;
	pid_t pid;

	daemon_init(&d);
	daemon_start(&d, NULL);
	load_start(&l, d.port, 4);
	for (int i = 0; i < 4; i++) {
		pid = daemon_child(&d, "worker", i % 2);
		ck_assert_int_eq(kill(pid, SIGTERM), 0);
		process_gone(pid);
		load_wait(&l, 100);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(single_roles_come_back)
{
	pid_t pid;

	daemon_init(&d);
	daemon_start(&d, NULL);
	pid = daemon_child(&d, "archiver", 0);
	kill(pid, SIGKILL);
	process_gone(pid);
	ck_assert_int_ne(daemon_child(&d, "archiver", 0), pid);
	pid = daemon_child(&d, "keeper", 0);
	kill(pid, SIGKILL);
	process_gone(pid);
	ck_assert_int_ne(daemon_child(&d, "keeper", 0), pid);
	ck_assert_int_eq(daemon_stop(&d), 0);
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	daemon_fini(&d);
}
END_TEST

START_TEST(master_killed_leaves_no_orphan)
{
	pid_t child[4];

	daemon_init(&d);
	for (int round = 0; round < 5; round++) {
		daemon_start(&d, NULL);
		child[0] = daemon_child(&d, "worker", 0);
		child[1] = daemon_child(&d, "worker", 1);
		child[2] = daemon_child(&d, "archiver", 0);
		child[3] = daemon_child(&d, "keeper", 0);
		daemon_signal(&d, SIGKILL);
		ck_assert_int_eq(daemon_wait(&d), 1000 + SIGKILL);
		for (int i = 0; i < 4; i++)
			process_gone(child[i]);
		/* The lock went with it: the next one starts. */
	}
	daemon_start(&d, NULL);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("crash", crash_costs_only_what_was_running, queue_of_the_dead_is_served, neighbour_adopts, no_fork_bomb,
    hung_worker_is_replaced, term_to_a_worker_is_graceful, single_roles_come_back, master_killed_leaves_no_orphan)
