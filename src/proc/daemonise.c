/*
 * daemonise - start-up in the background, and the report of how it went, which
 * is also how a new binary answers the master that started it (upgrade.c).
 */
#include "proc/daemonise.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct message {
	int code;
	char text[1020];
};

void
standard_fds(void)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	} while (fd >= 0 && fd <= 2 && fcntl(fd, F_SETFD, 0) == 0);
	if (fd > 2)
		close(fd);
}

/* wait_for_report - the rest of the first process's life. */
static void
wait_for_report(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char text[1024];
	int code, rc;

	do {
		poll(&p, 1, -1);
	} while ((rc = report_read(fd, &code, text, sizeof(text))) < 0);
	if (rc == 0) {
		fprintf(stderr, "agentmaild: ended before it was ready; see the log\n");
		_exit(EXIT_FAILURE);
	}
	if (code != 0)
		fprintf(stderr, "agentmaild: %s\n", text);
	_exit(code);
}

int
daemonise(void)
{
	int p[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, p) != 0)
		return -1;
	pid = fork();
	if (pid < 0)
		return -1;
	if (pid > 0) {
		close(p[1]);
		wait_for_report(p[0]);
	}
	close(p[0]);
	setsid();
	/* Not a session leader: no terminal can become ours by opening it. */
	pid = fork();
	if (pid < 0)
		report(p[1], EXIT_FAILURE, "cannot fork");
	if (pid != 0)
		_exit(pid < 0);
	return p[1];
}

void
report(int fd, int code, const char *text)
{
	struct message m = { .code = code };

	if (fd < 0)
		return;
	snprintf(m.text, sizeof(m.text), "%s", text);
	/* Whoever waited may have gone: his loss. */
	(void)!send(fd, &m, sizeof(m), MSG_NOSIGNAL);
}

int
report_read(int fd, int *code, char *text, unsigned size)
{
	struct message m;
	ssize_t n = recv(fd, &m, sizeof(m), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -1 : 0;
	if (n != (ssize_t)sizeof(m))
		return 0;
	m.text[sizeof(m.text) - 1] = '\0';
	*code = m.code;
	snprintf(text, size, "%s", m.text);
	return 1;
}

void
detach(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	for (int i = 0; fd >= 0 && i <= 2; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
}
