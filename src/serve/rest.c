/*
 * rest - one REST request from arguments to answer.
 *
 * Order of the checks (contract/rest-and-rust-peers.md A.1): 405, 415, 400 for
 * what is no JSON, 422 for what does not fit, then the operation. The first
 * ones are answered as text, as the Rust server does; failures of the operation
 * have the error object.
 */
#include "serve/rest.h"

#include "conf/conf.h"
#include "job/operation_job.h"
#include "job/runtime.h"
#include "net/http.h"
#include "rest/rest.h"
#include "serve/document.h"
#include "serve/rest_args.h"
#include "serve/rest_error.h"
#include "api/rules.h"

struct rest_call {
	struct request *rq;
	const struct rest_route *route;
};

/* Arguments that are not understood. */
static void
reject(struct request *rq, struct str why)
{
	if (rest_has_body(rq))
		rest_refuse(rq, 422,
		    arena_printf(
			rq->arena, "Failed to deserialize the JSON body into the target type: %" PRIstr, FSTR(why)));
	else
		rest_refuse(rq, 400, arena_printf(rq->arena, "Failed to deserialize query string: %" PRIstr, FSTR(why)));
}

static void
done(struct operation_job *oj, int rc)
{
	const struct rest_call *c = oj->arg;

	if (oj->call.rejected)
		reject(c->rq, oj->job->cx.fail.msg);
	else if (rc != 0)
		rest_error(c->rq, &oj->job->cx);
	else if (c->route->op.document != NULL)
		document_reply(c->rq, &oj->call.document);
	else
		reply(c->rq, 200, TYPE_JSON, &oj->call.value);
}

/* Decision 3.38: with agent_auth = token a route that names no agent wants credentials of the caller itself. */
static bool
may_enter(const struct rest_call *c, struct cx *cx, const struct caller *caller)
{
	if (cx->conf->agent_auth != AGENT_AUTH_TOKEN || caller->credentials || c->rq->peer->unix_socket ||
	    (c->route->flags & REST_OPEN) != 0 || rest_param(c->route, STR("registration_token")) != NULL)
		return true;
	fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s names no agent: with agent_auth = token it needs the server's bearer "
	    "token (Authorization: Bearer ...) or the UNIX socket.",
	    c->route->op.name);
	return false;
}

void
rest_answer(struct runtime *rt, struct request *rq, const struct caller *caller, const struct rest_found *found)
{
	struct operation_input input;
	struct operation_job *oj;
	struct rest_call *c;

	if (found->route == NULL) {
		reply_header(rq, "Allow", found->allow);
		reply(rq, 405, NULL, NULL);
		return;
	}
	rq->label = found->route->op.name;
	c = arena_new(rq->arena, struct rest_call);
	c->rq = rq;
	c->route = found->route;
	oj = operation_job_new(rt, rq->arena, rq->start_us, caller, &c->route->op);
	oj->job->cx.rules = dialect_rules(DIALECT_REST);
	oj->done = done;
	oj->arg = c;
	if (!may_enter(c, &oj->job->cx, caller))
		operation_refuse(oj);
	else if (rest_args(rq, found, &input))
		operation_start(oj, &input);
}
