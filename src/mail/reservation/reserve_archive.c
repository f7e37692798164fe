/*
 * reserve_archive - reservations as rows of the archive queue. Called wherever reservations change,
 * and by the verbs that rebuild and verify an archive.
 */
#include "mail/reservation/reserve_archive.h"

#include "mail/project/project.h"
#include "store/archive_queue.h"
#include "store/cx.h"

struct record_payload
reserve_record(const struct project *p, const struct reservation *r)
{
	return (struct record_payload){
		.id = r->id,
		.project = p->human_key,
		.agent = r->agent,
		.path_pattern = r->path_pattern,
		.reason = r->reason,
		.exclusive = r->exclusive,
		.created_ts = r->created_ts,
		.expires_ts = r->expires_ts,
		.released_ts = r->released_ts,
		.branch = r->head.branch,
		.worktree = r->head.worktree,
	};
}

int
reserve_to_archive(struct cx *cx, const struct project *p, const struct reservations *list)
{
	struct record_payload *records;

	if (list->n == 0)
		return 0;
	records = arena_array(cx->arena, struct record_payload, list->n);
	for (size_t i = 0; i < list->n; i++)
		records[i] = reserve_record(p, &list->v[i]);
	return archive_queue_add(
	    cx, QUEUE_RESERVATION, p->id, list->v[0].id, records_payload(cx->arena, records, list->n));
}
