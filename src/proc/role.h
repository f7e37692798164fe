/*
 * role - what a child of the master can be: a row.
 *
 * Roles are handed to proc/ as function pointers by agentmaild.c, so that proc/
 * links without SQLite, libgit2 and libev.
 *
 * What every run function owes the master:
 *  - send CH_READY once it serves; move its slot's heartbeat at least once a
 *    second from then on;
 *  - watch the channel. When it closes, the master is dead: finish the current
 *    transaction and return. CH_DRAIN: close the listening descriptors (the
 *    master keeps the sockets), finish what runs, send CH_DRAINED, return 0.
 *    CH_FAST: finish the current transaction, return 0. CH_REOPEN, CH_ADOPT,
 *    CH_RELEASE: see ipc/channel.h. Unknown kinds are our bug.
 *  - stay away from signals: HUP, INT, QUIT, USR1, USR2, WINCH and PIPE are
 *    ignored, TERM asks the master to drain this child.
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
	struct shm *shm;            /* with the session key: shm_secret() */
	int slot;                   /* in the scoreboard: nobody else's while this process lives */
	int index;                  /* among its role: worker 0, 1, ... */
	unsigned generation;
	int channel;                /* SEQPACKET to the master (ipc/channel.h), non-blocking */
	const int *listen_fds;      /* what this worker accepts on from the start, -1 terminated; NULL for other roles */
	const int *const *sockets;  /* sockets[i]: what CH_ADOPT i means, -1 terminated; NULL for other roles */
	int nsockets;
	int order_read;             /* archiver's end of the pipe, -1 elsewhere */
	int order_write;            /* -1 in the archiver */
	int query_read;             /* helper's end of the queries (ipc/helper_query.h), -1 elsewhere */
	int query_write;            /* -1 in the helper */
	const int *wake_fds;        /* eventfd per slot of the scoreboard */
	int nslots;                 /* of wake_fds */
};

#define EXIT_CONFIG 78  /* sysexits: the configuration is to blame; at first start it ends the daemon */
#define EXIT_SYSTEM 71  /* sysexits: the system refused something */

struct role {
	const char *name;        /* "worker": in ps, logs, metrics */
	int (*count)(const struct conf *conf);
	bool numbered;           /* ps shows "worker 0" */
	bool listens;            /* gets the slot's listening sockets; replaced by generations */
	bool archives;           /* gets the reading end of the order pipe */
	bool helps;              /* gets the reading end of the queries */
	int stop_order;          /* lower ones are drained first */
	int nice;
	/* The life of the child; its return value is the exit code. */
	int (*run)(struct child_env *env);
};

#endif
