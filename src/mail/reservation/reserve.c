/*
 * reserve - granting reservations and saying who else is there.
 *
 * Called by the tools file_reservation_paths and macro_start_session and by
 * REST. Releasing and renewing is reserve_own.c.
 */
#include "mail/reservation/reserve.h"

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/reservation/name_table.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_set.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_archive.h"
#include "mail/reservation/reserve_rows.h"
#include "store/cx.h"
#include "store/stmt.h"

/* One call; each path is held against every active reservation of the project. */
#define PATHS_MAX 1000
/* Below it an agent hardly gets to work; only advice (contract/reservations-resources.md 4.2). */
#define TTL_ADVISED 60
/* Beyond the year 9999 a time has no text. */
#define TIME_MAX (INT64_C(253402300799) * USEC)
#define WARNINGS_MAX 10

static int
check_patterns(struct cx *cx, const struct str_list *paths)
{
	size_t warned = 0;

	for (size_t i = 0; i < paths->n; i++) {
		struct str p = paths->v[i];
		const char *why = pattern_refused(p);

		if (why != NULL)
			return fail(cx, ERR_INVALID_ARGUMENT,
			    "Invalid argument value: paths[%zu] '%" PRIstr
			    "' %s. Check that all parameters have valid values.",
			    i, FSTR(str_cut_utf8(p, 200)), why);
		why = pattern_suspicious(p);
		if (why != NULL && warned++ < WARNINGS_MAX)
			cx_warn(cx, "paths[%zu] '%" PRIstr "' %s", i, FSTR(str_cut_utf8(p, 200)), why);
	}
	return 0;
}

int
reserve_check(struct cx *cx, const struct reserve_request *ask)
{
	if (ask->paths.n == 0) {
		fail(cx, ERR_EMPTY_PATHS,
		    "paths list cannot be empty. Provide at least one file path or glob pattern to "
		    "reserve (e.g., ['src/api/*.py', 'config/settings.yaml']).");
		jw_karr(fail_data(cx), "provided");
		jw_end(fail_data(cx));
		return -1;
	}
	if (ask->paths.n > PATHS_MAX)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: paths has %zu entries, at most %d are taken at once; a pattern such as "
		    "src/** covers a directory. Check that all parameters have valid values.",
		    ask->paths.n, PATHS_MAX);
	if (ask->ttl_seconds <= 0)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: ttl_seconds is %lld, expected seconds above 0: a reservation for '%" PRIstr
		    "' would have expired at once. Check that all parameters have valid values.",
		    (long long)ask->ttl_seconds, FSTR(str_cut_utf8(ask->paths.v[0], 200)));
	if (ask->ttl_seconds > (TIME_MAX - cx->now) / USEC)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: ttl_seconds is %lld: date value out of range. Check that all parameters "
		    "have valid values.",
		    (long long)ask->ttl_seconds);
	if (check_patterns(cx, &ask->paths) < 0)
		return -1;
	if (ask->ttl_seconds < TTL_ADVISED)
		cx_warn(cx, "ttl_seconds is %lld: less than %d seconds rarely lasts for an edit",
		    (long long)ask->ttl_seconds, TTL_ADVISED);
	return 0;
}

/* Reads the active reservations of the project. */
struct held {
	struct rows rows;
	struct pattern_set *others; /* those that can be in the way of this call, by index of rows */
	struct name_table own;      /* the agent's, by text: index of rows */
	struct name_table fresh;    /* granted by this call, by text: index of granted */
};

static void
find_conflicts(struct cx *cx, struct held *held, struct str path, struct reserve_result *out)
{
	struct rows holders = { { NULL, 0 }, 0 };
	const uint32_t *found;
	size_t n;

	found = pattern_set_meeting(held->others, pattern_new(cx->arena, path), &n);
	for (size_t i = 0; i < n; i++)
		rows_add(cx->arena, &holders, &held->rows.list.v[found[i]]);
	if (n > 0)
		out->conflicts[out->nconflicts++] = (struct reserve_conflict){ path, holders.list };
}

/* Renews an own reservation of the same text: it is never shortened, and keeps its reason unless there is a new one. */
static int
extend(struct cx *cx, struct reservation *r, const struct reserve_request *ask)
{
	int64_t expires = cx->now + ask->ttl_seconds * USEC;

	if (ask->head.branch.p != NULL)
		r->head = ask->head;
	r->exclusive = ask->exclusive;
	if (ask->reason.n > 0 || r->reason.n == 0)
		r->reason = ask->reason;
	if (r->expires_ts < expires)
		r->expires_ts = expires;
	return rows_update(cx, r);
}

/* Own row of exactly this text, stored before or by this call, or NULL. */
static struct reservation *
find_own(struct held *held, struct rows *granted, struct str path)
{
	uint32_t i = name_table_next(&held->own, path, NAME_NONE);

	if (i != NAME_NONE)
		return &held->rows.list.v[held->own.v[i].value];
	i = name_table_next(&held->fresh, path, NAME_NONE);
	return i != NAME_NONE ? &granted->list.v[held->fresh.v[i].value] : NULL;
}

static int
grant(struct cx *cx, struct held *held, const struct agent *agent, const struct reserve_request *ask, struct str path,
    struct rows *granted)
{
	struct reservation *own = find_own(held, granted, path);
	struct reservation fresh = {
		.project_id = agent->project_id,
		.agent_id = agent->id,
		.agent = agent->name,
		.path_pattern = path,
		.reason = ask->reason.p != NULL ? ask->reason : STR(""),
		.exclusive = ask->exclusive,
		.created_ts = cx->now,
		.expires_ts = cx->now + ask->ttl_seconds * USEC,
		.head = ask->head,
	};

	if (own != NULL) {
		if (extend(cx, own, ask) < 0)
			return -1;
		fresh = *own;
	} else {
		if (rows_insert(cx, &fresh) < 0)
			return -1;
		name_table_add(&held->fresh, path, (uint32_t)granted->list.n);
	}
	rows_add(cx->arena, granted, &fresh);
	return 0;
}

/* Sorts what is held into the agent's own and what others hold; two shared reservations are never in the way of each other. */
static int
load_held(struct cx *cx, const struct agent *agent, const struct reserve_request *ask, struct held *held)
{
	struct stmt *s = stmt_get(cx->db, STMT_RESERVE_ACTIVE);
	const struct pattern **patterns;

	stmt_bind_int(s, 1, agent->project_id);
	stmt_bind_time(s, 2, cx->now);
	if (rows_load(cx, s, &held->rows) < 0)
		return -1;
	patterns = arena_array(cx->arena, const struct pattern *, held->rows.list.n);
	name_table_init(cx->arena, &held->own, held->rows.list.n);
	name_table_init(cx->arena, &held->fresh, ask->paths.n);
	for (size_t i = held->rows.list.n; i-- > 0;) {
		const struct reservation *r = &held->rows.list.v[i];

		if (r->agent_id == agent->id)
			name_table_add(&held->own, r->path_pattern, (uint32_t)i);
		else if (r->exclusive || ask->exclusive)
			patterns[i] = pattern_new(cx->arena, r->path_pattern);
	}
	held->others = pattern_set_new(cx->arena, patterns, held->rows.list.n);
	return 0;
}

/* What is checked out in the project now: what was seen lately, else what the helper has just said. */
static int
find_head(struct cx *cx, int64_t project_id, struct reserve_request *ask)
{
	struct head seen;
	int rc = head_seen(cx, project_id, &seen);

	if (rc == 0 && ask->looked)
		return head_store(cx, project_id, &ask->head);
	ask->head = seen;
	return rc < 0 ? -1 : 0;
}

int
reserve_paths(struct cx *cx, const struct project *p, const struct agent *agent, const struct reserve_request *in,
    struct reserve_result *out)
{
	struct rows granted = { { NULL, 0 }, 0 };
	struct reserve_request copy = *in, *ask = &copy;
	struct held held;

	*out = (struct reserve_result){ { NULL, 0 }, NULL, 0 };
	if ((!ask->unattended && agent_touch(cx, agent->id) < 0) || reserve_sweep(cx, p->id, INT64_MAX) < 0 ||
	    load_held(cx, agent, ask, &held) < 0 || find_head(cx, p->id, ask) < 0)
		return -1;
	out->conflicts = arena_array(cx->arena, struct reserve_conflict, ask->paths.n);
	for (size_t i = 0; i < ask->paths.n; i++) {
		if (cx->deadline != 0 && clock_mono_us() > cx->deadline)
			return fail(cx, ERR_TIMEOUT,
			    "%zu of %zu paths were checked in time; nothing was reserved. Reserve fewer "
			    "paths at once, or a directory as a whole.",
			    i, ask->paths.n);
		find_conflicts(cx, &held, ask->paths.v[i], out);
		if (grant(cx, &held, agent, ask, ask->paths.v[i], &granted) < 0)
			return -1;
	}
	out->granted = granted.list;
	return reserve_to_archive(cx, p, &granted.list);
}
