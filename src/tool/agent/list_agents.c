/*
 * list_agents - who is in a project, last active first (contract/rest-and-rust-peers.md B.6.1).
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "tool/tool.h"

#define LIMIT_MAX 250
#define DAY_US (86400 * USEC)

struct list_agents_in {
	struct p_str project_key;
	struct p_int limit, active_within_days;
};

static const struct param params[] = {
	PROJECT_PARAM(list_agents_in, project_key, P_REQUIRED),
	PARAM(list_agents_in, limit, P_INT, P_PLAIN, "At most 250", "250"),
	PARAM(list_agents_in, active_within_days, P_INT, P_PLAIN, "Only those active since"),
};

static int
not_negative(struct cx *cx, const char *name, const struct p_int *given)
{
	if (!given->set || given->v >= 0)
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT, "%s: expected 0 or more, got %lld", name, (long long)given->v);
	jw_kcstr(fail_data(cx), "parameter", name);
	return -1;
}

/* Agents active before this time are not shown; 0 shows all. */
static int64_t
floor_of(const struct cx *cx, const struct p_int *days)
{
	if (!days->set || days->v >= cx->now / DAY_US)
		return 0;
	return cx->now - days->v * DAY_US;
}

static int64_t
limit_of(struct cx *cx, int64_t asked)
{
	int64_t limit = asked < 1 ? 1 : asked > LIMIT_MAX ? LIMIT_MAX : asked;

	if (limit != asked)
		cx_warn(cx, "limit was changed to %lld", (long long)limit);
	return limit;
}

static void
write_agent(struct jw *out, const struct agent *a)
{
	jw_obj(out);
	jw_kstr(out, "name", a->name);
	jw_kstr(out, "program", a->program);
	jw_kstr(out, "model", a->model);
	jw_kstr(out, "task_description", a->task_description);
	jw_ktime(out, "inception_ts", a->inception_ts);
	jw_ktime(out, "last_active_ts", a->last_active_ts);
	jw_kstr(out, "contact_policy", a->contact_policy);
	if (a->retired_at != 0)
		jw_ktime(out, "retired_at", a->retired_at);
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct list_agents_in *in = arg;
	int64_t since, limit;
	struct agents agents;
	struct project p;

	if (not_negative(cx, "limit", &in->limit) < 0 ||
	    not_negative(cx, "active_within_days", &in->active_within_days) < 0 ||
	    project_find(cx, in->project_key.v, &p) < 0)
		return -1;
	since = floor_of(cx, &in->active_within_days);
	limit = limit_of(cx, in->limit.v);
	if (agent_list_active(cx, p.id, limit, &agents) < 0)
		return -1;
	jw_arr(out);
	for (int64_t i = 0; i < (int64_t)agents.n && agents.v[i].last_active_ts >= since; i++)
		write_agent(out, &agents.v[i]);
	jw_end(out);
	return 0;
}

const struct tool tool_list_agents = {
	.op.name = "list_agents",
	.title = "List agents",
	.op.desc = "Agents of a project, last active first.",
	.cluster = "identity",
	.capabilities = "audit,identity",
	OP_PARAMS(params, list_agents_in),
	.op.flags = OP_READ | OP_LIST,
	.flags = TOOL_FIELDS_RARE,
	.cli = "agents",
	.op.row_members = "name|program|model|task_description|inception_ts|last_active_ts|contact_policy|retired_at",
	.op.run = run,
};
