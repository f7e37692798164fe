/*
 * reply - the heads of answers: status lines, the cached Date.
 */
#ifndef NET_HTTP_REPLY_H
#define NET_HTTP_REPLY_H

#include <stdint.h>

#include "base/str.h"

#define HTTP_DATE_SIZE 40

struct http_date {
	int64_t second;            /* of the wall clock, 0: never made */
	char line[HTTP_DATE_SIZE]; /* "Date: Sat, 21 Nov 2026 02:45:48 GMT\r\n" */
	size_t n;
};

/* The header line for this moment; made anew once a second. */
struct str http_date(struct http_date *d, int64_t wall_us);
/* "HTTP/1.1 200 OK\r\n"; codes that we never send are a panic. */
struct str http_status_line(int status);

#endif
