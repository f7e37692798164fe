/*
 * role_main - the life of every child: one loop, the master's channel, heartbeat,
 * log, database, drain and stop. A role adds functions to its row, as many as it needs.
 *
 * Order of calls: start; then in each turn whatever its watchers do, and `turn`;
 * `drain` once the master has asked the process to finish, then `drained` at the
 * end of each turn until it says yes; `stop` last. All of them run on the loop's
 * thread, and none may wait for long: the heartbeat stands still meanwhile.
 */
#ifndef EVENT_ROLE_MAIN_H
#define EVENT_ROLE_MAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "event/loop.h"
#include "proc/role.h"

struct db;
struct gate;
struct slot;

/* A process of a role, for its functions; lives from start to stop. */
struct process {
	struct child_env *env;
	struct slot *slot; /* its scoreboard entry: counters */
	struct loop *loop;
	struct arena arena;  /* memory until the process ends */
	struct db *rw, *ro;  /* what role_ops.database opened */
	void *state;         /* role_ops.state_size bytes, zeroed before start */
	int64_t drain_since; /* monotonic: when the first CH_DRAIN came; 0: not draining */

	/* Private. */
	struct loop_io channel, wake;
	struct loop_timer beat, deadline;
	int beats, descriptors;
	bool ready, over;
	int code;
};

struct role_ops {
	size_t state_size;
	/* Opens handles (store/handles.h) before start, false with *why; NULL: the role has no database. */
	bool (*database)(const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro,
	    struct str *why);
	void (*database_close)(struct db **db);
	/* Sets up its watchers: 0, or the exit code (what it made by then is its own to free). The only one that must be. */
	int (*start)(struct process *p);
	/* READY is not said after start, but when the role calls process_ready. */
	bool late;
	void (*turn)(struct process *p);
	/* Once a second, whatever else happens. */
	void (*beat)(struct process *p);
	/* Somebody committed (bus_wake), while this slot has subscribers (bus_subscribers). */
	void (*wake)(struct process *p);
	/* The process is to finish: nothing new is begun. Called once. */
	void (*drain)(struct process *p);
	/* True when nothing is left; NULL: a drain ends at once. */
	bool (*drained)(struct process *p);
	/* The drain's deadline has passed: says what did not end. It ends anyway. */
	void (*overdue)(struct process *p);
	/* For a role that listens: accept on child_env.sockets[index] too, and no longer. */
	void (*adopt)(struct process *p, int index);
	void (*release)(struct process *p, int index);
	/* Ends what runs and frees what start made; the loop and the database are still there. */
	void (*stop)(struct process *p);
};

/* For a role's row: the life of the child with env->role->ops; returns its exit code, 0 when it left on request. */
int role_main(struct child_env *env);

/* Tells the master that it serves; what was told is not told again. */
void process_ready(struct process *p);
/* Leaves at the end of this turn, whatever still runs. */
void process_leave(struct process *p, int code);

#endif
