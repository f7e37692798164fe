/*
 * shape - projects and agents as JSON of the MCP tools (contract/messaging.md 6.8)
 * and of REST (contract/rest-and-rust-peers.md A.2), in the member order of each.
 * How times look is the style of the writer.
 */
#ifndef VIEW_SHAPE_H
#define VIEW_SHAPE_H

#include <stdbool.h>

#include "base/json_write.h"

struct agent;
struct project;

/* Each writes one object. */
void shape_project(struct jw *w, const struct project *p);
void shape_agent(struct jw *w, const struct agent *a);
/* Members of the same objects, inside an object that the caller has opened and goes on with. */
void shape_project_members(struct jw *w, const struct project *p);
void shape_agent_members(struct jw *w, const struct agent *a);
/* The same by REST: a project has no archived_at, an agent neither policy nor retirement, and its project_id, where wanted, comes after the name. */
void rest_project_members(struct jw *w, const struct project *p);
void rest_agent_members(struct jw *w, const struct agent *a, bool project_id);

#endif
