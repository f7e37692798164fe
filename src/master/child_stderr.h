/*
 * child_stderr - what a child says on standard output and error, line by line into the log.
 */
#ifndef MASTER_CHILD_STDERR_H
#define MASTER_CHILD_STDERR_H

#include <stddef.h>

struct child_stderr {
	int fd; /* reading end; -1: none */
	size_t n;
	char line[1024]; /* begun, not ended */
	char last[256];  /* for the log_exit; "" when it never said anything */
};

/* Makes the pipe; returns the writing end for the child, or -1 with errno. */
int child_stderr_open(struct child_stderr *c);
/* Logs the complete lines that are there, as from `who`; at the end of the pipe closes it. */
void child_stderr_read(struct child_stderr *c, const char *who);
/* Logs what is left, closes. */
void child_stderr_close(struct child_stderr *c, const char *who);

#endif
