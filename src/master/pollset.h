/*
 * pollset - what the master waits for in one turn of its loop.
 */
#ifndef MASTER_POLLSET_H
#define MASTER_POLLSET_H

#include <poll.h>
#include <signal.h>
#include <stdint.h>

#include "ipc/shm.h"

struct master;

typedef void pollset_fn(struct master *m, void *arg, short events);

/* Two of each child, and control clients. */
#define POLLSET_MAX (2 * SHM_SLOTS_MAX + 64)

struct pollset {
	struct pollfd fd[POLLSET_MAX];
	pollset_fn *fn[POLLSET_MAX];
	void *arg[POLLSET_MAX];
	int n;
};

/* Waits for fd in this turn; fn may close it, and nobody else's. */
void pollset_add(struct pollset *ps, int fd, short events, pollset_fn *fn, void *arg);
/* Sleeps with `sleeping` as signal mask until something happens or wait_us is over; calls the functions. */
void pollset_wait(struct pollset *ps, struct master *m, const sigset_t *sleeping, int64_t wait_us);

#endif
