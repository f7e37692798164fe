/*
 * agent - identities of a project.
 *
 * Names are unique in a project ignoring case, by the schema; every function
 * that writes runs inside a write operation, so that no name is given twice.
 * A name is looked up trimmed and ignoring case, else by its letters and digits
 * if exactly one agent has them (decision 3.39).
 */
#ifndef MAIL_AGENT_AGENT_H
#define MAIL_AGENT_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

struct agent {
	int64_t id, project_id;
	struct str name, program, model, task_description;
	struct str attachments_policy, contact_policy;
	struct str registration_token; /* secret; absent until the first registration (decision 3.11) */
	int64_t inception_ts, last_active_ts, retired_at; /* retired_at 0: not retired */
	bool retired_auto;                                /* by the keeper, for being idle: its next call ends it */
};

struct agents {
	struct agent *v;
	size_t n;
};

/* Looks an agent up by its name; finds retired ones too, deleted ones not. */
int agent_lookup(struct cx *cx, int64_t project_id, struct str name, struct agent *out);
/* Looks up only this very name, ignoring case. For registration. */
int agent_lookup_exact(struct cx *cx, int64_t project_id, struct str name, struct agent *out);
/* The agent that must exist: 0, or -1 with the errors of contract/messaging.md 6.4, lookup. */
int agent_find(struct cx *cx, const struct project *p, struct str name, struct agent *out);
/* Looks an agent up by its id; finds deleted ones too, since mail that others hold keeps its `from`. */
int agent_by_id(struct cx *cx, int64_t id, struct agent *out);

enum agent_order { AGENTS_BY_ID, AGENTS_BY_NAME, AGENTS_BY_ACTIVITY };
/* Lists all agents of a project, retired ones too. 0 or -1. */
int agent_list(struct cx *cx, int64_t project_id, enum agent_order order, struct agents *out);
/* Lists at most `limit` of them, last active first; negative: all. 0 or -1. */
int agent_list_active(struct cx *cx, int64_t project_id, int64_t limit, struct agents *out);
/* Counts the messages that the agent has not read. */
int agent_unread(struct cx *cx, int64_t agent_id, int64_t *out);
/*
 * Notes that the agent was active now, which ends a retirement for being idle. On a read handle
 * nothing is written (decision 3.59). 0 or -1.
 */
int agent_touch(struct cx *cx, int64_t agent_id);
/* Fails with AGENT_RETIRED for an agent that takes no mail any more. 0 or -1. */
int agent_must_not_be_retired(struct cx *cx, const struct agent *a);

/* EMPTY_PROGRAM, EMPTY_MODEL: what MCP registration checks before it looks at the project. */
int agent_check_program(struct cx *cx, struct str program, struct str model);

struct agent_registration {
	const struct project *project;
	struct str name; /* absent: invent one */
	struct str program, model, task_description;
	struct str attachments_policy; /* unknown words count as auto; absent keeps what is stored */
	struct str token;              /* registration_token of an identity that exists */
	const char *label;             /* for texts: "register_agent" */
	bool reaper_exempt, has_reaper_exempt;
};

/*
 * register_agent and macros: takes up an identity, or makes it, by the rules of
 * agent_name_enforcement_mode. An existing one must be authenticated (auth.h)
 * and is updated; it keeps its spelling, policies, token and retirement. Gives
 * a token to who has none, binds the session, sends the profile to the archive.
 * `created` may be NULL. 0, or -1 with cx->fail.
 */
int agent_register(struct cx *cx, const struct agent_registration *in, struct agent *out, bool *created);
/* The agent that agent_register would take up, authenticated; 0 when it would make a new one. Nothing is written. */
int agent_registered(struct cx *cx, const struct agent_registration *in, struct agent *out);
/* An agent that has no token yet gets one (decision 3.11); the caller has authenticated. 0 or -1. */
int agent_give_token(struct cx *cx, struct agent *a);
/* create_agent_identity: always a new one; in->name is a hint, in->token is not looked at. */
int agent_create_identity(struct cx *cx, const struct agent_registration *in, struct agent *out);
/* REST: exactly this name, any identifier; an existing one is CONFLICT, also ignoring case (decision 3.35). */
int agent_create_named(struct cx *cx, const struct agent_registration *in, struct agent *out);
/* For somebody else (request_contact): the name must be a pair or an explicit id; no token, no session. Not to be called when it exists. */
int agent_create_implicit(struct cx *cx, const struct agent_registration *in, struct agent *out);
/* For the daemon itself (escalation): exactly this name, any identifier; no token, no session. Not to be called when it exists. */
int agent_create_service(struct cx *cx, const struct agent_registration *in, struct agent *out);

#endif
