/*
 * load - a tiny HTTP client, and clients that make a new connection for each
 * request and count what comes back.
 */
#include <arpa/inet.h>
#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "support/daemon.h"

static struct sockaddr_in
local(int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return in;
}

int
free_port(void)
{
	struct sockaddr_in in = local(0);
	socklen_t n = sizeof(in);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&in, &n), 0);
	close(fd);
	return ntohs(in.sin_port);
}

/* ask - status, or -1 with errno and the stage that failed. */
static int
ask(int port, const char *path, char *answer, size_t size, int *stage)
{
	struct sockaddr_in in = local(port);
	struct timeval limit = { .tv_sec = 10 };
	char request[512];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), status = -1, saved = 0;
	size_t n = 0;
	ssize_t got = 1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
	*stage = 1;
	if (connect(fd, (struct sockaddr *)&in, sizeof(in)) == 0) {
		*stage = 2;
		if (send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request)) {
			*stage = 3;
			while (n < size - 1 && (got = recv(fd, answer + n, size - 1 - n, 0)) > 0)
				n += (size_t)got;
		}
	}
	saved = errno;
	answer[n] = '\0';
	if (*stage == 3 && got == 0 && n > 12) {
		*stage = 4;
		status = (int)strtol(answer + 9, NULL, 10);
	}
	close(fd);
	errno = got == 0 && n == 0 ? ECONNRESET : saved;
	return status;
}

int
http_get(int port, const char *path, char *body, size_t size)
{
	char answer[65536], *p;
	int stage, status = ask(port, path, answer, sizeof(answer), &stage);

	p = status > 0 ? strstr(answer, "\r\n\r\n") : NULL;
	snprintf(body, size, "%s", p != NULL ? p + 4 : "");
	return status;
}

static void
client(struct load_count *c, int port)
{
	char answer[8192];
	int stage;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!c->stop) {
		int status = ask(port, "/health", answer, sizeof(answer), &stage), expected = 0;

		if (status == 200) {
			c->good++;
			continue;
		}
		c->bad++;
		if (__atomic_compare_exchange_n((int *)(uintptr_t)&c->first_stage, &expected, stage, 0, 5, 5))
			c->first_errno = status > 0 ? -status : errno;
	}
	_exit(0);
}

void
load_start(struct load *l, int port, int clients)
{
	l->n = clients;
	l->count = mmap(NULL, sizeof(*l->count), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne(l->count, MAP_FAILED);
	for (int i = 0; i < clients; i++) {
		l->pid[i] = fork();
		ck_assert_int_ge(l->pid[i], 0);
		if (l->pid[i] == 0)
			client(l->count, port);
	}
	load_wait(l, 50);
}

void
load_wait(struct load *l, long more)
{
	long want = l->count->good + more;
	struct timespec ts = { 0, 2 * 1000 * 1000 };

	for (int i = 0; l->count->good < want; i++) {
		ck_assert_msg(i < 10000, "the answers have stopped after %ld", (long)l->count->good);
		nanosleep(&ts, NULL);
	}
}

long
load_stop(struct load *l)
{
	long bad;

	l->count->stop = 1;
	for (int i = 0; i < l->n; i++)
		waitpid(l->pid[i], NULL, 0);
	bad = l->count->bad;
	if (bad > 0)
		fprintf(stderr, "load: %ld good, %ld bad; the first at stage %d: %s\n", (long)l->count->good, bad,
		    l->count->first_stage, l->count->first_errno < 0 ? "status" : strerror(l->count->first_errno));
	munmap(l->count, sizeof(*l->count));
	return bad;
}
