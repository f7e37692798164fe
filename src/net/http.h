/*
 * http - one request and its answer, as the layers above see them. Answers that
 * go on are in net/http/stream.h.
 *
 * The request and everything in it lives in rq->arena until the answer is
 * written. A handler answers exactly once, at once or later (write operations
 * answer after their commit); a client that has gone makes the answer a no-op.
 */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "net/http/head.h"
#include "net/peer.h"

struct caller;
struct conn;

enum http_method { HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_PATCH, HTTP_DELETE, HTTP_OPTIONS };

/* Who wants to know that the client has gone while its request is not yet answered. */
struct request_gone {
	LIST_ENTRY(request_gone) link;
	void (*fn)(void *arg);
	void *arg;
};

LIST_HEAD(request_gones, request_gone);

struct request {
	struct arena *arena;
	struct conn *conn; /* NULL once the client has gone */
	enum http_method method;
	struct str target; /* as sent */
	struct str path;   /* percent-decoded, without query */
	struct str query;  /* raw, without '?' */
	struct http_header *headers;
	size_t nheaders;
	struct str body; /* without transfer coding */
	unsigned minor;  /* HTTP/1.minor */
	const struct peer *peer;
	uint64_t id;      /* slot and serial number; in hex in the access log and X-Request-Id */
	int64_t start_us; /* monotonic */
	struct request_gones gone;
	const struct caller *caller; /* whom rpc let in when it saw the head; NULL until then, unknown here */
	/* Filled by the layers above for the access log. */
	const char *label; /* route or tool name; static */
	int status;
	struct buf *extra; /* further header lines of the answer; NULL for none */
};

/* Value of the first header of that name, ignoring case; STR_NONE when absent. */
struct str request_header(const struct request *rq, const char *name);
/* Percent-decoded value of a query parameter, STR_NONE when absent; `plus` turns '+' into a space. */
struct str request_query(struct request *rq, const char *name, bool plus);
/* Next pair of a query string; both decoded into rq->arena. False at the end. */
bool request_query_next(struct request *rq, struct str *rest, bool plus, struct str *name, struct str *value);

/*
 * fn(arg) is called once if the client goes before the answer; it must answer,
 * for nobody. While somebody wants to know, a client that closes its sending side
 * counts as gone. Cancelled by whoever goes on with the request.
 */
void request_on_gone(struct request *rq, struct request_gone *g, void (*fn)(void *arg), void *arg);
/* g is told nothing any more; it must have been registered, and not have been told. */
void request_gone_cancel(struct request_gone *g);

/* Adds a header line to the answer; name and value must not hold line breaks (panic). */
void reply_header(struct request *rq, const char *name, struct str value);
/*
 * Answers. `type` NULL means no body at all (202, 204). The body is sent from
 * where it lies: blocks of rq->arena, or borrowed bytes that outlive the process.
 * HEAD sends the headers alone.
 */
void reply(struct request *rq, int status, const char *type, const struct buf *body);
void reply_str(struct request *rq, int status, const char *type, struct str body);    /* copies */
void reply_static(struct request *rq, int status, const char *type, struct str body); /* body lives for ever */
/* After this answer the connection is closed. */
void reply_close(struct request *rq);

#define TYPE_JSON "application/json"
#define TYPE_TEXT "text/plain; charset=utf-8"

#endif
