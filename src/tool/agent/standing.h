/*
 * standing - what retire_agent, unretire_agent and deregister_agent share: their
 * arguments, and an answer that names whom it was done to.
 */
#ifndef TOOL_AGENT_STANDING_H
#define TOOL_AGENT_STANDING_H

#include "tool/tool.h"

struct agent;

struct standing_in {
	struct p_str project_key, agent_name, registration_token;
};

#define STANDING_PARAMS(whom) \
	PROJECT_PARAM(standing_in, project_key, P_REQUIRED), \
	    AGENT_PARAM(standing_in, agent_name, P_REQUIRED | P_PLAIN, whom), \
	    TOKEN_PARAM(standing_in, registration_token, 0)

/* Finds and authenticates the agent for the tool, changes it, and answers with `status`. 0, or -1 with cx->fail. */
int standing_change(struct cx *cx, const struct standing_in *in, const char *tool,
    int (*change)(struct cx *cx, struct agent *a), const char *status, struct jw *out);

#endif
