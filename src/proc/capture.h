/*
 * capture - what a child says on standard output and error, line by line into the log.
 */
#ifndef PROC_CAPTURE_H
#define PROC_CAPTURE_H

#include <stddef.h>

struct capture {
	int fd;             /* reading end; -1: none */
	size_t n;
	char line[1024];    /* begun, not ended */
	char last[256];     /* for the obituary; "" when it never said anything */
};

/* Makes the pipe; returns the writing end for the child, or -1 with errno. */
int capture_open(struct capture *c);
/* Logs the complete lines that are there, as from `who`; at the end of the pipe closes it. */
void capture_read(struct capture *c, const char *who);
/* Logs what is left, closes. */
void capture_close(struct capture *c, const char *who);

#endif
