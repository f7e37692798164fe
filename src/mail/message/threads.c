/*
 * threads - finds the threads of the newest messages, then the numbers of each. Called by REST;
 * reads only.
 */
#include "mail/message/threads.h"

#include "mail/message/message.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define WALK_MAX 20000

/* Notes the thread of a message unless a newer message has; messages come newest first. */
static void
note(struct cx *cx, struct thread_heads *out, struct str key, int64_t ts)
{
	for (size_t i = out->n; i-- > 0;)
		if (str_eq(out->v[i].key, key))
			return;
	out->v[out->n++] = (struct thread_head){ .key = arena_dup(cx->arena, key), .last_ts = ts };
}

static int
find_keys(struct cx *cx, const struct project *p, size_t limit, struct thread_heads *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_THREADS_WALK);
	int rc = 0;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, WALK_MAX);
	while (out->n < limit && (rc = stmt_step(cx, s)) > 0) {
		struct str key = stmt_peek(s, 1);

		if (!key.p)
			key = arena_printf(cx->arena, "%lld", (long long)stmt_int(s, 0));
		note(cx, out, key, stmt_int(s, 2));
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
fill(struct cx *cx, const struct project *p, struct thread_head *t)
{
	struct stmt *s = stmt_get(cx->db, STMT_THREAD_HEAD);
	int64_t root = 0;
	int rc;

	if (!str_int(t->key, &root))
		root = 0;
	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, t->key);
	stmt_bind_int(s, 3, root);
	if ((rc = stmt_step(cx, s)) > 0) {
		t->messages = stmt_int(s, 0);
		t->subject = stmt_str(s, 1, cx->arena);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
threads_list(struct cx *cx, const struct project *p, int64_t limit, struct thread_heads *out)
{
	size_t max = limit < 0 || limit > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : (size_t)limit;

	*out = (struct thread_heads){ arena_array(cx->arena, struct thread_head, max + 1), 0 };
	if (find_keys(cx, p, max, out) < 0)
		return -1;
	for (size_t i = 0; i < out->n; i++)
		if (fill(cx, p, &out->v[i]) < 0)
			return -1;
	return 0;
}
