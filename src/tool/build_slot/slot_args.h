/*
 * slot_args - what the tools of build slots share: who holds which slot, and the
 * branch that is checked out where none is named.
 */
#ifndef TOOL_BUILD_SLOT_SLOT_ARGS_H
#define TOOL_BUILD_SLOT_SLOT_ARGS_H

#include "mail/build_slot/build_slot.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "tool/tool.h"

/* First member of each tool's arguments. */
struct slot_args {
	struct p_str project_key, agent_name, slot, branch, registration_token;
};

#define SLOT_PARAM(tag, member, flags, desc) PARAM_AT(tag, at.member, #member, P_STR, flags, desc)
#define SLOT_PARAMS_WHO(tag, who) \
	SLOT_PARAM(tag, project_key, P_PROJECT | P_REQUIRED, PROJECT_TEXT), \
	    SLOT_PARAM(tag, agent_name, P_AGENT | P_REQUIRED | P_PLAIN, who), \
	    SLOT_PARAM(tag, slot, P_REQUIRED | P_PLAIN, "Name of the slot, e.g. ci or port-3000")
#define SLOT_PARAMS_BRANCH(tag) \
	SLOT_PARAM(tag, branch, P_RARE, "Git branch; a lease for each; default the one checked out"), \
	    SLOT_PARAM(tag, registration_token, P_SECRET, TOKEN_TEXT)

/* `query` of the tools: the branch that is checked out, where none is given. */
int slot_args_query(struct cx *cx, const void *in, struct buf *out);

struct slot_at {
	struct project project;
	struct agent agent;
	struct build_slot_key key;
};

/* Finds project and agent, authenticates, and checks the slot's name and `seconds` (0: none asked). 0, or -1 with cx->fail. */
int slot_args_open(struct cx *cx, const struct slot_args *in, const char *tool, int64_t seconds, struct slot_at *at);

#endif
