/*
 * clock - time as int64_t microseconds.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define USEC INT64_C(1000000)
#define CLOCK_ISO_SIZE 36
/* 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999: what has four digits for its year. */
#define CLOCK_FIRST_US INT64_C(-62135596800000000)
#define CLOCK_LAST_US INT64_C(253402300799999999)

/* Microseconds. */
int64_t clock_wall_us(void); /* since 1970, UTC */
int64_t clock_mono_us(void); /* never goes back */

/* 2025-10-23T07:08:09.123456+00:00, microseconds omitted when zero (contract/messaging.md 6.1). */
size_t clock_iso(char out[CLOCK_ISO_SIZE], int64_t us);
/* 2025-10-23T07:08:09.123456, always naive and microseconds as above (REST of the Rust peer, decision 3.17). */
size_t clock_iso_naive(char out[CLOCK_ISO_SIZE], int64_t us);
/* 2025-10-23T07:08:09.123Z, for logs. */
size_t clock_iso_log(char out[CLOCK_ISO_SIZE], int64_t us);
/* What Python's datetime.fromisoformat takes (3.11), a trailing Z, naive as UTC; false when it is no time, or in UTC not in years 1 to 9999. */
bool clock_parse_iso(struct str s, int64_t *us);

#endif
