/*
 * result_cache - what the helper has said lately: the same question within seconds is
 * not asked again (decision 3.55). One per worker.
 */
#ifndef JOB_RESULT_CACHE_H
#define JOB_RESULT_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct answers;

struct answers *answers_new(void);
void answers_free(struct answers **a);
/* A copy in `arena` of the answer that is still good at `now` (monotonic); false without one. */
bool answers_find(struct answers *a, struct str question, int64_t now, struct arena *arena, struct str *answer);
/* Keeps it until `end`. Long ones are not kept, and of many the oldest go. */
void answers_keep(struct answers *a, struct str question, struct str answer, int64_t end);

#endif
