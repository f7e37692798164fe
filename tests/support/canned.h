/*
 * canned - an HTTP server that answers every request with the same bytes and keeps what it heard.
 */
#ifndef SUPPORT_CANNED_H
#define SUPPORT_CANNED_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/str.h"

#define CANNED_ROOM 262144

struct canned {
	pid_t pid;
	int port, heard; /* heard: a file without a name */
};

/* Listens on a free port of loopback, or on a UNIX socket where `path` is not NULL. */
void canned_start(struct canned *c, const char *path, int status, const char *body);
void canned_stop(struct canned *c);
/* The requests so far, one after the other. */
struct str canned_heard(struct canned *c, struct arena *a);

/* A request as it came. */
struct heard {
	char text[CANNED_ROOM];
	size_t n, head; /* head: bytes up to the body */
};
/* Reads one, with its body; false when the other side closes before. */
bool heard_read(int fd, struct heard *h);
/* A listening socket on a free port of loopback. */
int listen_on_loopback(int *port);

#endif
