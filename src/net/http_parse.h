/*
 * http_parse - what the library in use makes of one complete request head.
 *
 * Two files implement it, one over http-parser, one over llhttp; the Makefile
 * picks. Both are lenient in places, so the head has passed http_head before
 * (line ends, request line, limits) and http_framing judges lengths and names
 * afterwards. Bodies never come here: as Debian builds http-parser, it does not
 * look at what follows a chunk.
 */
#ifndef NET_HTTP_PARSE_H
#define NET_HTTP_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct http_header {
	struct str name, value;    /* value without white space around */
};

/* Spans lie in the bytes that were parsed. */
struct http_head {
	struct str method, target;
	unsigned minor;                /* HTTP/1.minor */
	struct http_header *headers;   /* room for max, the caller's */
	size_t nheaders, max;
};

/*
 * Fills in target and headers from one head, its empty line included; method and
 * minor are the caller's. False when it is malformed.
 */
bool http_parse(struct http_head *h, struct str bytes);

#endif
