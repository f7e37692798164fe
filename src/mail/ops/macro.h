/*
 * macro - several operations as one: all of it, or none.
 */
#ifndef MAIL_OPS_MACRO_H
#define MAIL_OPS_MACRO_H

#include <stdbool.h>

#include "base/str.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"

struct cx;

struct macro_start {
	struct str human_key; /* may be a bare name */
	struct str program, model, task_description;
	struct str agent_name, token; /* absent: a new name */
	bool reaper_exempt, has_reaper_exempt;
	bool reserve; /* `ask` was given */
	struct reserve_request ask;
};

struct macro_started {
	struct project project;
	struct agent agent;
	struct reserve_result reserved; /* empty without `reserve` */
};

/* macro_start_session up to the inbox (contract/messaging.md 15.1): project, agent, reservations. 0 or -1. */
int macro_start_session(struct cx *cx, const struct macro_start *in, struct macro_started *out);

struct macro_prepare {
	struct str project_key;
	struct str program, model, task_description; /* looked at only when registering */
	struct str agent_name, token;                /* absent: a new name */
	bool registers;                              /* else the agent must exist */
};

/* macro_prepare_thread up to the thread (contract/messaging.md 15.2): the project, which must exist, and the agent. 0 or -1. */
int macro_prepare_thread(struct cx *cx, const struct macro_prepare *in, struct project *p, struct agent *a);
/* Who would read, before anything is written; 0 for an agent that is yet to be made. */
int macro_prepare_reader(struct cx *cx, const struct macro_prepare *in, struct project *p, struct agent *a);

#endif
