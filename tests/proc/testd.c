/*
 * testd - the process model with roles of its own, so that scenarios need
 * neither database nor archive.
 *
 * The worker answers every connection with one HTTP response that names its
 * index, process and generation, and closes. The path asks for more: /crash
 * kills the worker while the request runs, /hang stops its loop, /slow answers
 * after 300 ms, /say prints a line on standard error, /log writes to the log;
 * /conf answers with every setting that the worker was given.
 * TESTD_FAIL: "exit" makes workers end at once, "config" end with 78, "late"
 * not become ready, "archiver" makes only the archiver end with 78; the file
 * named by TESTD_FAIL_FILE, once it exists, does the same from then on.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/channel.h"
#include "ipc/archive_notice.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "master/daemon.h"
#include "proc/role.h"

#define WATCH_MAX 256

struct test {
	struct child_env *env;
	struct slot *slot;
	bool adopted[WATCH_MAX];
	bool draining, over;
};

static bool
fails(const char *how)
{
	const char *env = getenv("TESTD_FAIL"), *file = getenv("TESTD_FAIL_FILE");
	char text[32] = "";
	int fd = file != NULL ? open(file, O_RDONLY) : -1;

	if (fd >= 0) {
		if (read(fd, text, sizeof(text) - 1) < 0)
			text[0] = '\0';
		close(fd);
	}
	return (env != NULL && strcmp(env, how) == 0) || strcmp(text, how) == 0;
}

static void
tell(struct test *t, enum channel_kind kind)
{
	struct channel_msg m = { .kind = kind, .generation = t->env->generation, .slot = t->env->slot };

	channel_send(t->env->channel, &m, -1);
}

static void
heard(struct test *t, const struct channel_msg *m, int fd)
{
	switch (m->kind) {
	case CH_DRAIN:
	case CH_FAST: t->draining = true; break;
	case CH_REOPEN:
		must(fd >= 0);
		dup2(fd, log_fd());
		close(fd);
		break;
	case CH_SLOT:
		must(t->env->wake_fds[m->a] < 0 && fd >= 0);
		t->env->wake_fds[m->a] = fd;
		break;
	case CH_ADOPT:
	case CH_RELEASE:
		must(m->a >= 0 && m->a < t->env->nsockets && m->a < WATCH_MAX);
		t->adopted[m->a] = m->kind == CH_ADOPT;
		log_info("%s %lld", channel_name(m->kind), (long long)m->a);
		break;
	default: log_panic("message %u", m->kind);
	}
}

static void
listen_to_master(struct test *t)
{
	struct channel_msg m;
	int fd, rc;

	while ((rc = channel_recv(t->env->channel, &m, &fd)) == 1)
		heard(t, &m, fd);
	if (rc == 0 || (rc < 0 && errno != EAGAIN))
		t->over = true;
}

static void
pause_ms(long ms)
{
	struct timespec ts = { ms / 1000, ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

static void
obey(struct test *t, const char *request)
{
	if (strstr(request, "GET /crash") != NULL)
		abort();
	if (strstr(request, "GET /hang") != NULL || strstr(request, "GET /slow") != NULL)
		log_info("asked for %s", request + 4);
	if (strstr(request, "GET /hang") != NULL)
		pause_ms(3600 * 1000);
	if (strstr(request, "GET /slow") != NULL)
		pause_ms(300);
	if (strstr(request, "GET /say") != NULL)
		fprintf(stderr, "said by worker %d\n", t->env->index);
	if (strncmp(request, "GET /log/", 9) == 0)
		log_info("path=\"%s\"", request + 4);
}

/* "key = value" lines of the settings, or who answers. */
static struct str
answer_to(struct test *t, const char *request, struct arena *a)
{
	struct buf b;

	if (strncmp(request, "GET /conf ", 10) != 0)
		return arena_printf(
		    a, "worker %d pid %ld generation %u\n", t->env->index, (long)getpid(), t->env->generation);
	buf_init(&b, a);
	for (size_t i = 0; i < CONF_KEYS; i++)
		buf_printf(&b, "%s = %" PRIstr "\n", conf_table[i].key,
		    FSTR(conf_text(t->env->conf, &conf_table[i], a, true)));
	return buf_flat(&b);
}

static void
serve(struct test *t, int fd)
{
	char request[1024];
	struct arena a;
	struct str answer;
	ssize_t n = 0, got;

	while (n < (ssize_t)sizeof(request) - 1 && (got = read(fd, request + n, sizeof(request) - 1 - (size_t)n)) > 0) {
		n += got;
		request[n] = '\0';
		if (strstr(request, "\r\n\r\n") != NULL)
			break;
	}
	request[n] = '\0';
	if (strchr(request, '\r') != NULL)
		*strchr(request, '\r') = '\0';
	obey(t, request);
	arena_init(&a, 512);
	answer = answer_to(t, request, &a);
	answer = arena_printf(
	    &a, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%" PRIstr, answer.n, FSTR(answer));
	if (write(fd, answer.p, answer.n) == (ssize_t)answer.n)
		counter_add(t->slot, C_requests_total, 1);
	close(fd);
	arena_fini(&a);
}

static int
add(struct pollfd *p, int n, const int *fds)
{
	for (; *fds >= 0; fds++)
		p[n++] = (struct pollfd){ .fd = *fds, .events = POLLIN };
	return n;
}

static void
turn(struct test *t)
{
	struct pollfd p[WATCH_MAX] = { { .fd = t->env->channel, .events = POLLIN } };
	int n = 1, fd;

	if (t->env->listen_fds != NULL) {
		n = add(p, n, t->env->listen_fds);
		for (int i = 0; i < t->env->nsockets; i++)
			if (t->adopted[i])
				n = add(p, n, t->env->sockets[i]);
	}
	poll(p, (nfds_t)n, 500);
	atomic_fetch_add(&t->slot->heartbeat, 1);
	if (p[0].revents != 0)
		listen_to_master(t);
	for (int i = 1; i < n && !t->draining; i++)
		while (p[i].revents != 0 && (fd = accept4(p[i].fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
			serve(t, fd);
}

static int
life(struct child_env *env)
{
	struct test t = { .env = env, .slot = shm_slot(env->shm, env->slot) };

	tell(&t, CH_READY);
	while (!t.draining && !t.over)
		turn(&t);
	tell(&t, CH_DRAINED);
	return 0;
}

static int
worker(struct child_env *env)
{
	if (fails("exit"))
		return 1;
	if (fails("config")) {
		fprintf(stderr, "the worker does not like it\n");
		return EXIT_CONFIG;
	}
	if (fails("late"))
		pause_ms(3600 * 1000);
	return life(env);
}

/* Has it the reading end of the pipe? */
static bool
reads(const struct child_env *env)
{
	return (fcntl(child_pipe(env, "archive_notices"), F_GETFL) & O_ACCMODE) == O_RDONLY;
}

/* The lock stands for the repository: two owners at a time are a bug that ends in the log. */
static int
archiver(struct child_env *env)
{
	char path[4200];
	int fd;

	if (fails("archiver"))
		return EXIT_CONFIG;
	snprintf(path, sizeof(path), "%.4096s.lock", env->conf->storage_root.p);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0)
		log_error("TWO OWNERS of the archive");
	must(strcmp(env->role->name, "archiver") == 0 && reads(env) && env->listen_fds == NULL);
	return life(env);
}

static int
keeper(struct child_env *env)
{
	must(!reads(env));
	return life(env);
}

static int
one(const struct conf *conf)
{
	(void)conf;
	return 1;
}

static const struct role roles[] = {
	{ .name = "worker", .count = conf_workers, .numbered = true, .listens = true, .run = worker },
	{ .name = "archiver", .count = one, .stop_order = 1, .run = archiver },
	{ .name = "keeper", .count = one, .stop_order = 1, .nice = 10, .run = keeper },
};

static const struct role_pipe pipes[] = {
	{ .name = "archive_notices", .reader = "archiver", .make = archive_notice_pipe },
};

int
main(int argc, char **argv)
{
	static const struct program program = {
		.roles = roles,
		.nroles = sizeof(roles) / sizeof(roles[0]),
		.pipes = pipes,
		.npipes = sizeof(pipes) / sizeof(pipes[0]),
	};

	return daemon_main(argc, argv, &program);
}
