/*
 * shape - projects and agents as JSON, in the member order of
 * contract/messaging.md 6.8, and the profile that the archive keeps.
 */
#ifndef VIEW_SHAPE_H
#define VIEW_SHAPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "base/str.h"

struct agent;
struct project;

/* Each writes one object. */
void shape_project(struct jw *w, const struct project *p);
void shape_agent(struct jw *w, const struct agent *a);
/* Members of the same objects, inside an object that the caller has opened and goes on with. */
void shape_project_members(struct jw *w, const struct project *p);
void shape_agent_members(struct jw *w, const struct agent *a);
/* Content of agents/<Name>/profile.json: sorted keys, indent 2, ASCII, newline at the end; no secrets. */
struct str shape_profile(struct arena *arena, const struct agent *a);

#endif
