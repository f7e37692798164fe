/*
 * changes - what happened, as a log that can be followed from any process and
 * after any restart.
 *
 * A write operation says cx_changed beside its write. In the transaction that
 * becomes an event with a number, which is given under SQLite's write lock and
 * never again: within a topic numbers rise in the order of the commits, so a
 * reader that has seen N never finds a smaller one later. "Everything after N"
 * is therefore complete; it is all that a follower keeps.
 *
 * What numbers an event depends on the topic's log (store/topic.def): the id of
 * the message where mail itself is the log, so that a send writes no row more;
 * else the row in `changes`. Numbers are compared within one topic only. The bus
 * brings hints to look; this is the truth.
 */
#ifndef STORE_CHANGES_H
#define STORE_CHANGES_H

#include <stddef.h>
#include <stdint.h>

#include "store/cx.h"
#include "store/topic.h"

/* One event of a topic; `id` as its word says (store/change.def). */
struct change {
	int64_t number;
	enum change_what what;
	int64_t id;
	int64_t ts; /* microseconds since 1970 */
};

struct changes {
	struct change *v; /* oldest first, in cx->arena */
	size_t n;
	int64_t through; /* the follower has now seen everything up to this number: what to ask after next */
};

/* The newest number that each log ever gave. */
struct changes_heads {
	int64_t mail, changes;
};

/*
 * Something happened to `topic`, in the same write operation: adds the event to
 * its log and to cx->changes, from which it is published once it is committed.
 * The topic's name is borrowed until then. 0, or -1 with cx->fail.
 */
int cx_changed(struct cx *cx, struct topic topic, enum change_what what, int64_t id);
/* Publishes cx->changes after the commit, if there is a segment (cx->shm) to publish in; wakes nobody. `slot` is the publisher's. */
void changes_publish(const struct cx *cx, int slot);

/*
 * Events of the topic after number `after`, oldest first, at most `limit`. 0; or -1 with cx->fail: CHANGES_TOO_OLD when
 * some of what came after it is not kept any more (data: after, oldest - what may be asked after), CURSOR_AHEAD when
 * this store never gave such a number. Who is told so begins anew at changes_newest. Of kinds MAIL and CHANGES only.
 */
int changes_after(struct cx *cx, const struct topic *topic, int64_t after, int64_t limit, struct changes *out);
/* The newest number of the log that this kind has: where a follower begins that wants no past. 0, or -1 with cx->fail. */
int changes_newest(struct cx *cx, enum topic_kind kind, int64_t *out);
/* The newest number of each log: what has come in, whether or not an event told of it. 0, or -1 with cx->fail. */
int changes_heads(struct cx *cx, struct changes_heads *out);

/*
 * Retention: deletes at most `batch` rows that are older than changes_retention or exceed changes_max_rows, oldest
 * first, and notes how far. In a write operation; *n is how many. 0, or -1 with cx->fail.
 */
int changes_expire(struct cx *cx, int64_t batch, int64_t *n);
/* Whether changes_expire would find anything: 1, 0, or -1 with cx->fail. */
int changes_expirable(struct cx *cx);
/*
 * After the database was replaced by an older one, which would give numbers again: the next one is above all that can
 * have been given, and whoever followed before begins anew. In a write operation; 0, or -1 with cx->fail.
 */
int changes_leap(struct cx *cx);

#endif
