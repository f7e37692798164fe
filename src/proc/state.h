/*
 * state - what the master knows; private to proc/.
 *
 * A child is a process and owns one slot of the scoreboard. A post is a place
 * that must be filled: "worker 0". A crew is one generation of workers with its
 * configuration and sockets; a reload starts the next crew beside it.
 */
#ifndef PROC_STATE_H
#define PROC_STATE_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/account.h"
#include "proc/backoff.h"
#include "proc/capture.h"
#include "proc/listener.h"
#include "proc/master.h"
#include "proc/pidfile.h"

struct control;
struct sockets;

enum asked { ASKED_NOTHING, ASKED_DRAIN, ASKED_FAST, ASKED_DIE };

struct child {
	pid_t pid;                 /* 0: the slot is free */
	const struct role *role;
	int slot, index;
	unsigned generation;
	enum slot_state state;
	enum asked asked;
	bool was_ready;
	int channel;
	struct capture err;
	char who[32];              /* "worker/0" */
	int64_t started_us, ready_us;
	uint64_t beat;             /* heartbeat last seen, and when it moved */
	int64_t beat_us;
	int64_t kill_us;           /* SIGKILL then; 0: no such plan */
};

struct post {
	const struct role *role;
	int index;
	int slot;                  /* that it had last: counters go on there; -1 at first */
	struct child *child;       /* NULL: vacant */
	int64_t spawn_us;          /* vacant: when to fill it */
	struct backoff backoff;
	unsigned respawns;
};

struct crew {
	struct conf *conf;
	struct sockets *sockets;
	unsigned generation;
	int n;
	struct post post[LISTENER_FDS];
	struct child *adopter[LISTENER_FDS + 1];   /* who accepts for a post that cannot; [n]: the retired sockets */
	int64_t retire_since_us, retire_idle_us;   /* since when there are retired sockets, and they are empty */
};

enum phase { PHASE_STARTING, PHASE_SERVING, PHASE_STOPPING };
enum upgrade_state { UPGRADE_NONE, UPGRADE_WAITING, UPGRADE_LINGER, UPGRADE_UNDO };
enum stop_how { STOP_GRACEFUL, STOP_NO_DEADLINE, STOP_FAST };

#define SOLO_MAX 8

struct master {
	const struct master_start *start;
	pid_t pid;
	struct account account;
	struct pidfile pidfile;
	struct shm *shm;
	int order[2];
	int query[2];
	int wake[SHM_SLOTS_MAX];
	int nwake;
	sigset_t sleeping;
	struct child child[SHM_SLOTS_MAX];
	struct crew *crew, *next;
	struct post solo[SOLO_MAX];   /* roles that do not listen: not replaced by generations, but restarted */
	int nsolo;
	unsigned generation;
	enum phase phase;
	bool noaccept;                /* WINCH: posts of workers stay vacant */
	bool reload_wanted;
	bool solos_restart;           /* a reload: each solo is drained and started anew */
	enum stop_how stop_how;
	int exit_code;
	int start_losses;             /* children that ended before they were ready, in the first start */
	int start_code;               /* what the start ends with if they go on like that */
	int64_t start_us;
	int64_t now_us;               /* monotonic, of this turn */
	int64_t beat_check_us, watchdog_us;
	int64_t reload_deadline_us;
	int report_fd;                /* who waits for our start: first process, or the old master */
	bool handed_over;             /* we are a new binary, and the old master still has the archive */
	struct {
		enum upgrade_state state;
		pid_t pid;
		int fd;
		int64_t deadline_us;
		bool gone;                /* archiver and keeper have left, the new master knows */
		bool stopped;             /* the new master has ended with 0: somebody told it to */
	} upgrade;
	struct control *control;
};

#endif
