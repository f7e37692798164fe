/*
 * queries - the queries that rows ask before they run, and what their results mean to the domain.
 */
#include "api/queries.h"

#include <errno.h>

#include "base/path.h"
#include "conf/conf.h"
#include "ipc/query/guard.h"
#include "ipc/query/head.h"
#include "ipc/query/path_activity.h"
#include "mail/rules.h"
#include "mail/project/project.h"
#include "mail/reservation/path_activity.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/reserve.h"
#include "store/cx.h"

int
query_path_activity(struct cx *cx, const struct project *p, const struct reservations *list, struct buf *query)
{
	struct path_activity_item *v = arena_array(cx->arena, struct path_activity_item, list->n);
	struct path_activity_query q = { p->human_key, v, 0 };

	for (size_t i = 0; i < list->n; i++) {
		const struct reservation *r = &list->v[i];

		if (r->released_ts == 0 && r->expires_ts > cx->now && !pattern_virtual(r->path_pattern))
			v[q.n++] = (struct path_activity_item){ r->id, r->path_pattern };
	}
	path_activity_query_put(query, &q);
	return q.n > 0;
}

int
store_path_activity(struct cx *cx, struct str result)
{
	struct path_activity_result r;

	if (!path_activity_result_get(cx->arena, result, &r))
		return 0;
	for (const struct path_activity_seen *seen = r.v; seen < r.v + r.n; seen++) {
		struct path_activity s = { .known = true,
			.matched = seen->matched,
			.files_ts = seen->files_ts,
			.git_known = seen->git_known,
			.git_ts = seen->git_ts };

		if (path_activity_store(cx, seen->id, &s) < 0)
			return -1;
	}
	return 0;
}

/* guard_roots, and the directory of p, or with p NULL of every project. */
static int
find_roots(struct cx *cx, const struct project *p, struct str_list *out)
{
	const struct str_list *settings = &cx->conf->guard_roots;
	struct projects all = { NULL, 0 };

	if (p == NULL && project_list(cx, STR_NONE, -1, &all) < 0)
		return -1;
	*out = (struct str_list){ arena_array(cx->arena, struct str, settings->n + all.n + 1), 0 };
	for (size_t i = 0; i < settings->n; i++)
		out->v[out->n++] = settings->v[i];
	if (p != NULL)
		out->v[out->n++] = p->human_key;
	for (size_t i = 0; i < all.n; i++)
		if (all.v[i].human_key.n > 1 && all.v[i].human_key.p[0] == '/')
			out->v[out->n++] = all.v[i].human_key;
	return 0;
}

int
query_guard(struct cx *cx, const struct project *p, struct str repo, struct buf *query)
{
	struct guard_query q = { .install = p != NULL, .repo = repo };

	if (find_roots(cx, p, &q.roots) < 0)
		return -1;
	if (p != NULL)
		q.records = arena_printf(cx->arena, "%" PRIstr "/projects/%" PRIstr "/file_reservations",
		    FSTR(cx->conf->storage_root), FSTR(p->slug));
	guard_query_put(query, &q);
	return 1;
}

/* What the helper refused, in the words of whoever is told. */
static int
guard_refused(struct cx *cx, const struct guard_result *r)
{
	const struct guard_rules *rules = &cx->rules->guard;

	if (r->error == 0)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: %s %" PRIstr ". Check that all parameters have valid values.",
		    rules->repo_param, FSTR(r->text));
	if (rules->missing_is_not_found && (r->error == ENOENT || r->error == ENOTDIR))
		return fail(cx, ERR_NOT_FOUND, "%s: %" PRIstr, rules->repo_param, FSTR(str_cut_chars(r->text, 300)));
	if (r->error == EACCES)
		return fail(cx, ERR_OS_ERROR,
		    "OS error: %" PRIstr ". Where the daemon has no right to, run `agentmail guard install`.",
		    FSTR(r->text));
	return fail(cx, ERR_OS_ERROR, "OS error: %" PRIstr, FSTR(r->text));
}

static int
guard_failed(struct cx *cx, const struct guard_result *r, bool known)
{
	if (known && r->end == GUARD_REFUSED)
		return guard_refused(cx, r);
	return fail(cx, ERR_RESOURCE_BUSY,
	    "The repository could not be looked into in time. Try again, or run `agentmail guard install`.");
}

int
guard_installed(struct cx *cx, struct str *hook)
{
	struct guard_result r;
	bool known = guard_result_get(cx->arena, cx->query_result, &r);

	if (!known || r.end != GUARD_INSTALLED)
		return guard_failed(cx, &r, known);
	*hook = r.hook;
	return 0;
}

int
guard_removed(struct cx *cx, bool *removed)
{
	struct guard_result r;
	bool known = guard_result_get(cx->arena, cx->query_result, &r);

	if (!known || (r.end != GUARD_REMOVED && r.end != GUARD_NOTHING))
		return guard_failed(cx, &r, known);
	*removed = r.end == GUARD_REMOVED;
	return 0;
}

int
query_head(struct cx *cx, struct str key, struct buf *query)
{
	struct str dir = str_trim(key);
	struct project p;
	struct head seen;

	if (project_lookup(cx, key, &p) == 1) {
		if (head_seen(cx, p.id, &seen) != 0)
			return 0;
		dir = p.human_key;
	}
	if (!path_is_absolute(dir))
		return 0;
	head_query_put(query, &(struct head_query){ dir });
	return 1;
}

void
query_head_of(const struct project *p, struct buf *query)
{
	head_query_put(query, &(struct head_query){ p->human_key });
}

struct head
head_found(struct cx *cx)
{
	struct head_result r;

	if (!head_result_get(cx->arena, cx->query_result, &r))
		return (struct head){ STR_NONE, STR_NONE };
	return (struct head){ r.branch, r.worktree };
}
