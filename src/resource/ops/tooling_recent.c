/*
 * resource://tooling/recent/{window_seconds} - tool calls of the last seconds,
 * by any worker, oldest first. Failed ones too; project and agent as the callers
 * wrote them (contract/reservations-resources.md 8.7).
 */
#include "base/clock.h"
#include "ipc/call_log.h"
#include "ipc/shm.h"
#include "resource/resource.h"
#include "store/cx.h"
#include "tool/registry.h"

#define WINDOW_DEFAULT 60

struct tooling_recent_resource_in {
	struct p_str window_seconds, agent, project;
};

static const struct param params[] = {
	PARAM(tooling_recent_resource_in, window_seconds, P_STR, P_REQUIRED | P_PATH, "How far back"),
	AGENT_PARAM(tooling_recent_resource_in, agent, 0, "Only calls with this agent, as they wrote it"),
	PARAM(tooling_recent_resource_in, project, P_STR, 0, "Only calls with this project, as they wrote it"),
};

static bool
wanted(const struct tooling_recent_resource_in *in, const struct logged_call *c)
{
	return c->tool < tool_count() && (!in->agent.set || str_eq(in->agent.v, c->agent)) &&
	    (!in->project.set || str_eq(in->project.v, c->project));
}

static void
write_call(struct jw *out, const struct logged_call *c)
{
	const struct tool *t = tool_registry[c->tool];

	jw_obj(out);
	jw_ktime(out, "timestamp", c->at);
	jw_kcstr(out, "tool", t->op.name);
	jw_kstr(out, "project", c->project);
	jw_kstr(out, "agent", c->agent);
	jw_kcstr(out, "cluster", t->cluster);
	jw_end(out);
}

static int64_t
cutoff(const struct cx *cx, int64_t window)
{
	if (window < 1)
		window = 1;
	return window > cx->now / USEC ? 0 : cx->now - window * USEC;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct tooling_recent_resource_in *in = arg;
	struct logged_calls calls = { NULL, 0 };
	int64_t window, count = 0;

	if (!str_int(str_trim(in->window_seconds.v), &window))
		window = WINDOW_DEFAULT;
	if (cx->shm != NULL)
		call_log_since(shm_call_log(cx->shm), cutoff(cx, window), cx->arena, &calls);
	for (size_t i = 0; i < calls.n; i++)
		count += wanted(in, &calls.v[i]);
	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	jw_kint(out, "window_seconds", window);
	jw_kint(out, "count", count);
	jw_karr(out, "entries");
	for (size_t i = 0; i < calls.n; i++)
		if (wanted(in, &calls.v[i]))
			write_call(out, &calls.v[i]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_recent = {
	.op.name = "tooling_recent_resource",
	.uri = "resource://tooling/recent/{window_seconds}",
	.op.desc = "Tool calls of the last seconds",
	OP_PARAMS(params, tooling_recent_resource_in),
	.op.run = run,
};
