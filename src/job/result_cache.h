/*
 * result_cache - results of the helper that are still good: the same query within seconds is not sent again (decision
 * 3.55). One per worker.
 */
#ifndef JOB_RESULT_CACHE_H
#define JOB_RESULT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct result_cache;

/* An empty one; result_cache_free frees it with what it keeps and sets *c to NULL. */
struct result_cache *result_cache_new(void);
void result_cache_free(struct result_cache **c);
/* A copy in `arena` of the result that is still good at `now` (monotonic); false without one. */
bool result_cache_find(struct result_cache *c, struct str query, int64_t now, struct arena *arena, struct str *result);
/* Keeps it until `end`. Long ones are not kept, and of many the oldest go. */
void result_cache_keep(struct result_cache *c, struct str query, struct str result, int64_t end);

#endif
