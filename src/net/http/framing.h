/*
 * framing - where a request ends and whether it is one we take, by its
 * headers (RFC 9112 section 6). Whatever two servers on the way could read
 * differently is refused, never repaired.
 */
#ifndef NET_HTTP_FRAMING_H
#define NET_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>

#include "net/http.h"
#include "net/http/head.h"

enum http_body { HTTP_BODY_NONE, HTTP_BODY_LENGTH, HTTP_BODY_CHUNKED };

struct http_framing {
	enum http_method method; /* by http_framing_method */
	enum http_body body;
	size_t length; /* of HTTP_BODY_LENGTH, > 0 */
	bool keep_alive;
	bool expect;     /* the client waits for 100 Continue */
	struct str host; /* STR_NONE when absent, in HTTP/1.0 */
};

/* The method of that name; 0, or -1 with *bad (501) for one that is not in the table. */
int http_framing_method(struct str name, enum http_method *method, struct http_bad *bad);
/* 0, or -1 with *bad; after that the connection is of no use. f->method is the caller's. */
int http_framing(const struct http_head *h, const struct http_limits *lim, struct http_framing *f, struct http_bad *bad);

#endif
