/*
 * tools - tools/call: finds the tool, decodes, runs it as a job, notes the call, and answers
 * with its result.
 *
 * A tool that fails is a result with isError; only a call that is none is a JSON-RPC error.
 */
#include "base/clock.h"
#include "ipc/call_log.h"
#include "ipc/shm.h"
#include "mcp/mcp.h"
#include "mcp/method.h"
#include "mcp/receive.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "api/call.h"
#include "tool/profile.h"
#include "tool/registry.h"

struct tool_job {
	struct mcp_call *mcp;
	struct call call;
};

static void
meta(const void *arg, struct jw *w)
{
	call_meta(arg, w);
}

static void
answer(struct tool_job *t, int rc)
{
	struct jw *w = mcp_begin(t->mcp);

	call_result(&t->call, rc, w);
	mcp_end(t->mcp, call_has_meta(&t->call, rc) ? meta : NULL, &t->call);
}

static int
query(struct job *job, struct buf *out)
{
	struct tool_job *t = job->arg;

	return t->call.tool->query(&job->cx, t->call.in, out);
}

static int
run(struct job *job)
{
	struct tool_job *t = job->arg;

	return call_run(&t->call);
}

/* For resource://tooling/recent: what ran, also when it failed. */
static void
note_recent(struct job *job, int rc)
{
	const struct tool_job *t = job->arg;
	int64_t took = clock_mono_us() - job->start_us;

	recent_add(shm_recent(job->rt->shm), &(struct recent_call){ job->cx.now, (unsigned)tool_index(t->call.tool),
	    call_argument(&t->call, t->call.tool->project_arg), call_argument(&t->call, t->call.tool->agent_arg), took < 0 ? 0 : took > UINT32_MAX ? UINT32_MAX : (uint32_t)took,
	    rc != 0 ? job->cx.fail.code : ERR_NONE, 0 });
}

static void
done(struct job *job, int rc)
{
	struct tool_job *t = job->arg;

	note_recent(job, rc);
	if (rc != 0 && job->cx.fail.code == ERR_CANCELLED)
		mcp_cancelled(t->mcp);
	else
		answer(t, rc);
}

static void
unknown(struct mcp_call *mcp, struct str name)
{
	struct job *job = job_new(mcp->in->peer->mcp->rt, mcp->in->arena, mcp->in->start_us, &mcp->in->peer->caller);
	struct jw *w;

	if (mcp_revisions[mcp->in->peer->version].modern) {
		mcp_fail(mcp, RPC_INVALID_PARAMS, arena_printf(mcp->in->arena, "Unknown tool: %" PRIstr,
		    FSTR(str_cut_chars(name, 128))), STR_NONE);
		return;
	}
	w = mcp_begin(mcp);
	call_unknown(&job->cx, name, w);
	mcp_end(mcp, NULL, NULL);
}

void
mcp_tools_call(struct mcp_call *mcp)
{
	struct str name = jr_str(jr_get(mcp->msg.params, "name"));
	struct jr args = jr_get(mcp->msg.params, "arguments");
	const struct tool *tool = tool_find(name);
	struct tool_job *t;
	struct job *job;

	if (name.p == NULL || (args.type != JR_ABSENT && args.type != JR_NULL && args.type != JR_OBJ)) {
		mcp_bad_params(mcp, "tools/call needs params.name (a string) and params.arguments (an object)");
		return;
	}
	if (tool == NULL || !profile_offers(mcp->in->peer->mcp->rt->conf, tool)) {
		unknown(mcp, name);
		return;
	}
	mcp->in->label = tool->name;
	t = arena_new(mcp->in->arena, struct tool_job);
	t->mcp = mcp;
	job = job_new(mcp->in->peer->mcp->rt, mcp->in->arena, mcp->in->start_us, &mcp->in->peer->caller);
	t->call.cx = &job->cx;
	t->call.tool = tool;
	job->timing = timing_tool(tool);
	if (profile_allows(&job->cx, tool, jr_get(jr_get(mcp->msg.params, "_meta"), "allowed_capabilities")) != 0 ||
	    call_decode(&t->call, &job->cx, tool, DIALECT_MCP, args) != 0) {
		timing_add(mcp->in->peer->mcp->rt, job->timing, job->start_us, true);
		answer(t, -1);
		return;
	}
	job->write = call_writes(&t->call);
	job->query = tool->query != NULL ? query : NULL;
	job->run = run;
	job->done = done;
	job->arg = t;
	mcp->job = job;
	job_start(job);
}
