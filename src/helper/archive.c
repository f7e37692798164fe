/*
 * archive - what the Git archive holds and held (archive/query/query.h): Git is
 * walked here, with a deadline, not in a worker (decision 3.54).
 */
#include "archive/query/query.h"

#include "base/log.h"
#include "helper/query.h"

bool
helper_archive(struct helper_task *t)
{
	struct archive_result r;
	struct archive_query in;
	struct query q;
	struct buf out;

	if (!archive_query_get(t->arena, t->query, &in))
		return false;
	q = (struct query){
		.arena = t->arena,
		.dir = arena_cstr(t->arena, in.dir),
		.deadline = t->deadline,
		.sha = in.sha,
		.path = arena_cstr(t->arena, in.path),
		.author = arena_cstr(t->arena, in.author),
		.since = in.since,
		.until = in.until,
		.limit = in.limit,
		.offset = in.offset,
		.items = in.items,
		.nitems = in.nitems,
	};
	r = (struct archive_result){ .end = arch_query(&q, in.what, &out) };
	r.size = q.size;
	r.why = str_c(q.why);
	if (r.end == ARCHIVE_FOUND)
		r.json = buf_flat(&out);
	else if (r.end == ARCHIVE_TROUBLE)
		log_warn("archive: %s", q.why);
	archive_result_put(t->result, &r);
	return true;
}
