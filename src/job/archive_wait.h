/*
 * archive_wait - answers that wait until their change is in Git (archive_wait =
 * yes, decision 3.15; or the operation says so). The change is committed to the
 * database either way.
 */
#ifndef JOB_ARCHIVE_WAIT_H
#define JOB_ARCHIVE_WAIT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "job/runtime.h"

/* One answer that waits; lives in its request's arena. */
struct archive_wait {
	TAILQ_ENTRY(archive_wait) link;
	int64_t outbox_id;
	int64_t deadline;       /* monotonic microseconds */
	void (*fn)(void *arg);  /* called once: it is in Git, or the deadline has passed */
	void *arg;
};

TAILQ_HEAD(archive_list, archive_wait);

/* What a worker keeps of it; server.archive points here. */
struct archive_waits {
	struct archive_list list;
	int64_t through;        /* highest outbox id in Git, as far as known */
};

void archive_waits_init(struct archive_waits *aw);
void archive_wait(struct archive_waits *aw, struct archive_wait *w);
/* The archive has come to `through`, the clock to `now`: calls whose time has come. */
void archive_waits_run(struct archive_waits *aw, int64_t through, int64_t now);

#endif
