/*
 * tools - tools/call.
 */
#include "base/clock.h"
#include "ipc/call_log.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "mcp/mcp.h"
#include "mcp/tool_result.h"
#include "job/operation_job.h"
#include "job/runtime.h"
#include "tool/profile.h"
#include "tool/registry.h"

struct tool_job {
	struct mcp_call *mcp;
	const struct tool *tool;
	struct request_gone gone;
	bool listens;              /* gone is in the request's list */
};

/* For resource://tooling/recent: what ran, also when it failed. */
static void
note_recent(const struct operation_job *oj, const struct tool *tool, int rc)
{
	const struct job *job = oj->job;
	int64_t took = clock_mono_us() - job->start_us;

	recent_add(shm_recent(job->rt->shm), &(struct recent_call){
	    .at = job->cx.now,
	    .tool = (unsigned)tool_index(tool),
	    .project = operation_argument(&oj->call, P_PROJECT),
	    .agent = operation_argument(&oj->call, P_AGENT),
	    .took_us = took < 0 ? 0 : took > UINT32_MAX ? UINT32_MAX : (uint32_t)took,
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
	tool_result(&oj->call, rc, mcp_begin(t->mcp));
	mcp_end(t->mcp, tool_result_has_meta(&oj->call, rc) ? meta : NULL, &oj->call);
}

/* Nobody reads the answer; it is made as cheaply as can be, since every request has one. */
static void
client_gone(void *arg)
{
	struct operation_job *oj = arg;

	((struct tool_job *)oj->arg)->listens = false;
	job_cancel(oj->job, ERR_TIMEOUT, "The client went away.");
}

static void
parked(struct job *job, bool waits)
{
	struct operation_job *oj = job->arg;
	struct tool_job *t = oj->arg;

	if (waits)
		request_on_gone(t->mcp->post->rq, &t->gone, client_gone, oj);
	else if (t->listens)
		request_gone_cancel(&t->gone);
	t->listens = waits;
}

static void
unknown(struct mcp_call *mcp, struct str name)
{
	struct mcp_post *post = mcp->post;
	struct job *job = job_new(post->rt, post->rq->arena, post->rq->start_us, &post->caller);

	if (mcp_revisions[post->version].modern) {
		mcp_fail(mcp, RPC_INVALID_PARAMS,
		    arena_printf(post->rq->arena, "Unknown tool: %" PRIstr, FSTR(str_cut_chars(name, 128))), STR_NONE);
		return;
	}
	tool_result_unknown(&job->cx, name, mcp_begin(mcp));
	mcp_end(mcp, NULL, NULL);
}

void
mcp_tools_call(struct mcp_call *mcp)
{
	struct mcp_post *post = mcp->post;
	struct str name = jr_str(jr_get(mcp->msg.params, "name"));
	struct jr args = jr_get(mcp->msg.params, "arguments");
	const struct tool *tool = tool_find(name);
	struct operation_job *oj;
	struct tool_job *t;

	if (name.p == NULL || (args.type != JR_ABSENT && args.type != JR_NULL && args.type != JR_OBJ)) {
		mcp_bad_params(mcp, "tools/call needs params.name (a string) and params.arguments (an object)");
		return;
	}
	if (tool == NULL || !profile_offers(post->rt->conf, tool)) {
		unknown(mcp, name);
		return;
	}
	post->rq->what = tool->op.name;
	t = arena_new(post->rq->arena, struct tool_job);
	t->mcp = mcp;
	t->tool = tool;
	oj = operation_job_new(post->rt, post->rq->arena, post->rq->start_us, &post->caller, &tool->op);
	oj->job->parked = parked;
	oj->done = done;
	oj->arg = t;
	if (profile_allows(&oj->job->cx, tool, jr_get(jr_get(mcp->msg.params, "_meta"), "allowed_capabilities")) != 0)
		operation_refuse(oj);
	else
		operation_start(oj, &(struct operation_input){ .dialect = DIALECT_MCP, .args = args });
}
