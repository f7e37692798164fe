/*
 * listener - the system calls of one listening address.
 */
#ifndef MASTER_LISTENER_H
#define MASTER_LISTENER_H

#include <stdbool.h>

#include "proc/account.h"
#include "proc/addr.h"

#define LISTENER_FDS 128 /* most workers */

struct listener {
	struct addr addr;
	bool shared; /* one socket for all workers */
	int n;
	int kept; /* fd[0..kept) belong to the old configuration too */
	int fd[LISTENER_FDS];
};

/*
 * Opens l->addr for so many workers, keeping the sockets of `was` (may be NULL)
 * as far as they go. 0, or -1 with *why; what was opened so far is in l.
 */
int listener_open(struct listener *l, const struct listener *was, int workers, int backlog, int mode,
    const struct account *acc, struct arena *a, struct str *why);
/* Takes an inherited descriptor in; -1 when it is no listening socket. */
int listener_adopt(struct listener *l, int fd);
/* Closes fd[from..n). */
void listener_close(struct listener *l, int from);
/* Removes the path of a UNIX socket. */
void listener_unlink(const struct listener *l);
/* Fewer sockets: the kernel gives new connections to the first n only. More: to all again. */
void listener_steer(const struct listener *l, bool fewer);
/* Connections that wait in the queue; 0 where the kernel does not tell. */
int listener_waiting(int fd);
/* Stops listening in every process that has the socket, closes it here. */
void listener_end(int fd);

#endif
