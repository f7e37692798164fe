/*
 * rest_json - values as the Rust server writes them: times without a zone
 * (decision 3.17).
 */
#ifndef VIEW_REST_JSON_H
#define VIEW_REST_JSON_H

#include <stdint.h>

#include "base/json_write.h"

struct agent;
struct project;

/* Writes a key and a time; 0 as null. */
void naive_ktime(struct jw *w, const char *key, int64_t us);
/*
 * Writes members of an open object: id, name, program, model, task_description, inception_ts,
 * last_active_ts; project_id after name where wanted.
 */
void naive_agent(struct jw *w, const struct agent *a, bool project_id);
/* Writes id, slug, human_key, created_at. */
void naive_project(struct jw *w, const struct project *p);

#endif
