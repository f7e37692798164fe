/*
 * canned - see canned.h. A process that serves one connection after the other.
 */
#include "support/canned.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

bool
heard_read(int fd, struct heard *h)
{
	size_t want = 0;

	h->n = h->head = 0;
	while (h->n + 1 < sizeof(h->text) && (h->head == 0 || h->n < h->head + want)) {
		ssize_t k = recv(fd, h->text + h->n, sizeof(h->text) - 1 - h->n, 0);
		const char *end;

		if (k <= 0)
			return false;
		h->n += (size_t)k;
		h->text[h->n] = '\0';
		if (h->head == 0 && (end = strstr(h->text, "\r\n\r\n")) != NULL) {
			const char *length = strcasestr(h->text, "content-length:");

			h->head = (size_t)(end - h->text) + 4;
			want = length != NULL ? (size_t)atol(length + 15) : 0;
		}
	}
	return true;
}

int
listen_on_loopback(int *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 16) == 0);
	ck_assert(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static int
listen_on_path(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 16) == 0);
	return fd;
}

static void
live(int listener, int file, const char *answer)
{
	static struct heard h;

	for (;;) {
		int fd = accept(listener, NULL, NULL);

		if (fd < 0)
			_exit(1);
		if (heard_read(fd, &h) &&
		    (write(file, h.text, h.n) < 0 || send(fd, answer, strlen(answer), MSG_NOSIGNAL) < 0))
			_exit(1);
		close(fd);
	}
}

void
canned_start(struct canned *c, const char *path, int status, const char *body)
{
	static char answer[CANNED_ROOM];
	int fd;

	snprintf(answer, sizeof(answer), "HTTP/1.1 %d X\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
	    strlen(body), body);
	fd = path != NULL ? listen_on_path(path) : listen_on_loopback(&c->port);
	c->heard = memfd_create("heard", MFD_CLOEXEC);
	ck_assert_int_ge(c->heard, 0);
	c->pid = fork();
	ck_assert_int_ge(c->pid, 0);
	if (c->pid == 0)
		live(fd, c->heard, answer);
	close(fd);
}

void
canned_stop(struct canned *c)
{
	kill(c->pid, SIGKILL);
	waitpid(c->pid, NULL, 0);
	close(c->heard);
}

struct str
canned_heard(struct canned *c, struct arena *a)
{
	off_t n = lseek(c->heard, 0, SEEK_END);
	char *text = arena_get(a, (size_t)n + 1);

	ck_assert_int_eq(pread(c->heard, text, (size_t)n, 0), n);
	return (struct str){ text, (size_t)n };
}
