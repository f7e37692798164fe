/*
 * resources - resources/read. Failures are JSON-RPC errors whose text holds
 * the reference's phrases and whose data tells the type (decision 3.26).
 */
#include "base/clock.h"
#include "net/http.h"
#include "resource/uri.h"
#include "mcp/mcp.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"

struct read_job {
	struct mcp_call *mcp;
	struct resource_call call;
};

/* {"uri":...} and, where there is one, the failure. */
static struct str
error_data(struct mcp_call *mcp, struct str shown, struct fail *failure)
{
	struct buf data;
	struct jw w;

	buf_init(&data, mcp->post->rq->arena);
	jw_init(&w, &data, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "uri", shown);
	if (failure != NULL) {
		jw_key(&w, "error");
		fail_write(failure, &w);
	}
	jw_end(&w);
	return buf_flat(&data);
}

static int
error_code(const struct mcp_call *mcp, const struct fail *failure)
{
	if (failure != NULL && err_http(failure->code) >= 500)
		return RPC_INTERNAL_ERROR;
	return mcp_revisions[mcp->post->version].modern ? RPC_INVALID_PARAMS : RPC_RESOURCE_NOT_FOUND;
}

static void
failed(struct read_job *r, struct fail *failure)
{
	struct arena *a = r->mcp->post->rq->arena;
	struct str shown = resource_uri_shown(a, r->call.uri);

	mcp_fail(r->mcp, error_code(r->mcp, failure), arena_printf(a, "Error reading resource %s'%" PRIstr "': %" PRIstr,
	    resource_is_template(r->call.row) ? "from template " : "", FSTR(shown), FSTR(failure->msg)),
	    error_data(r->mcp, shown, failure));
}

static void
answer(struct read_job *r)
{
	struct jw *w = mcp_begin(r->mcp);

	jw_karr(w, "contents");
	jw_obj(w);
	jw_kstr(w, "uri", r->call.uri);
	jw_kc(w, "mimeType", "application/json");
	jw_key(w, "text");
	jw_quoted_buf(w, &r->call.value);
	jw_end(w);
	jw_end(w);
	if (mcp_revisions[r->mcp->post->version].modern) {
		jw_kint(w, "ttlMs", 0);
		jw_kc(w, "cacheScope", "private");
	}
	mcp_end(r->mcp, NULL, NULL);
}

static int
run(struct job *job)
{
	struct read_job *r = job->arg;

	if (resource_decode(&job->cx, &r->call) != 0)
		return -1;
	return resource_run(&job->cx, &r->call);
}

static int
ask(struct job *job, struct buf *question)
{
	struct read_job *r = job->arg;
	struct jw w;

	if (resource_decode(&job->cx, &r->call) != 0)
		return -1;
	jw_init(&w, question, JW_COMPACT);
	return r->call.row->op.query(&job->cx, r->call.in, &w);
}

static void
done(struct job *job, int rc)
{
	if (rc == 0)
		answer(job->arg);
	else
		failed(job->arg, &job->cx.fail);
}

void
mcp_resources_read(struct mcp_call *mcp)
{
	struct str uri = jr_str(jr_get(mcp->msg.params, "uri")), shown;
	struct arena *a = mcp->post->rq->arena;
	struct read_job *r;
	struct job *job;

	if (!resource_uri_ok(uri)) {
		mcp_bad_params(mcp, "resources/read needs params.uri (a URI such as resource://projects)");
		return;
	}
	r = arena_new(a, struct read_job);
	r->mcp = mcp;
	if (!resource_match(a, uri, &r->call)) {
		shown = resource_uri_shown(a, uri);
		mcp_fail(mcp, error_code(mcp, NULL), arena_printf(a, "Unknown resource: '%" PRIstr "'", FSTR(shown)),
		    error_data(mcp, shown, NULL));
		return;
	}
	mcp->post->rq->what = r->call.row->op.name;
	job = job_new(mcp->post->rt, mcp->post->rq->arena, mcp->post->rq->start_us, &mcp->post->caller);
	job->timing = timing_resource(r->call.row);
	job->ask = r->call.row->op.query != NULL ? ask : NULL;
	job->ask_keep_us = r->call.row->op.query_keep * USEC;
	job->run = run;
	job->done = done;
	job->arg = r;
	job_start(job);
}
