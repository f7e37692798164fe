/*
 * control - line protocol of the control socket. Nothing here waits for a
 * client: lines are short, answers that do not fit its socket end the connection.
 */
#include "master/control.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "master/pollset.h"

#define CLIENTS 32

struct client {
	int fd; /* -1: free */
	char line[256];
	size_t n;
	unsigned waits; /* flag that it asked for; 0: none */
	bool began;
	bool eof; /* it sends no more; it still reads */
};

struct control {
	int fd;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
	struct client client[CLIENTS];
};

static struct control *
control_of(struct master *m)
{
	if (m->control == NULL) {
		m->control = calloc(1, sizeof(*m->control));
		must(m->control != NULL);
		m->control->fd = -1;
		for (int i = 0; i < CLIENTS; i++)
			m->control->client[i].fd = -1;
	}
	return m->control;
}

static int
listen_at(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	mode_t before = umask(0177);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), saved;

	memcpy(un.sun_path, path, strlen(path) + 1);
	/* The pidfile is locked, so whoever bound this path before is gone or handed over to us. */
	unlink(path);
	if (fd >= 0 && (bind(fd, (struct sockaddr *)&un, sizeof(un)) != 0 || listen(fd, 16) != 0)) {
		saved = errno;
		close(fd);
		errno = saved;
		fd = -1;
	}
	umask(before);
	return fd;
}

void
control_open(struct master *m)
{
	struct control *ctl = control_of(m);
	struct str path = m->serving->conf->control_socket;

	control_close(m);
	if (path.n == 0 || path.n >= sizeof(ctl->path)) {
		log_warn("control_socket: expected a path of at most %zu bytes; `agentmail ctl` cannot be used",
		    sizeof(ctl->path) - 1);
		return;
	}
	snprintf(ctl->path, sizeof(ctl->path), "%" PRIstr, FSTR(path));
	ctl->fd = listen_at(ctl->path);
	if (ctl->fd < 0)
		log_warn("control_socket: %s: %s; `agentmail ctl` cannot be used", ctl->path, strerror(errno));
}

void
control_close(struct master *m)
{
	struct control *ctl = control_of(m);

	if (ctl->fd >= 0)
		close(ctl->fd);
	ctl->fd = -1;
}

static void
hang_up(struct client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	memset(c, 0, sizeof(*c));
	c->fd = -1;
}

void
control_end(struct master *m)
{
	struct control *ctl = control_of(m);

	if (ctl->fd >= 0)
		unlink(ctl->path);
	control_close(m);
	for (int i = 0; i < CLIENTS; i++)
		hang_up(&ctl->client[i]);
	free(m->control);
	m->control = NULL;
}

static void
answer(struct client *c, struct str line)
{
	struct iovec iov[2] = { { (void *)(uintptr_t)line.p, line.n }, { (void *)(uintptr_t) "\n", 1 } };
	struct msghdr h = { .msg_iov = iov, .msg_iovlen = 2 };

	if (sendmsg(c->fd, &h, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)(line.n + 1))
		hang_up(c);
}

static void
answer_text(struct client *c, bool ok, const char *text)
{
	char line[1200];
	int n = snprintf(line, sizeof(line), "%s %s", ok ? "ok" : "error", text);

	answer(c, (struct str){ line, (size_t)n < sizeof(line) ? (size_t)n : sizeof(line) - 1 });
}

static void
answer_status(struct master *m, struct client *c)
{
	struct arena a;
	struct buf b;

	arena_init(&a, 8192);
	buf_init(&b, &a);
	control_status(m, &b);
	answer(c, buf_flat(&b));
	arena_fini(&a);
}

static void
unknown(struct client *c)
{
	char text[256] = "expected one of: status";
	size_t n = strlen(text);

	for (size_t i = 0; i < sig_rows; i++)
		if (sig_table[i].word != NULL)
			n += (size_t)snprintf(text + n, sizeof(text) - n, " %s", sig_table[i].word);
	answer_text(c, false, text);
}

static void
run_command(struct master *m, struct client *c, const char *word)
{
	const struct sig_row *row = sig_find(word);

	if (strcmp(word, "status") == 0) {
		answer_status(m, c);
		return;
	}
	if (row == NULL) {
		unknown(c);
		return;
	}
	log_info("control: %s", word);
	c->waits = row->flag;
	c->began = false;
	sig_raise(row->flag);
	if (row->flag & (DO_STOP | DO_FAST | DO_LEAVE))
		answer_text(c, true, "stopping");
}

static void
on_client(struct master *m, void *arg, short events)
{
	struct client *c = arg;
	ssize_t n = recv(c->fd, c->line + c->n, sizeof(c->line) - 1 - c->n, MSG_DONTWAIT);
	char *end;

	(void)events;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0 || (n == 0 && c->waits == 0)) {
		hang_up(c);
		return;
	}
	c->eof = n == 0;
	c->n += (size_t)n;
	while (c->fd >= 0 && (end = memchr(c->line, '\n', c->n)) != NULL) {
		*end = '\0';
		if (end > c->line && end[-1] == '\r')
			end[-1] = '\0';
		run_command(m, c, c->line);
		if (c->fd < 0)
			return;
		c->n -= (size_t)(end + 1 - c->line);
		memmove(c->line, end + 1, c->n);
	}
	if (c->fd >= 0 && c->n == sizeof(c->line) - 1)
		hang_up(c);
}

static void
on_connect(struct master *m, void *arg, short events)
{
	struct control *ctl = arg;
	int fd = accept4(ctl->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)m;
	(void)events;
	for (int i = 0; fd >= 0 && i < CLIENTS; i++)
		if (ctl->client[i].fd < 0) {
			ctl->client[i].fd = fd;
			return;
		}
	if (fd >= 0)
		close(fd);
}

void
control_poll(struct master *m, struct pollset *ps)
{
	struct control *ctl = control_of(m);

	pollset_add(ps, ctl->fd, POLLIN, on_connect, ctl);
	for (int i = 0; i < CLIENTS; i++)
		if (!ctl->client[i].eof)
			pollset_add(ps, ctl->client[i].fd, POLLIN, on_client, &ctl->client[i]);
}

void
control_began(struct master *m, enum sig_flag what)
{
	struct control *ctl = control_of(m);

	for (int i = 0; i < CLIENTS; i++)
		if (ctl->client[i].fd >= 0 && ctl->client[i].waits == (unsigned)what)
			ctl->client[i].began = true;
}

void
control_answer(struct master *m, enum sig_flag what, bool ok, const char *text)
{
	struct control *ctl = control_of(m);

	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &ctl->client[i];

		if (c->fd < 0 || c->waits != (unsigned)what || !c->began)
			continue;
		c->waits = 0;
		answer_text(c, ok, text);
		if (c->eof)
			hang_up(c);
	}
}
