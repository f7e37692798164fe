/*
 * archive - what the Git archive holds and held (archive/query/query.h): Git is
 * walked here, with a deadline, not in a worker (decision 3.54).
 */
#include "archive/query/query.h"

#include "base/log.h"
#include "helper/question.h"

static const char *const refusals[] = {
	[QUERY_ABSENT] = "absent",
	[QUERY_AMBIGUOUS] = "ambiguous",
	[QUERY_LARGE] = "large",
	[QUERY_LATE] = "late",
	[QUERY_TROUBLE] = "trouble",
};

static const char *
text(struct helper_task *t, const char *member)
{
	return arena_cstr(t->arena, jr_str(jr_get(t->ask, member)));
}

static void
read_items(struct helper_task *t, struct query *q)
{
	struct jr list = jr_get(t->ask, "items");
	struct query_item *items = arena_array(t->arena, struct query_item, jr_len(list) + 1);

	q->items = items;
	for (; q->nitems < jr_len(list); q->nitems++)
		items[q->nitems] = (struct query_item){ jr_int(jr_get(jr_at(list, q->nitems), "id")),
			jr_str(jr_get(jr_at(list, q->nitems), "sha")) };
}

void
question_archive(struct helper_task *t)
{
	struct query q = {
		.arena = t->arena,
		.dir = text(t, "dir"),
		.deadline = t->deadline,
		.sha = jr_str(jr_get(t->ask, "sha")),
		.path = text(t, "path"),
		.author = text(t, "author"),
		.since = jr_int(jr_get(t->ask, "since")),
		.until = jr_int(jr_get(t->ask, "until")),
		.limit = jr_int(jr_get(t->ask, "limit")),
		.offset = jr_int(jr_get(t->ask, "offset")),
	};
	struct buf out;
	enum query_end end;

	read_items(t, &q);
	end = arch_query(&q, jr_str(jr_get(t->ask, "what")), &out);
	if (end == QUERY_OK) {
		jw_key(t->answer, "result");
		jw_raw_buf(t->answer, &out);
		return;
	}
	if (end == QUERY_TROUBLE)
		log_warn("archive: %s", q.why);
	jw_kc(t->answer, "refused", refusals[end]);
	jw_kint(t->answer, "size", q.size);
	jw_kc(t->answer, "why", q.why);
}
