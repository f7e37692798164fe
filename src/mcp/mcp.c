/*
 * mcp - see mcp.h. The order of checks is that of protocol/mcp.md 2.5: clients
 * and the conformance suite depend on which of two errors is told.
 */
#include "mcp/mcp.h"

#include <string.h>

#include "base/clock.h"
#include "ipc/scoreboard.h"
#include "net/http.h"
#include "serve/http_error.h"
#include "serve/admission.h"
#include "mcp/mcp_post.h"
#include "serve/run.h"
#include "serve/server.h"
#include "serve/timing.h"

#define ALLOW "POST, DELETE"

/* Session of a DELETE: 1, 0, -1 as session_open. */
static int
open_session(struct mcp_post *post, struct str id)
{
	struct cx cx;

	cx_init(&cx, post->rq->arena, post->sv->conf);
	cx.now = clock_wall_us();
	cx.db = post->sv->ro;
	cx.caller = post->caller;
	return session_open(&cx, post->sv, id, &post->session);
}

static void
answer_alone(struct mcp_post *post, int status, struct jr id, int code, const char *message, struct str data)
{
	struct buf body;
	struct jw w;

	buf_init(&body, post->rq->arena);
	jw_init(&w, &body, JW_COMPACT);
	rpc_error(&w, id, code, str_c(message), data, post->rq->arena);
	reply(post->rq, status, TYPE_JSON, &body);
	timing_add(post->sv, post->sv->prepared->mcp_timing, post->rq->start_us, true);
}

void
mcp_refuse(struct mcp_post *post, int status, struct jr id, int code, const char *message)
{
	answer_alone(post, status, id, code, message, STR_NONE);
}

static int
end_run(struct job *job)
{
	return session_end(&job->cx, job->cx.caller.session);
}

static void
end_done(struct job *job, int rc)
{
	if (rc != 0) {
		detail(job->rq, err_http(job->cx.fail.code), "%" PRIstr, FSTR(job->cx.fail.msg));
		return;
	}
	counter_add(job->sv->slot, C_sessions_ended_total, 1);
	reply(job->rq, 204, NULL, NULL);
}

static void
end_session(struct mcp_post *post)
{
	struct str id = request_header(post->rq, "Mcp-Session-Id");
	struct job *job;
	int rc;

	if (id.p == NULL) {
		detail_method(post->rq, ALLOW);
		return;
	}
	if ((rc = open_session(post, id)) <= 0) {
		mcp_refuse(post, rc < 0 ? 503 : 404, JR_NONE, rc < 0 ? RPC_INTERNAL_ERROR : RPC_INVALID_REQUEST,
		    rc < 0 ? "The session could not be read" : "Session not found");
		return;
	}
	post->caller.session = post->session.key;
	job = job_new(post->sv, post->rq, &post->caller);
	job->write = true;
	job->run = end_run;
	job->done = end_done;
	job_start(job);
}

/* Legacy requests may belong to a session; false: answered. */
bool
mcp_enter_session(struct mcp_post *post, struct jr id)
{
	struct str session = request_header(post->rq, "Mcp-Session-Id");
	int rc;

	if (session.p == NULL)
		return true;
	if ((rc = open_session(post, session)) > 0) {
		post->in_session = true;
		post->version = (enum mcp_version)post->session.version;
		post->caller.session = post->session.key;
		return true;
	}
	if (rc < 0)
		mcp_refuse(post, 503, id, RPC_INTERNAL_ERROR, "The session could not be read: try again");
	else
		mcp_refuse(post, 404, id, RPC_INVALID_REQUEST, "Session not found: initialize again");
	return false;
}

static bool
is_json(struct str type)
{
	ptrdiff_t semicolon = str_chr(type, ';');

	if (semicolon >= 0)
		type = str_sub(type, 0, (size_t)semicolon);
	type = str_trim(type);
	return str_eqc_ci(type, "application/json") ||
	    (str_starts_ci(type, STR("application/")) && type.n > 5 && str_eqc_ci(str_sub(type, type.n - 5, 5), "+json"));
}

static void
take_post(struct mcp_post *post)
{
	struct str type = request_header(post->rq, "Content-Type");
	struct jr_error err;
	struct jr body;

	if (type.p != NULL && !is_json(type)) {
		detail(post->rq, 415, "Unsupported Media Type: the body must be application/json");
		return;
	}
	if (!jr_parse(post->rq->arena, post->rq->body, &body, &err)) {
		answer_alone(post, 400, JR_NONE, RPC_PARSE_ERROR,
		    arena_printf(post->rq->arena, "Parse error: %s at byte %zu", err.why, err.offset).p, STR_NONE);
		return;
	}
	if (body.type == JR_ARR)
		mcp_post_batch(post, body);
	else
		mcp_post_single(post, body);
}

void
mcp_handle(struct server *sv, struct request *rq, const struct caller *caller)
{
	struct mcp_post *post = arena_new(rq->arena, struct mcp_post);

	post->sv = sv;
	post->rq = rq;
	post->caller = *caller;
	post->version = MCP_UNNAMED;
	rq->what = "mcp";
	if (rq->method == HTTP_POST)
		take_post(post);
	else if (rq->method == HTTP_DELETE)
		end_session(post);
	else
		detail_method(rq, ALLOW);
}
