/*
 * archive_wait - the list of answers that wait for Git, called when it has come far enough or
 * their time is over.
 *
 * No answer is lost or called twice; one whose time is over is given all the same.
 */
#include "job/archive_wait.h"

#include <stddef.h>

#include "base/log.h"

void
archive_waits_init(struct archive_waits *aw)
{
	TAILQ_INIT(&aw->list);
	aw->through = 0;
}

void
archive_wait(struct archive_waits *aw, struct archive_wait *w)
{
	if (w->outbox_id <= aw->through)
		w->fn(w->arg);
	else
		TAILQ_INSERT_TAIL(&aw->list, w, link);
}

void
archive_waits_run(struct archive_waits *aw, int64_t through, int64_t now)
{
	struct archive_wait *w, *next;
	unsigned late = 0;

	if (through > aw->through)
		aw->through = through;
	for (w = TAILQ_FIRST(&aw->list); w != NULL; w = next) {
		next = TAILQ_NEXT(w, link);
		if (w->outbox_id > aw->through && now < w->deadline)
			continue;
		late += w->outbox_id > aw->through;
		TAILQ_REMOVE(&aw->list, w, link);
		w->fn(w->arg);
	}
	if (late > 0)
		log_warn("%u writes were answered before the archive had them: it is at outbox row %lld", late,
		    (long long)aw->through);
}
