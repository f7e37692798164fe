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

/* Key and time; 0 writes null. */
void naive_ktime(struct jw *w, const char *key, int64_t us);
/* Members of an open object: id, name, program, model, task_description, inception_ts, last_active_ts; project_id after name where wanted. */
void naive_agent(struct jw *w, const struct agent *a, bool project_id);
/* id, slug, human_key, created_at */
void naive_project(struct jw *w, const struct project *p);

#endif
