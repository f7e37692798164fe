/*
 * access - one line of log for each answered request, when access_log is on.
 *
 * The path without its query, which may hold tokens.
 */
#ifndef NET_HTTP_ACCESS_H
#define NET_HTTP_ACCESS_H

#include <stdint.h>

struct exchange;

/* Writes the line for the answer in x, which is complete; now_us is monotonic. */
void access_log(const struct exchange *x, int64_t now_us);

#endif
