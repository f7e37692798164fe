/*
 * tools - tools/call.
 */
#include "base/clock.h"
#include "ipc/call_log.h"
#include "ipc/shm.h"
#include "mcp/mcp.h"
#include "mcp/method.h"
#include "mcp/receive.h"
#include "mcp/tool_result.h"
#include "job/operation_job.h"
#include "job/runtime.h"
#include "tool/profile.h"
#include "tool/registry.h"

struct tool_job {
	struct mcp_call *mcp;
	const struct tool *tool;
};

/* For resource://tooling/recent: what ran, also when it failed. */
static void
note_recent(const struct operation_job *oj, const struct tool *tool, int rc)
{
	const struct job *job = oj->job;
	int64_t took = clock_mono_us() - job->start_us;

	call_log_add(shm_call_log(job->rt->shm),
	    &(struct logged_call){
		.at = job->cx.now,
		.tool = (unsigned)tool_index(tool),
		.project = operation_argument(&oj->call, P_PROJECT),
		.agent = operation_argument(&oj->call, P_AGENT),
		.took_us = took < 0     ? 0
		    : took > UINT32_MAX ? UINT32_MAX
					: (uint32_t)took,
		.error = rc != 0 ? job->cx.fail.code : ERR_NONE,
	    });
}

static void
meta(const void *arg, struct jw *w)
{
	operation_notes(arg, w);
}

static void
done(struct operation_job *oj, int rc)
{
	struct tool_job *t = oj->arg;

	if (oj->call.ready)
		note_recent(oj, t->tool, rc);
	if (rc != 0 && oj->job->cx.fail.code == ERR_CANCELLED) {
		mcp_cancelled(t->mcp);
		return;
	}
	tool_result(&oj->call, rc, mcp_begin(t->mcp));
	mcp_end(t->mcp, tool_result_has_meta(&oj->call, rc) ? meta : NULL, &oj->call);
}

static void
unknown(struct mcp_call *mcp, struct str name)
{
	struct mcp_inbound *in = mcp->in;
	struct job *job = job_new(in->peer->mcp->rt, in->arena, in->start_us, &in->peer->caller);

	if (mcp_revisions[in->peer->version].modern) {
		mcp_fail(mcp, RPC_INVALID_PARAMS,
		    arena_printf(in->arena, "Unknown tool: %" PRIstr, FSTR(str_cut_chars(name, 128))), STR_NONE);
		return;
	}
	tool_result_unknown(&job->cx, name, mcp_begin(mcp));
	mcp_end(mcp, NULL, NULL);
}

void
mcp_tools_call(struct mcp_call *mcp)
{
	struct mcp_inbound *in = mcp->in;
	struct runtime *rt = in->peer->mcp->rt;
	struct str name = jr_str(jr_get(mcp->msg.params, "name"));
	struct jr args = jr_get(mcp->msg.params, "arguments");
	const struct tool *tool = tool_find(name);
	struct operation_job *oj;
	struct tool_job *t;

	if (name.p == NULL || (args.type != JR_ABSENT && args.type != JR_NULL && args.type != JR_OBJ)) {
		mcp_bad_params(mcp, "tools/call needs params.name (a string) and params.arguments (an object)");
		return;
	}
	if (tool == NULL || !profile_offers(rt->conf, tool)) {
		unknown(mcp, name);
		return;
	}
	in->label = tool->op.name;
	t = arena_new(in->arena, struct tool_job);
	t->mcp = mcp;
	t->tool = tool;
	oj = operation_job_new(rt, in->arena, in->start_us, &in->peer->caller, &tool->op);
	mcp->job = oj->job;
	oj->job->owner = in;
	oj->job->parker = in->batch ? NULL : in->peer->ops->parker;
	if (in->again != NULL)
		job_waited(oj->job, in->again->until, in->again->over);
	oj->done = done;
	oj->arg = t;
	if (profile_allows(&oj->job->cx, tool, jr_get(jr_get(mcp->msg.params, "_meta"), "allowed_capabilities")) != 0)
		operation_refuse(oj);
	else
		operation_start(oj, &(struct operation_input){ .dialect = DIALECT_MCP, .args = args });
}
