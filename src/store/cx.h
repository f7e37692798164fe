/*
 * cx - the context of one operation on the mail.
 *
 * Everything in mail/ takes it first. It carries memory, database handle, time,
 * who asks, why it failed, and what must happen after the commit. A cx lives as
 * long as its request; it is used by one process and one operation at a time.
 */
#ifndef STORE_CX_H
#define STORE_CX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"
#include "store/topic.h"

struct conf;
struct db;
struct rules;
struct shm;

/* Who asks, as admission found out (decisions 3.7 to 3.9, 3.38, 3.47). */
struct caller {
	bool trusted;       /* loopback trust, valid bearer token or JWT, UNIX socket */
	bool credentials;   /* presented a valid bearer token or JWT */
	struct str session; /* key of a session that we issued; STR_NONE without one */
	struct str subject; /* authenticated subject; STR_NONE when there is none */
	struct str pane;    /* its tmux pane ("%7"); STR_NONE when it did not say */
	struct str window;  /* its window uuid as it sent it; STR_NONE when it did not say */
};

struct cx_after {
	struct cx_after *next;
	void (*fn)(void *arg);
	void *arg;
};

/* Something that is followed has changed (cx_changed, store/changes.h): published once the transaction is committed. */
struct cx_change {
	struct cx_change *next;
	struct topic topic;
	enum change_what what;
	int64_t id;     /* of what changed */
	int64_t number; /* of the event, among those of its topic */
};

/* A read that has nothing to tell yet: when it is to be run again. */
struct cx_park {
	struct topic topic; /* what it waits for; of kind TOPIC_NONE: it does not wait */
	int64_t after;      /* the number up to which it knows the topic */
	int64_t wait_us;    /* how long, from its first run */
	bool over;          /* nobody can wait, or the time has passed: what it writes is the answer */
};

struct cx_warning {
	struct cx_warning *next;
	struct str text;
};

struct cx {
	struct arena *arena;
	struct db *db; /* of this operation: the read handle, or the write handle inside a transaction */
	const struct conf *conf;
	const struct rules *rules; /* of the dialect that the call speaks (mail/rules.h); NULL where nobody calls */
	struct shm *shm;           /* counters and recent calls of all processes; NULL outside the daemon */
	int64_t now;               /* microseconds since 1970; the only source of time in mail/ */
	int64_t deadline;          /* monotonic microseconds, 0 for none */
	struct caller caller;
	struct fail fail;
	struct str query_result; /* of the query that the row sent to the helper process before; absent: unknown */
	struct str query_file;   /* and the bytes that it is about, where the query was for bytes */
	struct cx_warning *warnings, **warnings_tail; /* decision 3.52 */
	struct cx_after *after, **after_tail;
	struct cx_change *changes; /* newest first */
	bool keep_writes; /* beside a failure: what the operation wrote stays (a blocked send leaves its contact requests) */
	bool refused; /* beside a success: the answer tells a refusal, so no idempotency key keeps it */
	struct cx_park park;
	int64_t queue_first, queue_last; /* rows that this operation added, 0 for none */
};

/* All zero but for the arena and the configuration, which it borrows; cx->now is set. */
void cx_init(struct cx *cx, struct arena *a, const struct conf *conf);
/*
 * Makes cx as it was after cx_init, for running the operation once more: drops failure,
 * warnings, after-commit list, changes and outbox range.
 */
void cx_rewind(struct cx *cx);
/* Drops what a roll-back undid: after-commit list, changes, outbox range. The failure stays. Called by txn. */
void cx_drop_effects(struct cx *cx);

/* Records why the operation fails; always returns -1. */
int fail(struct cx *cx, enum err code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Writer inside the data object of the failure recorded last. */
struct jw *fail_data(struct cx *cx);
/* Warns: something the caller should know although the operation succeeds. */
void cx_warn(struct cx *cx, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* fn(arg) runs in order once the transaction is committed; never when it is not. */
void cx_after_commit(struct cx *cx, void (*fn)(void *), void *arg);
/*
 * Of a read: what it wrote counts only if waiting is over. Else it is dropped, and
 * the operation runs again when something happens to `topic` after number `after`, or for the last time after wait_us.
 */
void cx_park(struct cx *cx, struct topic topic, int64_t after, int64_t wait_us);
/* Runs and empties the after-commit list; called by txn. */
void cx_run_after(struct cx *cx);

#endif
