/*
 * auth - may the caller act as this agent, or see this project's mail?
 *
 * agent_auth = trusted: a trusted caller may act for an agent without its token;
 * agent_auth = token: the reference's rules (contract/messaging.md 6.6). A token
 * that is supplied is always checked, also when the session is bound to the
 * agent (decisions 3.7, 3.8, 3.18, 3.38). A session is bound by a token or by
 * registering, not by being trusted. Bindings are written only where cx->db is
 * the write handle.
 */
#ifndef MAIL_AGENT_AUTH_H
#define MAIL_AGENT_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;
struct project;

/*
 * The agent `name` of p, as whom the caller acts: 0, or -1 with the errors of
 * agent_find or AUTHENTICATION_REQUIRED. `label` is the tool's name or the
 * resource's template, `token_param` what its parameter is called
 * ("registration_token", "sender_token", "agent_token").
 */
int auth_agent(struct cx *cx, const struct project *p, struct str name, struct str token, const char *label,
    const char *token_param, struct agent *out);
/* The same for an agent already looked up. */
int auth_known(struct cx *cx, const struct project *p, const struct agent *a, struct str token, const char *label,
    const char *token_param);
/*
 * Who looks: the named agent, else the one this session used last. Trusted
 * callers that are neither named nor bound see the whole project but no bcc:
 * *whole_project is true then and *out is cleared.
 */
int auth_viewer(struct cx *cx, const struct project *p, struct str name, struct str token, const char *label,
    const char *token_param, struct agent *out, bool *whole_project);
/*
 * May the caller change the project itself (archive, delete, windows)? A trusted
 * caller, a session of one of its agents, or the token of any of them, which
 * binds the session to that agent. 0, or -1 with AUTHENTICATION_REQUIRED.
 */
int auth_admin(struct cx *cx, const struct project *p, struct str token, const char *label);
/* agent_auth = trusted, and the caller is (decision 3.8). */
bool auth_trusted(const struct cx *cx);
/* Looks up the agent whom this session used last in p. */
int auth_current(struct cx *cx, const struct project *p, struct agent *out);
/* For writes that concern no single project: a trusted caller, or a session of any agent. 0, or -1 with AUTHENTICATION_REQUIRED. */
int auth_somebody(struct cx *cx, const char *label);
/* Whether the session has proved to be this agent. */
int auth_bound(struct cx *cx, int64_t project_id, int64_t agent_id);
/* Binds the session to an agent that has just registered. Nothing without a session. 0 or -1. */
int auth_bind(struct cx *cx, int64_t project_id, int64_t agent_id);
/* A fresh token: 32 random bytes, base64url. */
struct str auth_token_new(struct cx *cx);

#endif
