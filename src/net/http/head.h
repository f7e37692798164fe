/*
 * head - finds the end of a request head, byte by byte as it arrives, takes
 * it apart, and refuses what two servers could read differently: bare CR or LF,
 * folded lines, white space where none belongs. Limits are kept here too.
 *
 * The verdict depends on the bytes alone, never on how they were split. Nothing
 * is copied: every span lies in the bytes that were received.
 */
#ifndef NET_HTTP_HEAD_H
#define NET_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct http_limits {
	size_t line;    /* request line with its CR LF */
	size_t head;    /* header lines together */
	size_t headers; /* their number */
	size_t body;
};

/* Zeroed for each request. */
struct http_head_scan {
	size_t seen;    /* bytes looked at */
	size_t begin;   /* of the line under way */
	size_t line;    /* length of the request line; 0: not yet complete */
	size_t skipped; /* empty lines before it */
	size_t lines;   /* header lines */
};

struct http_bad {
	int status;
	const char *why; /* static text for people */
};

struct http_header {
	struct str name, value; /* value without white space around */
};

struct http_head {
	struct str method, target;
	unsigned minor;              /* HTTP/1.minor */
	struct http_header *headers; /* the caller's array: one for each header line that was scanned */
	size_t nheaders;
};

/*
 * Goes on with p[0..n), the bytes of the request so far. 1 when the head is
 * complete (scan->seen bytes, the first scan->skipped of them to be ignored),
 * 0 when more is needed, -1 with *bad.
 */
int http_head_scan(
    struct http_head_scan *scan, const char *p, size_t n, const struct http_limits *lim, struct http_bad *bad);

/* Takes "METHOD SP target SP HTTP/1.x" apart, without its CR LF; 0, or -1 with *bad. */
int http_request_line(struct http_head *h, struct str line, struct http_bad *bad);
/*
 * Takes the header lines apart, which http_head_scan has passed: from behind the
 * request line to the empty line at the end, included. 0, or -1 with *bad.
 */
int http_header_lines(struct http_head *h, struct str lines, struct http_bad *bad);

/* Characters of a field name or method (RFC 9110 5.6.2). */
bool http_token(struct str s);
/* Without the spaces and tabs around it: no other white space counts in HTTP. */
struct str http_ows(struct str s);

#endif
