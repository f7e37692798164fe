/*
 * state - what the master knows; private to master/.
 *
 * A child is a process and owns one slot of the scoreboard. An instance is a
 * place that a process has to fill: "worker 0", "archiver". A generation is the
 * workers of one configuration, with their sockets; a reload starts the next
 * generation beside it. Singletons are the instances of all other roles.
 */
#ifndef MASTER_STATE_H
#define MASTER_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "master/backoff.h"
#include "master/child_stderr.h"
#include "master/listener.h"
#include "master/master.h"
#include "proc/account.h"
#include "proc/pidfile.h"

struct control;
struct sockets;

enum asked { ASKED_NOTHING, ASKED_DRAIN, ASKED_FAST, ASKED_DIE };

struct child {
	pid_t pid; /* 0: the slot is free */
	const struct role *role;
	int slot, index;
	unsigned generation;
	enum slot_state state;
	enum asked asked;
	bool was_ready;
	int channel;
	struct child_stderr err;
	char who[32]; /* "worker/0" */
	int64_t started_us, ready_us;
	uint64_t beat; /* heartbeat last seen, and when it moved */
	int64_t beat_us;
	int64_t kill_us; /* SIGKILL then; 0: no such plan */
};

struct instance {
	const struct role *role;
	int index;
	int slot;            /* that it had last: counters go on there; -1 at first */
	struct child *child; /* NULL: nobody fills it */
	int64_t spawn_us;    /* then: when to start a process */
	struct backoff backoff;
	unsigned respawns;
};

struct generation {
	struct conf *conf;
	struct sockets *sockets;
	struct account account[ROLES_MAX]; /* of the program's roles */
	unsigned number;
	int n;
	struct instance instance[LISTENER_FDS];
	struct child *adopter[LISTENER_FDS + 1]; /* who accepts for a worker that cannot; [n]: on the retired sockets */
	int64_t retire_since_us, retire_idle_us; /* since when there are retired sockets, and they are empty */
};

enum phase { PHASE_STARTING, PHASE_SERVING, PHASE_STOPPING };
enum upgrade_state { UPGRADE_NONE, UPGRADE_WAITING, UPGRADE_LINGER, UPGRADE_UNDO };
enum stop_how { STOP_GRACEFUL, STOP_NO_DEADLINE, STOP_FAST };

struct master {
	const struct master_start *start;
	pid_t pid;
	struct account account;
	struct pidfile pidfile;
	struct shm *shm;
	int pipe[ROLE_PIPES_MAX][2];
	int wake[SHM_SLOTS_MAX];
	int nslots; /* in use: of child, wake and the scoreboard */
	sigset_t sleeping;
	struct child child[SHM_SLOTS_MAX];
	struct generation *serving, *next;
	struct instance singleton[SHM_SLOTS_MAX];
	int nsingletons;
	unsigned generation;
	enum phase phase;
	bool noaccept; /* WINCH: no workers are wanted */
	bool reload_wanted;
	enum stop_how stop_how;
	int exit_code;
	int start_losses; /* children that ended before they were ready, in the first start */
	int start_code;   /* what the start ends with if they go on like that */
	int64_t start_us;
	int64_t now_us; /* monotonic, of this turn */
	int64_t watchdog_us;
	int64_t reload_deadline_us;
	int report_fd;    /* who waits for our start: first process, or the old master */
	bool handed_over; /* we are a new binary, and the old master still has the archive */
	struct {
		enum upgrade_state state;
		pid_t pid;
		int fd;
		int64_t deadline_us;
		bool gone;    /* archiver and keeper have left, the new master knows */
		bool stopped; /* the new master has ended with 0: somebody told it to */
	} upgrade;
	struct control *control;
};

#endif
