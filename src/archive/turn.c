/*
 * turn - decides what the archiver does next: look at the outbox, apply, acknowledge, tell
 * everybody, bring files up to date, repack, rest.
 *
 * Failures end here: trouble of the outside is tried again with growing pauses, a row that can
 * never be applied is set aside after a few tries. Nothing is lost by either; it must never end
 * the process.
 */
#include "archive/turn.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#include "archive/git/locks.h"
#include "base/clock.h"
#include "base/fault.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "store/stmt.h"
#include "store/topic.h"

#define LOOK_US USEC /* the outbox is asked this often even without orders */
#define BACKOFF_FIRST_US (USEC / 4)
#define BACKOFF_MAX_US (30 * USEC)
#define POISON_TRIES 3
#define POISON_PAUSE_US 50000
#define ALARM_EVERY_US (30 * USEC)
#define REPACK_WAIT_US 5000
#define TRIM_EVERY_US USEC
#define QUIET_US (60 * USEC)
/* Files of a larger group are written by the child. */
#define INLINE_ROWS 512

static int64_t
cpu_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * USEC + t.tv_nsec / 1000;
}

/* Something outside is in the way: complain now and then, wait longer each time. */
static int64_t
back_off(struct archiver *r)
{
	int64_t now = clock_mono_us();

	if (r->backoff_us == 0 || now - r->alarmed_at >= ALARM_EVERY_US) {
		log_error("archive: %s; nothing is lost, trying again", r->a.why.text);
		r->alarmed_at = now;
	}
	r->backoff_us = r->backoff_us ? r->backoff_us * 2 : BACKOFF_FIRST_US;
	if (r->backoff_us > BACKOFF_MAX_US)
		r->backoff_us = BACKOFF_MAX_US;
	r->retry_at = now + r->backoff_us;
	r->settled = false;
	locks_clear(r->a.repo);
	return r->backoff_us;
}

static void
well_again(struct archiver *r)
{
	if (r->backoff_us)
		log_info("archive: working again");
	r->backoff_us = 0;
	r->retry_at = 0;
}

static void
publish(struct archiver *r, int64_t through)
{
	struct topic archive = TOPIC_OF(ARCHIVE, 0);

	r->through = through;
	counter_set(r->slot, C_archive_through, (uint64_t)through);
	if (r->shm == NULL)
		return;
	topic_publish(shm_bus(r->shm), r->index, &archive, through);
	bus_wake(shm_bus(r->shm), r->wake_fds, shm_nslots(r->shm), -1);
}

/* Age and number of what waits. */
static void
gauge(struct archiver *r, int64_t pending, int64_t oldest_wall)
{
	int64_t lag = pending > 0 ? clock_wall_us() - oldest_wall : 0;

	counter_set(r->slot, C_archive_backlog, (uint64_t)pending);
	counter_set(r->slot, C_archive_lag_us, (uint64_t)(lag > 0 ? lag : 0));
}

/* Pending rows by the numbers at both ends, and the age of the first; -1 on failure. */
static int64_t
look(struct archiver *r)
{
	struct stmt *s = stmt_get(r->a.cx.db, STMT_ARCH_ENDS);
	int64_t first = 0, last = 0, born = 0;
	int rc = stmt_step(&r->a.cx, s);

	if (rc > 0) {
		first = stmt_int(s, 0);
		last = stmt_int(s, 1);
		born = stmt_int(s, 2);
	}
	stmt_done(s);
	if (rc < 0)
		return arch_error(&r->a.why, ARCH_AGAIN, "outbox: %" PRIstr, FSTR(r->a.cx.fail.msg));
	r->looked_at = clock_mono_us();
	r->last = last;
	if (last > r->known)
		r->known = last;
	gauge(r, first ? last - first + 1 : 0, born);
	return first ? last - first + 1 : 0;
}

/* The branch may have been moved by a person's commit: then everything stands on that. */
static int
follow_branch(struct archiver *r)
{
	struct oid tip;
	int rc = r->settled ? repo_tip(r->a.repo, &tip, &r->a.why) : 0;

	if (rc < 0)
		return -1;
	if (rc > 0 && oid_eq(&tip, &r->a.tip))
		return 0;
	if (r->settled)
		log_info("archive: somebody else committed; going on from there");
	r->settled = false;
	if (arch_settle(&r->a) != 0 || work_mend(&r->work, &r->a) != 0)
		return -1;
	r->settled = true;
	return 0;
}

/* One row can never be applied: after a few tries it makes way for those behind it. */
static int64_t
poisoned(struct archiver *r, const struct arch_row *row)
{
	char reason[sizeof(r->a.why.text)];

	memcpy(reason, r->a.why.text, sizeof(reason));
	arch_restage(&r->a);
	if (r->poison != row->id)
		r->poison_tries = 0;
	r->poison = row->id;
	if (++r->poison_tries < POISON_TRIES)
		return POISON_PAUSE_US;
	log_error("archive: row %lld (kind %d, ref %lld) is set aside in outbox_failed: %s", (long long)row->id,
	    row->kind, (long long)row->ref_id, reason);
	if (arch_ack_failed(&r->a, row, reason) != 0)
		return back_off(r);
	counter_add(r->slot, C_archive_failed_total, 1);
	publish(r, row->id);
	return 0;
}

/* Rows are in Git: take them off the outbox, tell everybody, bring the files up to date. */
static int64_t
finish(struct archiver *r, size_t n)
{
	if (FAULT("archive.before_ack") || arch_ack(&r->a, r->ops, n) != 0)
		return back_off(r);
	(void)FAULT("archive.after_ack");
	counter_add(r->slot, C_archive_rows_total, (int64_t)n);
	publish(r, r->ops[n - 1].outbox);
	work_files(&r->work, &r->a, n >= INLINE_ROWS);
	(void)FAULT("archive.after_files");
	well_again(r);
	return 0;
}

/* Applies n rows; what fails decides how it goes on. */
static int64_t
apply(struct archiver *r, size_t n, bool single)
{
	int64_t commits = r->a.commits, cpu = cpu_us(), wait = 0;
	enum pace how = single ? PACE_SINGLE : PACE_GROUP;
	size_t end;

	if (arch_group(&r->a, r->rows, n, single, r->ops, &end) == 0) {
		wait = finish(r, end);
	} else if (r->a.why.kind == ARCH_MOVED) {
		r->settled = false;
	} else if (r->a.why.kind != ARCH_POISON || end == n) {
		wait = back_off(r);
	} else if (end == 0) {
		wait = poisoned(r, &r->rows[0]);
	} else {
		/* Those before it go first; the row then fails alone. */
		arch_restage(&r->a);
		return apply(r, end, single);
	}
	commits = r->a.commits - commits;
	counter_add(r->slot, C_archive_commits_total, commits);
	pace_spent(&r->pace, how, commits, cpu_us() - cpu, clock_mono_us());
	return wait;
}

/* Hot directories stay in memory, within bounds; a quiet archiver is small. */
static void
trim(struct archiver *r)
{
	int64_t now = clock_mono_us();

	if (now - r->trimmed_at < TRIM_EVERY_US)
		return;
	r->trimmed_at = now;
	if (now - r->pace.committed_at <= QUIET_US) {
		trees_trim(r->a.trees, ARCH_TREES_BUSY);
		r->trimmed_quiet = false;
	} else if (!r->trimmed_quiet) {
		trees_trim(r->a.trees, ARCH_TREES_IDLE);
		malloc_trim(0);
		r->trimmed_quiet = true;
	}
}

/*
 * Rows that the mark has passed may be in Git already, landed before a crash.
 * They go on their own and as one: only what they amount to together counts, or
 * a file that changed twice would go back and forth once more in the history.
 */
static size_t
in_doubt(const struct archiver *r, size_t n)
{
	size_t k = 0;

	while (k < n && r->rows[k].id <= r->a.mark.outbox)
		k++;
	return k;
}

/* Nothing to apply: index, repack, memory. */
static int64_t
rest(struct archiver *r)
{
	int64_t wait = work_index(&r->work, &r->a, WORK_IDLE);

	repack_turn(&r->repack, &r->a, r->slot);
	trim(r);
	return wait > 0 && wait < LOOK_US ? wait : LOOK_US;
}

int64_t
arch_turn(struct archiver *r, bool *refused)
{
	int64_t now = clock_mono_us(), wait = 0, pending;
	enum pace how;
	size_t again;
	int n;

	if (now < r->retry_at)
		return r->retry_at - now;
	arch_group_end(&r->a);
	if (follow_branch(r) != 0) {
		*refused = r->a.why.kind == ARCH_REFUSED;
		return *refused ? 0 : back_off(r);
	}
	pending = r->closing ? 0 : look(r);
	if (pending < 0)
		return back_off(r);
	if (pending == 0) {
		r->known = 0;
		return rest(r);
	}
	how = pace_next(&r->pace, pending, ARCH_GROUP_ROWS, r->hurry ? 0 : r->a.conf->archive_group_max, now, &wait);
	r->gathering = how == PACE_WAIT;
	if (r->gathering)
		return wait;
	if (repack_must_wait(&r->repack)) {
		repack_turn(&r->repack, &r->a, r->slot);
		return REPACK_WAIT_US;
	}
	n = arch_rows(&r->a, r->rows, ARCH_GROUP_ROWS);
	if (n < 0)
		return back_off(r);
	again = in_doubt(r, (size_t)n);
	wait = again ? apply(r, again, false) : apply(r, (size_t)n, how == PACE_SINGLE);
	work_index(&r->work, &r->a, WORK_BUSY);
	repack_turn(&r->repack, &r->a, r->slot);
	trim(r);
	return wait;
}

bool
arch_turn_caught_up(const struct archiver *r, int64_t since, int64_t *upto)
{
	if (!r->settled || r->looked_at <= since)
		return false;
	if (*upto == 0)
		*upto = r->last;
	return r->known == 0 || (*upto > 0 && r->through >= *upto);
}
