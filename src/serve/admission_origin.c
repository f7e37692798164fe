/*
 * admission_origin - compares Host and Origin with the names that are ours, and answers preflights.
 *
 * A page in a browser must not reach a mail server on the same machine, neither by name (DNS
 * rebinding, Host) nor by address (Origin).
 */
#include "serve/admission_origin.h"

#include "conf/conf.h"
#include "net/http.h"
#include "serve/http_error.h"
#include "job/runtime.h"
#include "store/cx.h"

/* "host", "host:port", "[v6]:port" without the port; brackets stay. */
static struct str
without_port(struct str s)
{
	ptrdiff_t at;

	if (s.n > 0 && s.p[0] == '[') {
		at = str_chr(s, ']');
		return at < 0 ? s : str_sub(s, 0, (size_t)at + 1);
	}
	at = str_chr(s, ':');
	return at < 0 ? s : str_sub(s, 0, (size_t)at);
}

static bool
loopback_name(struct str host)
{
	return str_eqc_ci(host, "localhost") || str_eqc(host, "127.0.0.1") || str_eqc(host, "[::1]");
}

static bool
among(const struct str_list *list, struct str host)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq_ci(without_port(list->v[i]), host))
			return true;
	return false;
}

bool
admission_host(struct runtime *rt, struct request *rq, const struct caller *caller)
{
	struct str host = request_header(rq, "Host");

	if (host.p == NULL || rq->peer->unix_socket || (caller->credentials && !rq->peer->loopback))
		return true;
	host = without_port(host);
	if (host.n > 0 && host.p[host.n - 1] == '.')
		host.n--;
	if (loopback_name(host) || among(&rt->conf->listen, host) || among(&rt->conf->allowed_hosts, host))
		return true;
	http_error(rq, 403,
	    "Forbidden: this server does not answer to the Host name it was called by; add it to allowed_hosts");
	return false;
}

static bool
origin_allowed(const struct conf *conf, struct str origin)
{
	struct str host = STR_NONE;

	for (size_t i = 0; i < conf->allowed_origins.n; i++)
		if (!str_eqc(conf->allowed_origins.v[i], "*") && str_eq_ci(conf->allowed_origins.v[i], origin))
			return true;
	if (str_starts_ci(origin, STR("http://")))
		host = str_sub(origin, 7, origin.n);
	else if (str_starts_ci(origin, STR("https://")))
		host = str_sub(origin, 8, origin.n);
	return host.p != NULL && loopback_name(without_port(host));
}

static void
preflight(struct request *rq)
{
	reply_header(rq, "Access-Control-Allow-Methods", STR("GET, POST, PUT, DELETE"));
	reply_header(rq, "Access-Control-Allow-Headers",
	    STR("Authorization, Content-Type, Accept, Idempotency-Key, "
		"Mcp-Session-Id, MCP-Protocol-Version, Mcp-Method, Mcp-Name, X-Agent-Token"));
	reply_header(rq, "Access-Control-Max-Age", STR("600"));
	reply(rq, 204, NULL, NULL);
}

bool
admission_origin(struct runtime *rt, struct request *rq)
{
	struct str origin = request_header(rq, "Origin");

	if (origin.p == NULL)
		return true;
	if (!origin_allowed(rt->conf, origin)) {
		http_error(rq, 403, "Forbidden: this web origin may not call the server; add it to allowed_origins");
		return false;
	}
	reply_header(rq, "Access-Control-Allow-Origin", origin);
	reply_header(rq, "Vary", STR("Origin"));
	if (rq->method == HTTP_OPTIONS && request_header(rq, "Access-Control-Request-Method").p != NULL) {
		preflight(rq);
		return false;
	}
	reply_header(rq, "Access-Control-Expose-Headers", STR("Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate"));
	return true;
}
