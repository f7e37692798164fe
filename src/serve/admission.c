/*
 * admission - finds out who is asking (bearer token, peer, proxy) and lets the request in or answers
 * it.
 *
 * Which names are ours is admission_origin's, how often is admission_rate's. It knows no agent: tokens of
 * agents are checked by mail/.
 */
#include "serve/admission.h"

#include "base/hash.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "net/http.h"
#include "serve/http_error.h"
#include "serve/admission_origin.h"
#include "job/runtime.h"
#include "store/cx.h"

#define PANE_MAX 64

/* Did a proxy hand this on? Then the peer says nothing about the client (decision 3.47). */
static bool
proxied(const struct request *rq)
{
	static const char *const names[] = { "forwarded", "x-real-ip", "via" };

	for (size_t i = 0; i < rq->nheaders; i++) {
		if (str_starts_ci(rq->headers[i].name, STR("x-forwarded-")))
			return true;
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (str_eqc_ci(rq->headers[i].name, names[k]))
				return true;
	}
	return false;
}

/* The token of "Authorization: Bearer <token>", absent without one. */
static struct str
bearer(const struct request *rq)
{
	struct str v = request_header(rq, "Authorization");

	if (!str_starts_ci(v, STR("Bearer ")))
		return STR_NONE;
	return str_trim(str_sub(v, 7, v.n));
}

/* The first X-Tmux-Pane that is % and digits (contract/rest-and-rust-peers.md B.6.5); others are ignored. */
static struct str
pane(const struct request *rq)
{
	size_t k;

	for (size_t i = 0; i < rq->nheaders; i++) {
		struct str v = str_trim(rq->headers[i].value);

		if (!str_eqc_ci(rq->headers[i].name, "X-Tmux-Pane") || v.n < 2 || v.n > PANE_MAX || v.p[0] != '%')
			continue;
		for (k = 1; k < v.n && v.p[k] >= '0' && v.p[k] <= '9'; k++)
			;
		if (k == v.n)
			return v;
	}
	return STR_NONE;
}

static void
identify(struct runtime *rt, struct request *rq, struct caller *caller)
{
	const struct conf *conf = rt->conf;
	struct str token = bearer(rq);
	bool near;

	*caller = (struct caller){ .trusted = false };
	caller->pane = pane(rq);
	caller->window = request_header(rq, "X-Agent-Mail-Window");
	caller->credentials =
	    conf->http_bearer_token.n > 0 && token.p != NULL && hash_equal(token, conf->http_bearer_token);
	near = rq->peer->unix_socket || (rq->peer->loopback && conf->trust_loopback && !proxied(rq));
	caller->trusted = caller->credentials || near;
	if (near && !caller->credentials && token.p != NULL && conf->http_bearer_token.n > 0)
		log_warn("wrong bearer token from a trusted client on this machine, let in: req=%llx",
		    (unsigned long long)rq->id);
}

static void
refuse_credentials(struct runtime *rt, struct request *rq)
{
	counter_add(rt->slot, C_auth_failed_total, 1);
	reply_header(rq, "WWW-Authenticate", STR("Bearer realm=\"agentmail\""));
	http_error(rq, 401,
	    "Unauthorized: set the header 'Authorization: Bearer <token>' with the http_bearer_token of this "
	    "server's configuration, or connect from this machine without a proxy");
}

bool
admission_enter(struct runtime *rt, struct request *rq, unsigned flags, struct caller *caller)
{
	if (rq->caller != NULL) {
		*caller = *rq->caller;
		return true;
	}
	identify(rt, rq, caller);
	if (!admission_origin(rt, rq))
		return false;
	if ((flags & ROUTE_ANY_HOST) == 0 && !admission_host(rt, rq, caller))
		return false;
	if (!caller->trusted && (flags & ROUTE_OPEN) == 0) {
		refuse_credentials(rt, rq);
		return false;
	}
	return (flags & ROUTE_UNLIMITED) != 0 || admission_rate(rt, rq, caller);
}
