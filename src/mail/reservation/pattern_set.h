/*
 * pattern_set - many patterns, and which of them meet one more or match a path.
 *
 * The answer is that of pattern_overlap or pattern_match with each of them,
 * found without comparing most: by the text that stands before the first
 * wildcard, and by the names of single segments. For reserve.c,
 * reserve_conflicts.c and the guard.
 */
#ifndef MAIL_RESERVATION_PATTERN_SET_H
#define MAIL_RESERVATION_PATTERN_SET_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct pattern;
struct pattern_set;

/* Makes a set of the patterns v[0..n), leaving out NULL ones; they must outlive the set, which lives in `a`. */
struct pattern_set *pattern_set_new(struct arena *a, const struct pattern *const *v, size_t n);
/* Indexes of those that meet `wanted`, ascending, *n of them; valid until the next call. */
const uint32_t *pattern_set_meeting(struct pattern_set *set, const struct pattern *wanted, size_t *n);
/* As pattern_set_meeting, of those that match `path`. */
const uint32_t *pattern_set_matching(struct pattern_set *set, struct str path, size_t *n);

#endif
