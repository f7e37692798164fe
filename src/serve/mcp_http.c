/*
 * mcp_http - what HTTP says beside the messages: headers in, status lines out. Messages themselves are mcp/'s.
 */
#include "serve/mcp_http.h"

#include <stddef.h>

#include "base/clock.h"
#include "base/hash.h"
#include "ipc/scoreboard.h"
#include "job/job.h"
#include "job/runtime.h"
#include "job/timing.h"
#include "mcp/mcp.h"
#include "mcp/receive.h"
#include "net/http.h"
#include "serve/admission.h"
#include "serve/http_error.h"
#include "serve/mcp_post.h"
#include "serve/media_type.h"

#define ALLOW "POST, DELETE"

struct mcp_post *
mcp_post_of(struct mcp_peer *peer)
{
	return (struct mcp_post *)((char *)peer - offsetof(struct mcp_post, peer));
}

static void
answer(struct mcp_peer *peer, struct mcp_inbound *in, enum mcp_outcome outcome, struct buf *body)
{
	static const int status[] = {
		[MCP_ANSWERED] = 200,
		[MCP_ACCEPTED] = 202,
		[MCP_MALFORMED] = 400,
		[MCP_UNKNOWN_METHOD] = 404,
		[MCP_NO_SESSION] = 404,
		[MCP_UNAVAILABLE] = 503,
		[MCP_CANCELLED] = 200,
	};
	struct mcp_post *post = mcp_post_of(peer);

	if (post->listens)
		request_gone_cancel(&post->gone);
	post->listens = false;
	post->answered = true;
	post->rq->label = in->label;
	reply(post->rq, status[outcome], body != NULL ? TYPE_JSON : NULL, body);
}

/* The reference's classes of requests, each with its own bucket per minute. */
static bool
admit(struct mcp_peer *peer, const struct rpc_message *m)
{
	struct mcp_post *post = mcp_post_of(peer);
	bool tool = str_eqc(m->method, "tools/call");
	bool ok = admission_class(post->rt, post->rq, &peer->caller,
	    tool                                           ? CLASS_TOOL
		: str_starts(m->method, STR("resources/")) ? CLASS_RESOURCE
							   : CLASS_OTHER,
	    tool ? jr_str(jr_get(m->params, "name")) : STR_NONE);

	post->answered |= !ok;
	return ok;
}

/* 1 it is ours and alive, 0 it is not, -1 the database failed. */
static int
find_session(struct mcp_post *post, struct str id)
{
	struct cx cx;

	cx_init(&cx, post->rq->arena, post->rt->conf);
	cx.now = clock_wall_us();
	cx.db = post->rt->ro;
	cx.caller = post->peer.caller;
	return session_open(&cx, post->rt, id, &post->peer.session);
}

/* Revision of a legacy request by its header, if that names one. */
static bool
enter_version(struct mcp_post *post, struct mcp_inbound *in, struct jr id)
{
	struct str header = post->mirror.version;
	int version = mcp_version(header);

	if (header.p == NULL)
		return true;
	if (version < 0 || mcp_revisions[version].modern) {
		mcp_refuse(in, MCP_MALFORMED, id, RPC_INVALID_REQUEST,
		    "Unsupported protocol version in the header MCP-Protocol-Version. "
		    "Supported versions: 2024-11-05, 2025-03-26, 2025-06-18, 2025-11-25; 2026-07-28 with its params._meta");
		return false;
	}
	post->peer.version = (enum mcp_version)version;
	return true;
}

static bool
enter(struct mcp_peer *peer, struct mcp_inbound *in, struct jr id)
{
	struct mcp_post *post = mcp_post_of(peer);
	struct str session = request_header(post->rq, "Mcp-Session-Id");
	int rc;

	if (!enter_version(post, in, id))
		return false;
	if (session.p == NULL)
		return true;
	if ((rc = find_session(post, session)) > 0) {
		peer->in_session = true;
		peer->version = (enum mcp_version)peer->session.version;
		peer->scope = peer->caller.session = peer->session.key;
		return true;
	}
	if (rc < 0)
		mcp_refuse(in, MCP_UNAVAILABLE, id, RPC_INTERNAL_ERROR, "The session could not be read: try again");
	else
		mcp_refuse(in, MCP_NO_SESSION, id, RPC_INVALID_REQUEST, "Session not found: initialize again");
	return false;
}

static void
opened(struct mcp_peer *peer, struct mcp_inbound *in, unsigned caps)
{
	struct mcp_post *post = mcp_post_of(peer);

	reply_header(post->rq, "Mcp-Session-Id",
	    session_issue(post->rt, &peer->caller, peer->version, caps, clock_wall_us(), post->rq->arena));
	counter_add(post->rt->slot, C_sessions_issued_total, 1);
}

const struct mcp_peer_ops mcp_post_ops = {
	.answer = answer, .admit = admit, .enter = enter, .opened = opened, .parker = &mcp_post_parker
};

/* Mcp-Name may be =?base64?...?=. */
static void
mirror_name(struct mcp_post *post)
{
	static const struct str head = LIT("=?base64?"), tail = LIT("?=");
	struct str name = request_header(post->rq, "Mcp-Name"), coded;
	size_t at;

	post->mirror.name = name;
	if (!str_starts(name, head) || !str_ends(name, tail) || name.n < head.n + tail.n)
		return;
	coded = str_sub(name, head.n, name.n - head.n - tail.n);
	post->mirror.name_broken =
	    !hash_base64_decode(post->rq->arena, coded, &post->mirror.name, &at) || !str_utf8_ok(post->mirror.name);
}

static void
read_mirror(struct mcp_post *post)
{
	post->mirror.required = true;
	post->mirror.version = request_header(post->rq, "MCP-Protocol-Version");
	post->mirror.method = request_header(post->rq, "Mcp-Method");
	mirror_name(post);
}

static void
client_gone(void *arg)
{
	struct mcp_post *post = arg;

	post->listens = false;
	mcp_abandon(&post->in);
}

void
mcp_post_listen(struct mcp_post *post)
{
	if (post->answered)
		return;
	post->listens = true;
	request_on_gone(post->rq, &post->gone, client_gone, post);
}

static void
take_post(struct mcp_post *post)
{
	struct request *rq = post->rq;
	struct str type = request_header(rq, "Content-Type");

	if (type.p != NULL && !media_type_is_json(type)) {
		http_error(rq, 415, "Unsupported Media Type: the body must be application/json");
		return;
	}
	read_mirror(post);
	mcp_receive(&post->peer, &post->in, rq->arena, rq->start_us, rq->body, &post->mirror);
	mcp_post_listen(post);
}

static int
end_run(struct job *job)
{
	return session_end(&job->cx, job->cx.caller.session);
}

static void
end_done(struct job *job, int rc)
{
	struct mcp_post *post = job->arg;

	if (rc != 0) {
		http_error(post->rq, err_http(job->cx.fail.code), "%" PRIstr, FSTR(job->cx.fail.msg));
		return;
	}
	counter_add(post->rt->slot, C_sessions_ended_total, 1);
	reply(post->rq, 204, NULL, NULL);
}

/* What mcp_refuse would say, where there is no message. */
static void
refuse_end(struct mcp_post *post, int rc)
{
	struct buf body;
	struct jw w;

	buf_init(&body, post->rq->arena);
	jw_init(&w, &body, JW_COMPACT);
	rpc_error(&w, JR_NONE, rc < 0 ? RPC_INTERNAL_ERROR : RPC_INVALID_REQUEST,
	    rc < 0 ? STR("The session could not be read") : STR("Session not found"), STR_NONE, post->rq->arena);
	reply(post->rq, rc < 0 ? 503 : 404, TYPE_JSON, &body);
	timing_add(post->rt, post->rt->mcp->timing, post->rq->start_us, true);
}

static void
end_session(struct mcp_post *post)
{
	struct str id = request_header(post->rq, "Mcp-Session-Id");
	struct job *job;
	int rc;

	if (id.p == NULL) {
		http_error_method(post->rq, ALLOW);
		return;
	}
	if ((rc = find_session(post, id)) <= 0) {
		refuse_end(post, rc);
		return;
	}
	post->peer.caller.session = post->peer.session.key;
	job = job_new(post->rt, post->rq->arena, post->rq->start_us, &post->peer.caller);
	job->write = true;
	job->run = end_run;
	job->done = end_done;
	job->arg = post;
	job_start(job);
}

void
mcp_http_handle(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct mcp_post *post = arena_new(rq->arena, struct mcp_post);

	mcp_peer_init(&post->peer, rt->mcp, &mcp_post_ops, caller);
	post->rt = rt;
	post->rq = rq;
	rq->label = "mcp";
	if (rq->method == HTTP_POST)
		take_post(post);
	else if (rq->method == HTTP_DELETE)
		end_session(post);
	else
		http_error_method(rq, ALLOW);
}
