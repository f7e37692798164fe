/*
 * check_worker - a worker in a process of its own; the test is its master.
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/channel.h"
#include "ipc/gate.h"
#include "ipc/health.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "job/follow.h"
#include "job/runtime.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/txn.h"
#include "support/fixture.h"
#include "worker/worker.h"

Suite *suite_worker(void);

#define PATIENCE_MS 10000

static struct fixture f;
static struct shm *shm;
static int channel[2], orders[2], sockets[2], wake[2];
static int sockets_a[2], sockets_b[2];
static const int *socket_table[2] = { sockets_a, sockets_b };
static int port[2];
static pid_t pid;

/* What the worker under test does with requests. */
struct write {
	struct op op;
	struct cx cx;
	struct request *rq;
};

static int
write_run(struct op *op)
{
	return archive_queue_add(op->cx, QUEUE_PROJECT, 1, 1, STR_NONE);
}

static void
write_done(struct op *op, int rc)
{
	struct write *wr = op->arg;

	reply_str(wr->rq, rc == 0 ? 200 : 503, TYPE_TEXT, rc == 0 ? STR("stored") : wr->cx.fail.msg);
}

static struct runtime *runtime;

static void
archived(struct follower *w, bool over)
{
	if (shm_archive_through(shm) < 7)
		return;
	unfollow(runtime->follows, w);
	reply_str(w->arg, 200, TYPE_TEXT, STR("archived"));
}

static const struct topic reservations = TOPIC_OF(RESERVATIONS, 1);

/* A hint, or none: the log says. */
static void
changed(struct follower *w, bool over)
{
	struct request *rq = w->arg;
	struct changes c;
	struct cx cx;

	cx_init(&cx, rq->arena, runtime->conf);
	cx.db = runtime->ro;
	if (changes_after(&cx, &reservations, 0, 1, &c) < 0 || (c.n == 0 && !over))
		return;
	unfollow(runtime->follows, w);
	reply_str(rq, 200, TYPE_TEXT, c.n > 0 ? STR("changed") : STR("over"));
}

static void
start_following(struct runtime *rt, struct request *rq)
{
	struct follower *w = arena_new(rq->arena, struct follower);

	runtime = rt;
	*w = (struct follower){ .fn = changed, .arg = rq };
	follow(rt->follows, w, &reservations, INT64_MAX);
}

static void
app_request(struct runtime *rt, struct request *rq)
{
	struct write *wr;

	if (str_eqc(rq->path, "/changed")) {
		start_following(rt, rq);
		return;
	}

	if (str_eqc(rq->path, "/archived")) {
		struct follower *follower = arena_new(rq->arena, struct follower);
		struct topic archive = TOPIC_OF(ARCHIVE, 0);

		runtime = rt;
		*follower = (struct follower){ .fn = archived, .arg = rq, .after = 6 };
		follow(rt->follows, follower, &archive, INT64_MAX);
		return;
	}
	if (!str_eqc(rq->path, "/write")) {
		reply_str(rq, 200, TYPE_TEXT, rq->path);
		return;
	}
	wr = arena_new(rq->arena, struct write);
	wr->rq = rq;
	cx_init(&wr->cx, rq->arena, rt->conf);
	wr->cx.now = clock_wall_us();
	wr->cx.deadline = rq->start_us + rt->conf->request_timeout;
	wr->op = (struct op){ .cx = &wr->cx, .run = write_run, .done = write_done, .arg = wr };
	txn_submit(rt->txn, &wr->op);
}

static void
app_init(struct runtime *rt)
{
	must(rt->conf != NULL && rt->ro != NULL && rt->txn != NULL && rt->secret != NULL);
}

static int
listen_on(int *port_out)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(a);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&a, n), 0);
	ck_assert_int_eq(listen(fd, 64), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&a, &n), 0);
	*port_out = ntohs(a.sin_port);
	return fd;
}

static void
child(void)
{
	static const struct worker_app app = { app_init, app_request, NULL, NULL };
	const struct role role = { .name = "worker", .listens = true, .ops = &worker_ops, .arg = &app };
	struct child_env env = {
		.role = &role,
		.conf = f.conf,
		.shm = shm,
		.slot = 0,
		.generation = 1,
		.channel = channel[1],
		.listen_fds = sockets_a,
		.sockets = socket_table,
		.nsockets = 2,
		.pipe = { { "archive_notices", orders[1] } },
		.wake_fds = wake,
	};

	close(channel[0]);
	close(orders[0]);
	log_set(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
	_exit(role_main(&env));
}

static struct channel_msg
receive(void)
{
	struct channel_msg m = { 0 };
	struct pollfd p = { .fd = channel[0], .events = POLLIN };
	int fd;

	ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
	ck_assert_int_eq(channel_recv(channel[0], &m, &fd), 1);
	return m;
}

static void
tell(uint32_t kind, int64_t a, int fd)
{
	struct channel_msg m = { .kind = kind, .a = a };

	ck_assert_int_eq(channel_send(channel[0], &m, fd), 0);
}

static void
setup(void)
{
	fixture_init(&f);
	f.conf->archive_wait = true;
	shm = shm_new(2);
	shm_set_archive_known(shm);
	ck_assert_int_eq(channel_pair(channel), 0);
	ck_assert_int_eq(archive_notice_pipe(orders), 0);
	for (int i = 0; i < 2; i++) {
		sockets[i] = listen_on(&port[i]);
		wake[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	}
	sockets_a[0] = sockets[0];
	sockets_b[0] = sockets[1];
	sockets_a[1] = sockets_b[1] = -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		child();
	close(channel[1]);
	ck_assert_uint_eq(receive().kind, CH_READY);
}

static void
teardown(void)
{
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	shm_free(&shm);
	fixture_fini(&f);
}

static int
exit_code(void)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static int
client(int to)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval t = { .tv_sec = PATIENCE_MS / 1000 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_port = htons((uint16_t)to);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	return fd;
}

static void
ask(int fd, const char *path)
{
	char req[128];
	int n = snprintf(req, sizeof(req), "GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", path);

	ck_assert_int_eq(send(fd, req, (size_t)n, MSG_NOSIGNAL), n);
}

/* The whole answer in a static buffer; "" when the connection was closed without one. */
static const char *
answer(int fd)
{
	static char buf[4096];
	size_t have = 0;
	ssize_t n;

	while ((n = recv(fd, buf + have, sizeof(buf) - 1 - have, 0)) > 0)
		have += (size_t)n;
	ck_assert_msg(n == 0 || errno == ECONNRESET, "no answer: %s", strerror(errno));
	buf[have] = '\0';
	close(fd);
	return buf;
}

static void
ck_answer(int fd, const char *head, const char *tail)
{
	const char *a = answer(fd);

	ck_assert_msg(strncmp(a, head, strlen(head)) == 0, "%s", a);
	ck_assert_msg(strlen(a) > strlen(tail) && strcmp(a + strlen(a) - strlen(tail), tail) == 0, "%s", a);
}

static void
get(int to, const char *path, const char *tail)
{
	int fd = client(to);

	ask(fd, path);
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", tail);
}

START_TEST(reads_and_writes)
{
	struct pollfd p = { .fd = orders[0], .events = POLLIN };
	struct slot *s = shm_slot(shm, 0);
	int64_t last;

	get(port[0], "/hello", "/hello");
	get(port[0], "/write", "stored");
	ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
	ck_assert_int_eq(archive_notice_drain(orders[0], &last), 1);
	ck_assert_int_eq(last, fixture_int(&f, "SELECT max(id) FROM outbox"));
	ck_assert_uint_eq(counter_get(s, C_requests_total), 2);
	ck_assert_uint_eq(counter_get(s, C_orders_sent_total), 1);
	ck_assert_uint_eq(counter_get(s, C_transactions_total), 1);
	ck_assert_uint_eq(counter_get(s, C_operations_total), 1);
}
END_TEST

/* With nothing to do the heartbeat still moves. */
START_TEST(heartbeat)
{
	struct slot *s = shm_slot(shm, 0);
	uint64_t before = atomic_load(&s->heartbeat);
	int64_t end = clock_mono_us() + PATIENCE_MS * 1000;

	while (atomic_load(&s->heartbeat) == before && clock_mono_us() < end)
		usleep(10000);
	ck_assert_uint_gt(atomic_load(&s->heartbeat), before);
}
END_TEST

/* Writes wait for the gate while reads are answered; nobody sees that it was taken. */
START_TEST(gate_taken)
{
	int w = client(port[0]);

	ck_assert(gate_take(shm_gate(shm), 0));
	ask(w, "/write");
	for (int i = 0; i < 20; i++)
		get(port[0], "/hello", "/hello");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 0);
	gate_give(shm_gate(shm));
	ck_answer(w, "HTTP/1.1 200 OK\r\n", "stored");
}
END_TEST

/* An answer that waits for Git goes out when the archiver says so; its word may also be found without a wake-up. */
START_TEST(archive_waited_for)
{
	struct slot *s = shm_slot(shm, 1);
	const struct topic archive = TOPIC_OF(ARCHIVE, 0);
	const uint64_t one = 1;
	int fd = client(port[0]);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	strcpy(s->role, "archiver");
	ask(fd, "/archived");
	counter_set(s, C_archive_through, 6);
	topic_publish(shm_bus(shm), 1, &archive, 6);
	ck_assert_int_eq(write(wake[0], &one, sizeof(one)), sizeof(one));
	get(port[0], "/hello", "/hello");
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	counter_set(s, C_archive_through, 7);
	if (_i == 0) {
		topic_publish(shm_bus(shm), 1, &archive, 7);
		ck_assert_int_eq(write(wake[0], &one, sizeof(one)), sizeof(one));
	}
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", "archived");
}
END_TEST

/* What another process changed is told of by the bus, or, if that one died before it could, found in the log. */
START_TEST(follower_hears_or_finds)
{
	const uint64_t one = 1;
	int fd = client(port[0]);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	ask(fd, "/changed");
	get(port[0], "/hello", "/hello");
	ck_assert_int_eq(cx_changed(fixture_again(&f), reservations, CHANGE_GRANTED, 5), 0);
	if (_i == 0) {
		f.cx.shm = shm;
		changes_publish(&f.cx, 1);
		ck_assert_int_eq(write(wake[0], &one, sizeof(one)), sizeof(one));
		ck_assert_int_eq(poll(&p, 1, 500), 1);
	}
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", "changed");
}
END_TEST

START_TEST(drain_ends_following)
{
	int fd = client(port[0]);

	ask(fd, "/changed");
	get(port[0], "/hello", "/hello");
	tell(CH_DRAIN, 5000, -1);
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", "over");
}
END_TEST

/* A full pipe costs a count, not an answer. */
START_TEST(orders_dropped)
{
	while (archive_notice_send(orders[1], 9, 1, 1))
		continue;
	get(port[0], "/write", "stored");
	ck_assert_uint_eq(counter_get(shm_slot(shm, 0), C_orders_dropped_total), 1);
}
END_TEST

/* A neighbour's socket is served between ADOPT and RELEASE; its queue is nobody's loss. */
START_TEST(adopt)
{
	struct pollfd p;
	int fd = client(port[1]);

	ask(fd, "/queued");
	tell(CH_ADOPT, 1, -1);
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", "/queued");
	tell(CH_RELEASE, 1, -1);
	/* One more turn of the worker, so that the release has been read. */
	get(port[0], "/a", "/a");
	get(port[0], "/b", "/b");
	fd = client(port[1]);
	ask(fd, "/later");
	get(port[0], "/c", "/c");
	p = (struct pollfd){ .fd = fd, .events = POLLIN };
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	tell(CH_ADOPT, 1, -1);
	ck_answer(fd, "HTTP/1.1 200 OK\r\n", "/later");
}
END_TEST

/* Drain: what runs is answered, new connections stay in the socket's queue, exit code 0. */
START_TEST(drain)
{
	int w = client(port[0]), late;

	ck_assert(gate_take(shm_gate(shm), 0));
	ask(w, "/write");
	get(port[0], "/hello", "/hello");
	tell(CH_DRAIN, 0, -1);
	late = client(port[0]);
	ask(late, "/late");
	gate_give(shm_gate(shm));
	ck_answer(w, "HTTP/1.1 200 OK\r\n", "stored");
	ck_assert_uint_eq(receive().kind, CH_DRAINED);
	ck_assert_int_eq(exit_code(), 0);
	/* Its queue lives on: whoever has the socket finds the connection, unless it was accepted before the drain. */
	if (accept(sockets[0], NULL, NULL) < 0)
		ck_answer(late, "HTTP/1.1 200 OK\r\n", "/late");
	else
		close(late);
}
END_TEST

/* A connection that does not end is cut off at the deadline. */
START_TEST(drain_deadline)
{
	int w = client(port[0]);

	ck_assert(gate_take(shm_gate(shm), 0));
	ask(w, "/write");
	get(port[0], "/hello", "/hello");
	tell(CH_DRAIN, 50, -1);
	ck_assert_uint_eq(receive().kind, CH_DRAINED);
	ck_assert_int_eq(exit_code(), 0);
	ck_assert_str_eq(answer(w), "");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 0);
	gate_give(shm_gate(shm));
}
END_TEST

START_TEST(fast)
{
	int idle = client(port[0]);

	get(port[0], "/hello", "/hello");
	tell(CH_FAST, 0, -1);
	ck_assert_int_eq(exit_code(), 0);
	ck_assert_str_eq(answer(idle), "");
}
END_TEST

/* The master dies: so does the worker. */
START_TEST(orphan)
{
	close(channel[0]);
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

/* The new descriptor takes the place of the old one. */
START_TEST(reopen)
{
	char path[256], line[256];
	ssize_t n = 0;
	int fd, in;

	snprintf(path, sizeof(path), "%.*s/new.log", (int)f.dir.n, f.dir.p);
	fd = open(path, O_CREAT | O_WRONLY | O_APPEND, 0600);
	in = open(path, O_RDONLY);
	ck_assert_int_ge(fd, 0);
	tell(CH_REOPEN, 0, fd);
	close(fd);
	/* The next thing it has to say goes there: a drain that takes too long. */
	fd = client(port[0]);
	ck_assert(gate_take(shm_gate(shm), 0));
	ask(fd, "/write");
	get(port[0], "/hello", "/hello");
	tell(CH_DRAIN, 1, -1);
	ck_assert_int_eq(exit_code(), 0);
	n = read(in, line, sizeof(line) - 1);
	ck_assert_int_gt(n, 0);
	line[n] = '\0';
	ck_assert_ptr_nonnull(strstr(line, "drain"));
	gate_give(shm_gate(shm));
	close(fd);
}
END_TEST

/* A database that is not ours: configuration error, and READY is never said. */
START_TEST(foreign_database)
{
	static const struct worker_app app = { app_init, app_request, NULL, NULL };
	const struct role role = { .name = "worker", .listens = true, .ops = &worker_ops, .arg = &app };
	struct child_env env = { .role = &role, .conf = f.conf, .shm = shm, .channel = -1, .wake_fds = wake };

	f.conf->database = str_c("/proc/version");
	ck_assert_int_eq(role_main(&env), EXIT_CONFIG);
}
END_TEST

/* For the master, which opens no database, from the first moment on. */
START_TEST(health_is_published)
{
	struct health_facts facts;

	health_from_shm(shm, clock_mono_us(), &facts);
	ck_assert_int_ne(facts.age_us, HEALTH_NEVER);
	ck_assert(facts.database && facts.waiting_max == f.conf->outbox_max_rows);
	ck_assert_int_gt(facts.disk_database, 0);
	ck_assert_int_gt(facts.descriptors_free, 0);
}
END_TEST

Suite *
suite_worker(void)
{
	Suite *s = suite_create("worker");
	TCase *t = tcase_create("worker");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, health_is_published);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, reads_and_writes);
	tcase_add_test(t, heartbeat);
	tcase_add_test(t, gate_taken);
	tcase_add_loop_test(t, archive_waited_for, 0, 2);
	tcase_add_loop_test(t, follower_hears_or_finds, 0, 2);
	tcase_add_test(t, drain_ends_following);
	tcase_add_test(t, orders_dropped);
	tcase_add_test(t, adopt);
	tcase_add_test(t, drain);
	tcase_add_test(t, drain_deadline);
	tcase_add_test(t, fast);
	tcase_add_test(t, orphan);
	tcase_add_test(t, reopen);
	tcase_add_test(t, foreign_database);
	suite_add_tcase(s, t);
	return s;
}
