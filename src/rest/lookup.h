/*
 * lookup - projects and agents that a REST request names, with the texts of REST
 * (contract/rest-and-rust-peers.md A.1). Used by all families of rows.
 */
#ifndef REST_LOOKUP_H
#define REST_LOOKUP_H

#include "base/str.h"

struct agent;
struct cx;
struct project;

/* Looks up a project that must exist, by slug or human_key: 0, or -1 with NOT_FOUND. */
int rest_project(struct cx *cx, struct str key, struct project *out);
/* Looks up an agent that must exist: 0, or -1 with NOT_FOUND and the names near to it. */
int rest_agent(struct cx *cx, const struct project *p, struct str name, struct agent *out);
/* As rest_agent, for the one who acts: its token is checked, too. `label` names the route. */
int rest_actor(
    struct cx *cx, const struct project *p, struct str name, struct str token, const char *label, struct agent *out);
/* rest_project, then rest_actor in it. */
int rest_project_actor(struct cx *cx, struct str key, struct str name, struct str token, const char *label,
    struct project *p, struct agent *out);

#endif
