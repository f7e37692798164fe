/*
 * checkpoint - when to make the next checkpoint, by how much was written since the last, and the
 * two steps of one.
 *
 * The gate is held for the second step and for giving disk space back, and waited for no longer
 * than GATE_WAIT_US: writers come first.
 */
#include "keeper/checkpoint.h"

#include "base/clock.h"
#include "ipc/gate.h"
#include "store/db.h"
#include "store/wal.h"

/* Wanted length of the log at a checkpoint, in pages (16 MB): the interval follows the write rate. */
#define WANT_FRAMES 4000
#define WAIT_MIN_US (USEC / 2)
#define WAIT_MAX_US (10 * USEC)
/* Nothing written for so long: give the disk space back. */
#define QUIET_US (10 * USEC)
/* How long the second step waits for its turn. */
#define GATE_WAIT_US 50000

void
checkpoint_init(struct checkpoint *c, struct db *db, struct db *watch, struct gate *gate)
{
	*c = (struct checkpoint){ .db = db, .watch = watch, .gate = gate, .seen = -1, .wait_us = WAIT_MIN_US };
}

static int64_t
next_wait(int64_t wait_us, int frames)
{
	if (frames < 1)
		frames = 1;
	wait_us = wait_us * WANT_FRAMES / frames;
	return wait_us < WAIT_MIN_US ? WAIT_MIN_US : wait_us > WAIT_MAX_US ? WAIT_MAX_US : wait_us;
}

static void
two_steps(struct checkpoint *c)
{
	struct wal_result r;

	if (wal_checkpoint(c->db, WAL_PASSIVE, &r) <= 0)
		return;
	c->done++;
	c->wait_us = next_wait(c->wait_us, r.frames);
	if (c->gate == NULL || !gate_take(c->gate, GATE_WAIT_US))
		return;
	wal_checkpoint(c->db, WAL_PASSIVE, &r);
	gate_give(c->gate);
}

static void
truncate_log(struct checkpoint *c)
{
	if (c->gate != NULL && !gate_take(c->gate, GATE_WAIT_US))
		return;
	c->empty = wal_checkpoint(c->db, WAL_TRUNCATE, NULL) > 0;
	if (c->gate != NULL)
		gate_give(c->gate);
}

int64_t
checkpoint_turn(struct checkpoint *c)
{
	int64_t version = db_data_version(c->watch), now = clock_mono_us();

	if (version != c->seen) {
		c->seen = version;
		c->quiet_since = now;
		c->empty = false;
		two_steps(c);
		return c->wait_us;
	}
	if (!c->empty && now - c->quiet_since >= QUIET_US)
		truncate_log(c);
	return c->empty ? WAIT_MAX_US : c->wait_us;
}
