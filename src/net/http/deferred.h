/*
 * deferred - a request whose answer comes much later: while it waits it holds neither exchange nor arena, only what it
 * takes to answer on its connection.
 *
 * Used by whoever parks requests (serve/mcp_http.c). What the request said must have been saved by its owner before: it
 * comes back as a request with method, path and id, but without headers and body.
 */
#ifndef NET_HTTP_DEFERRED_H
#define NET_HTTP_DEFERRED_H

#include <stdbool.h>

struct deferred;
struct request;

/*
 * Can rq be deferred? Not when its client has gone, when somebody listens for that (request_on_gone), or when bytes behind
 * it have been read already.
 */
bool request_deferrable(const struct request *rq);
/*
 * Defers rq, which is not answered and must be deferrable. rq and its arena live until its handler returns, or until this
 * returns when that has returned before. `gone` is called when the client goes first; the deferred is no more then.
 */
struct deferred *request_defer(struct request *rq, void (*gone)(void *arg), void *arg);
/* Goes on: fn(arg, rq) is a handler as of a request that has just come, and answers it now or later. d is freed. */
void deferred_resume(struct deferred *d, void (*fn)(void *arg, struct request *rq), void *arg);

#endif
