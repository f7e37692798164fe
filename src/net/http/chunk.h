/*
 * chunk - decodes a chunked body, strictly (RFC 9112 section 7.1).
 *
 * A size that is not hexadecimal, or a line that does not end in CR LF, is
 * refused: reading past such bytes is how requests are smuggled. Extensions and
 * trailers are checked for form and dropped.
 */
#ifndef NET_HTTP_CHUNK_H
#define NET_HTTP_CHUNK_H

#include <stddef.h>
#include <stdint.h>

#include "net/http/head.h"

/* Zeroed for each body. */
struct http_chunk {
	unsigned char state;
	unsigned char digits; /* of the size under way */
	size_t left;          /* bytes of the chunk still to come; while reading its size: the size */
	size_t total;         /* of all chunks so far */
	size_t extra;         /* bytes of extensions and trailers */
	size_t column;        /* in the trailer line under way */
};

enum http_chunk_rc { HTTP_CHUNK_BAD = -1, HTTP_CHUNK_MORE, HTTP_CHUNK_DATA, HTTP_CHUNK_END };

/*
 * Takes bytes from p[0..n), *used of them. HTTP_CHUNK_DATA: *data (within p) is
 * the next part of the body; call again with the rest. HTTP_CHUNK_MORE: all
 * used. HTTP_CHUNK_END: the body is complete, what follows is the next request.
 */
enum http_chunk_rc http_chunk(struct http_chunk *c, const char *p, size_t n, const struct http_limits *lim,
    size_t *used, struct str *data, struct http_bad *bad);

#endif
