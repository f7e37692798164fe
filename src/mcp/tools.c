/*
 * tools - tools/call.
 */
#include "base/clock.h"
#include "ipc/call_log.h"
#include "ipc/shm.h"
#include "net/http.h"
#include "mcp/mcp.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "api/call.h"
#include "tool/profile.h"
#include "tool/registry.h"

struct tool_job {
	struct mcp_call *mcp;
	struct request_gone gone;
	bool listens;              /* gone is in the request's list */
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
ask(struct job *job, struct buf *question)
{
	struct tool_job *t = job->arg;
	struct jw w;

	jw_init(&w, question, JW_COMPACT);
	return t->call.tool->op.query(&job->cx, t->call.in, &w);
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
	    call_argument(&t->call, t->call.tool->op.project_arg), call_argument(&t->call, t->call.tool->op.agent_arg), took < 0 ? 0 : took > UINT32_MAX ? UINT32_MAX : (uint32_t)took,
	    rc != 0 ? job->cx.fail.code : ERR_NONE, 0 });
}

static void
done(struct job *job, int rc)
{
	note_recent(job, rc);
	answer(job->arg, rc);
}

/* Nobody reads the answer; it is made as cheaply as can be, since every request has one. */
static void
client_gone(void *arg)
{
	struct job *job = arg;
	struct tool_job *t = job->arg;

	t->listens = false;
	job_cancel(job, ERR_TIMEOUT, "The client went away.");
}

static void
parked(struct job *job, bool waits)
{
	struct tool_job *t = job->arg;

	if (waits)
		request_on_gone(t->mcp->post->rq, &t->gone, client_gone, job);
	else if (t->listens)
		request_gone_cancel(&t->gone);
	t->listens = waits;
}

static void
unknown(struct mcp_call *mcp, struct str name)
{
	struct job *job = job_new(mcp->post->rt, mcp->post->rq->arena, mcp->post->rq->start_us, &mcp->post->caller);
	struct jw *w;

	if (mcp_revisions[mcp->post->version].modern) {
		mcp_fail(mcp, RPC_INVALID_PARAMS, arena_printf(mcp->post->rq->arena, "Unknown tool: %" PRIstr,
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
	if (tool == NULL || !profile_offers(mcp->post->rt->conf, tool)) {
		unknown(mcp, name);
		return;
	}
	mcp->post->rq->what = tool->op.name;
	t = arena_new(mcp->post->rq->arena, struct tool_job);
	t->mcp = mcp;
	job = job_new(mcp->post->rt, mcp->post->rq->arena, mcp->post->rq->start_us, &mcp->post->caller);
	t->call.cx = &job->cx;
	t->call.tool = tool;
	job->timing = timing_tool(tool);
	if (profile_allows(&job->cx, tool, jr_get(jr_get(mcp->msg.params, "_meta"), "allowed_capabilities")) != 0 ||
	    call_decode(&t->call, &job->cx, tool, DIALECT_MCP, args) != 0) {
		timing_add(mcp->post->rt, job->timing, job->start_us, true);
		answer(t, -1);
		return;
	}
	job->write = call_writes(&t->call);
	job->ask = tool->op.query != NULL ? ask : NULL;
	job->run = run;
	job->done = done;
	job->parked = parked;
	job->arg = t;
	job_start(job);
}
