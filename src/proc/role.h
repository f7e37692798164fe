/*
 * role - what a child of the master can be: a row.
 *
 * Roles are handed to proc/ as function pointers by agentmaild.c, so that proc/
 * links without SQLite, libgit2 and libev.
 */
#ifndef PROC_ROLE_H
#define PROC_ROLE_H

#include <stdbool.h>
#include <stdint.h>

struct conf;
struct shm;

/* What a child finds when it starts; all of it lives as long as the process. */
struct child_env {
	const struct conf *conf;
	struct shm *shm;
	int slot;              /* in the scoreboard: workers 0..workers-1, then archiver, keeper */
	int index;             /* among its role: worker 0, 1, ... */
	unsigned generation;
	int channel;           /* SEQPACKET to the master (ipc/channel.h) */
	const int *listen_fds; /* of this worker's slot, -1 terminated; NULL for other roles */
	int order_read;        /* archiver's end of the pipe, -1 elsewhere */
	int order_write;       /* -1 in the archiver */
	const int *wake_fds;   /* eventfd per slot */
	int nslots;
};

struct role {
	const char *name;        /* "worker": in ps, logs, metrics */
	int (*count)(const struct conf *conf);
	bool numbered;           /* ps shows "worker 0" */
	bool listens;            /* gets the slot's listening sockets */
	int stop_order;          /* lower ones are drained first */
	int nice;
	/* The life of the child; its return value is the exit code. 78: configuration. */
	int (*run)(struct child_env *env);
};

#endif
