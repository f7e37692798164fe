/*
 * target - request targets and query strings (RFC 9112 section 3.2).
 */
#ifndef NET_HTTP_TARGET_H
#define NET_HTTP_TARGET_H

#include "base/arena.h"
#include "base/str.h"
#include "net/http.h"
#include "net/http/head.h"

/*
 * Splits the target: the path percent-decoded exactly once (copied into `a` only
 * if it has escapes), the query raw. An absolute target must name the host that
 * `host` names. 0, or -1 with *bad.
 */
int http_target(struct arena *a, enum http_method method, struct str target, struct str host, struct str *path,
    struct str *query, struct http_bad *bad);

#endif
