/*
 * access - writes the line of one answered request. It never writes the query of a path, which may
 * hold tokens.
 */
#include "net/http/access.h"

#include <inttypes.h>

#include "base/log.h"
#include "net/http/exchange.h"

static const char *const methods[] = {
	[HTTP_GET] = "GET",
	[HTTP_HEAD] = "HEAD",
	[HTTP_POST] = "POST",
	[HTTP_PUT] = "PUT",
	[HTTP_PATCH] = "PATCH",
	[HTTP_DELETE] = "DELETE",
	[HTTP_OPTIONS] = "OPTIONS",
};

void
access_log(const struct exchange *x, int64_t now_us)
{
	const struct request *rq = &x->rq;

	log_info("req=%" PRIx64 " peer=%s method=%s path=\"%" PRIstr "\" what=%s status=%d in=%zu out=%zu us=%" PRId64
		 "%s",
	    rq->id, x->peer.unix_socket ? "unix" : x->peer.addr, methods[rq->method], FSTR(rq->path),
	    rq->label != NULL ? rq->label : "-", rq->status, rq->body.n, x->body_bytes, now_us - rq->start_us,
	    rq->conn == NULL ? " client=gone" : "");
}
