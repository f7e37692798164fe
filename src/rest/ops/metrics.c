/*
 * metrics - REST: tool calls of late, and how tools do
 * (contract/rest-and-rust-peers.md A.3).
 *
 * Both come from the shared segment: no call is written to the database, and no
 * arguments are kept. As there, only calls by MCP count.
 */
#include <stdlib.h>

#include "ipc/call_log.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "store/cx.h"
#include "tool/registry.h"

#define LIMIT 1000
/* Names that one answer remembers, so that each is looked up once; further ones are looked up for each row. */
#define KNOWN 64

struct rest_metrics_in {
	struct p_int project_id, limit;
};

static const struct param params[] = {
	PARAM(rest_metrics_in, project_id, P_INT, 0, "Only calls for this project, of the last 4,096 calls"),
	PARAM(rest_metrics_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "50"),
};

static size_t
limit_of(const struct rest_metrics_in *in)
{
	return in->limit.v < 0 || in->limit.v > LIMIT ? LIMIT : (size_t)in->limit.v;
}

/* What a caller called a project or an agent, and the number behind it: 0 for none. */
struct project_names {
	struct {
		struct str name;
		int64_t project_id, id;
	} v[KNOWN];
	size_t n;
};

static int64_t
project_of(struct cx *cx, struct project_names *names, struct str key)
{
	struct project p;
	int64_t id;

	if (str_blank(key))
		return 0;
	for (size_t i = 0; i < names->n; i++)
		if (str_eq(names->v[i].name, key))
			return names->v[i].id;
	id = project_lookup(cx, key, &p) > 0 ? p.id : 0;
	fail_clear(&cx->fail);
	if (names->n < KNOWN) {
		names->v[names->n].name = key;
		names->v[names->n++].id = id;
	}
	return id;
}

static int64_t
agent_of(struct cx *cx, struct project_names *names, int64_t project_id, struct str name)
{
	struct agent a;
	int64_t id;

	if (project_id == 0 || str_blank(name))
		return 0;
	for (size_t i = 0; i < names->n; i++)
		if (names->v[i].project_id == project_id && str_eq(names->v[i].name, name))
			return names->v[i].id;
	id = agent_lookup(cx, project_id, name, &a) > 0 ? a.id : 0;
	fail_clear(&cx->fail);
	if (names->n < KNOWN) {
		names->v[names->n].name = name;
		names->v[names->n].project_id = project_id;
		names->v[names->n++].id = id;
	}
	return id;
}

static void
kid(struct jw *w, const char *key, int64_t id)
{
	if (id == 0)
		jw_knull(w, key);
	else
		jw_kint(w, key, id);
}

static void
write_call(struct jw *w, const struct logged_call *c, int64_t project_id, int64_t agent_id)
{
	jw_obj(w);
	jw_kint(w, "id", (int64_t)c->serial);
	kid(w, "project_id", project_id);
	kid(w, "agent_id", agent_id);
	jw_kcstr(w, "tool_name", tool_registry[c->tool]->op.name);
	jw_knull(w, "args_json");
	jw_kcstr(w, "status", c->error == ERR_NONE ? "success" : "error");
	jw_kcstr(w, "error_code", c->error == ERR_NONE ? NULL : err_name(c->error));
	jw_kint(w, "duration_ms", (c->took_us + 500) / 1000);
	jw_ktime(w, "created_at", c->at);
	jw_end(w);
}

static void
recent_calls(struct cx *cx, struct logged_calls *out)
{
	*out = (struct logged_calls){ NULL, 0 };
	if (cx->shm != NULL)
		call_log_since(shm_call_log(cx->shm), 0, cx->arena, out);
}

static int
calls(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_metrics_in *in = arg;
	struct project_names *projects = arena_new(cx->arena, struct project_names),
			     *agents = arena_new(cx->arena, struct project_names);
	size_t left = limit_of(in), i;
	struct logged_calls all;

	recent_calls(cx, &all);
	jw_arr(out);
	for (i = all.n; i > 0 && left > 0; i--) {
		const struct logged_call *c = &all.v[i - 1];
		int64_t project;

		if (c->tool >= tool_count())
			continue;
		project = project_of(cx, projects, c->project);
		if (in->project_id.set && project != in->project_id.v)
			continue;
		write_call(out, c, project, agent_of(cx, agents, project, c->agent));
		left--;
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_tool_metrics = {
	.op.name = "tool_metrics",
	.method = "GET",
	.paths = REST_PATHS("/api/metrics/tools", "/api/list_tool_metrics"),
	.op.desc = "The last tool calls by MCP, newest first",
	OP_PARAMS(params, rest_metrics_in),
	.op.flags = OP_READ,
	.op.run = calls,
};

struct tally {
	const char *name;
	uint64_t count, errors, us;
};

/* Counts since the daemon began, of all workers. */
static void
count_all(struct cx *cx, struct tally *rows)
{
	struct hist h;

	for (size_t i = 0; cx->shm != NULL && i < tool_count(); i++) {
		shm_hist(cx->shm, i, i + 1, &h);
		rows[i] = (struct tally){ tool_registry[i]->op.name, atomic_load(&h.count), atomic_load(&h.errors),
			atomic_load(&h.sum_us) };
	}
}

/* For one project: counters know no projects, so the last calls are counted. */
static void
count_project(struct cx *cx, int64_t project_id, struct tally *rows)
{
	struct project_names *projects = arena_new(cx->arena, struct project_names);
	struct logged_calls all;

	recent_calls(cx, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct logged_call *c = &all.v[i];

		if (c->tool >= tool_count() || project_of(cx, projects, c->project) != project_id)
			continue;
		rows[c->tool].name = tool_registry[c->tool]->op.name;
		rows[c->tool].count++;
		rows[c->tool].errors += c->error != ERR_NONE;
		rows[c->tool].us += c->took_us;
	}
}

static int
by_count(const void *va, const void *vb)
{
	const struct tally *a = va, *b = vb;

	return a->count > b->count ? -1 : a->count < b->count;
}

static int
stats(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_metrics_in *in = arg;
	struct tally *rows = arena_array(cx->arena, struct tally, tool_count());
	size_t i, limit = limit_of(in);

	if (in->project_id.set)
		count_project(cx, in->project_id.v, rows);
	else
		count_all(cx, rows);
	qsort(rows, tool_count(), sizeof(rows[0]), by_count);
	jw_arr(out);
	for (i = 0; i < tool_count() && i < limit && rows[i].count > 0; i++) {
		jw_obj(out);
		jw_kcstr(out, "tool_name", rows[i].name);
		jw_kint(out, "count", (int64_t)rows[i].count);
		jw_key(out, "avg_duration_ms");
		jw_double(out, (double)rows[i].us / (double)rows[i].count / 1000.0);
		jw_kint(out, "error_count", (int64_t)rows[i].errors);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_tool_stats = {
	.op.name = "tool_stats",
	.method = "GET",
	.paths = REST_PATHS("/api/metrics/tools/stats", "/api/get_tool_stats", "/api/tool_stats"),
	.op.desc = "Calls, failures and mean time of each tool since the daemon began, most called first",
	OP_PARAMS(params, rest_metrics_in),
	.op.flags = OP_READ,
	.op.run = stats,
};
