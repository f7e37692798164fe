/*
 * shape - projects and agents as JSON, in the member order of
 * contract/messaging.md 6.8.
 */
#ifndef VIEW_SHAPE_H
#define VIEW_SHAPE_H

#include "base/json_write.h"

struct agent;
struct project;

/* Each writes one object. */
void shape_project(struct jw *w, const struct project *p);
void shape_agent(struct jw *w, const struct agent *a);
/* Members of the same objects, inside an object that the caller has opened and goes on with. */
void shape_project_members(struct jw *w, const struct project *p);
void shape_agent_members(struct jw *w, const struct agent *a);

#endif
