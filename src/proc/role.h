/*
 * role - what a child of the master can be: a row, and what it finds when it starts.
 *
 * agentmaild.c has the rows; the master knows no role by name. How a child lives
 * is behind `run`: role_main of event/role_main.h for all roles of ours, so that
 * neither proc/ nor the master needs SQLite, libgit2 or libev.
 *
 * What `run` owes the master (role_main does it for every role):
 *  - send CH_READY once it serves; move its slot's heartbeat at least once a
 *    second from then on;
 *  - watch the channel. When it closes, the master is dead: finish the current
 *    transaction and return. CH_DRAIN: close the listening descriptors (the
 *    master keeps the sockets), finish what runs, send CH_DRAINED, return 0.
 *    CH_FAST: finish the current transaction, return 0. The others: see
 *    ipc/channel.h. Unknown kinds are our bug.
 *  - stay away from signals: HUP, INT, QUIT, USR1, USR2, WINCH and PIPE are
 *    ignored, TERM asks the master to drain this child.
 */
#ifndef PROC_ROLE_H
#define PROC_ROLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct child_env;
struct conf;
struct role_ops;
struct shm;

#define EXIT_CONFIG 78 /* sysexits: the configuration is to blame; at first start it ends the daemon */
#define EXIT_SYSTEM 71 /* sysexits: the system refused something */

struct role {
	const char *name; /* "worker": in ps, logs, metrics */
	/* How many processes; asked again at each reload. At least 1 for the role that listens, 0 turns another one off. */
	int (*count)(const struct conf *conf);
	bool numbered;  /* ps and the log say "worker/0" */
	bool listens;   /* gets listening sockets; replaced by generations. Exactly one role does */
	int stop_order; /* lower ones are drained first */
	int nice;
	/* Account of its processes when the daemon is started as root; NULL: `user` and `group` of the configuration. */
	struct str (*user)(const struct conf *conf);
	/* The life of the child; its return value is the exit code. */
	int (*run)(struct child_env *env);
	const struct role_ops *ops; /* for role_main: what is this role's own */
	const void *arg;            /* for ops */
};

/*
 * A pipe, or what is like one, from all children to those of one role: made by
 * the master before the first fork, so that it outlives every process of both sides.
 */
struct role_pipe {
	const char *name;       /* by which child_pipe finds it */
	const char *reader;     /* name of the role that has fd[0]; everybody else has fd[1] */
	int (*make)(int fd[2]); /* non-blocking, close on exec; 0 or -1 with errno */
};

#define ROLES_MAX 16
#define ROLE_PIPES_MAX 8

/* What a daemon is made of. */
struct program {
	const struct role *roles;
	int nroles; /* ROLES_MAX at most */
	const struct role_pipe *pipes;
	int npipes; /* ROLE_PIPES_MAX at most */
};

/* What a child finds when it starts; all of it lives as long as the process. */
struct child_env {
	const struct role *role;
	const struct conf *conf;
	struct shm *shm; /* with the session key: shm_secret() */
	int slot;        /* in the scoreboard: nobody else's while this process lives */
	int index;       /* among its role: worker 0, 1, ... */
	unsigned generation;
	int channel;               /* SEQPACKET to the master (ipc/channel.h), non-blocking */
	const int *listen_fds;     /* what this worker accepts on from the start, -1 terminated; NULL for other roles */
	const int *const *sockets; /* sockets[i]: what CH_ADOPT i means, -1 terminated; NULL for other roles */
	int nsockets;
	struct {
		const char *name; /* NULL behind the last */
		int fd;           /* this role's end */
	} pipe[ROLE_PIPES_MAX];
	/*
	 * eventfd per slot of the scoreboard, by which its process is woken (bus_wake): shm_nslots() of them, of which
	 * new ones come over the channel (CH_SLOT) and are -1 until then.
	 */
	int *wake_fds;
};

/* This role's end of the pipe of that name, -1 when there is no such pipe. */
int child_pipe(const struct child_env *env, const char *name);

#endif
