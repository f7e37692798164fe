/*
 * child_stderr - a pipe per child; libraries that print, assertions and sanitizers end in the log.
 */
#include "master/child_stderr.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

int
child_stderr_open(struct child_stderr *c)
{
	int p[2];

	memset(c, 0, sizeof(*c));
	c->fd = -1;
	if (pipe2(p, O_CLOEXEC) != 0)
		return -1;
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	c->fd = p[0];
	return p[1];
}

static void
say(struct child_stderr *c, const char *who)
{
	if (c->n == 0)
		return;
	c->line[c->n] = '\0';
	log_warn("%s stderr: %s", who, c->line);
	snprintf(c->last, sizeof(c->last), "%.*s", (int)sizeof(c->last) - 1, c->line);
	c->n = 0;
}

void
child_stderr_read(struct child_stderr *c, const char *who)
{
	char buf[4096];
	ssize_t n;

	while (c->fd >= 0 && (n = read(c->fd, buf, sizeof(buf))) >= 0) {
		for (ssize_t i = 0; i < n; i++) {
			if (buf[i] == '\n' || c->n == sizeof(c->line) - 1)
				say(c, who);
			if (buf[i] != '\n')
				c->line[c->n++] = buf[i];
		}
		if (n == 0) {
			say(c, who);
			close(c->fd);
			c->fd = -1;
		}
	}
}

void
child_stderr_close(struct child_stderr *c, const char *who)
{
	child_stderr_read(c, who);
	say(c, who);
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
}
