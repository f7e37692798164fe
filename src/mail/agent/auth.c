/*
 * auth - tokens and session bindings. Every tool and resource that acts as an
 * agent or looks into mail comes through here.
 */
#include "mail/agent/auth.h"

#include "base/hash.h"
#include "base/rng.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/stmt.h"

#define TOKEN_BYTES 32
/* A binding's time is noted anew only when it is so old: not every request of a session is to write a row. */
#define TOUCH_AFTER (60 * INT64_C(1000000))

bool
auth_trusted(const struct cx *cx)
{
	return cx->conf->agent_auth == AGENT_AUTH_TRUSTED && cx->caller.trusted;
}

static int64_t
oldest(const struct cx *cx)
{
	return cx->now - cx->conf->session_ttl;
}

struct str
auth_token_new(struct cx *cx)
{
	unsigned char bytes[TOKEN_BYTES];

	rng_bytes(bytes, sizeof(bytes));
	return hash_base64url(cx->arena, bytes, sizeof(bytes));
}

/* Whether the session is bound to the agent; *fresh when it is the current agent and was touched lately. */
static int
binding(struct cx *cx, int64_t project_id, int64_t agent_id, bool *fresh)
{
	struct stmt *s;
	int rc;

	*fresh = false;
	if (cx->caller.session.p == NULL)
		return 0;
	s = stmt_get(cx->db, STMT_BINDING_GET);
	stmt_bind_blob(s, 1, cx->caller.session);
	stmt_bind_int(s, 2, project_id);
	stmt_bind_int(s, 3, agent_id);
	stmt_bind_int(s, 4, oldest(cx));
	if ((rc = stmt_step(cx, s)) > 0)
		*fresh = stmt_int(s, 0) != 0 && cx->now - stmt_int(s, 1) < TOUCH_AFTER;
	stmt_done(s);
	return rc;
}

int
auth_bound(struct cx *cx, int64_t project_id, int64_t agent_id)
{
	bool fresh;

	return binding(cx, project_id, agent_id, &fresh);
}

int
auth_bind(struct cx *cx, int64_t project_id, int64_t agent_id)
{
	struct stmt *s;

	if (cx->caller.session.p == NULL || !db_writable(cx->db))
		return 0;
	s = stmt_get(cx->db, STMT_BINDING_UNSET_OTHERS);
	stmt_bind_blob(s, 1, cx->caller.session);
	stmt_bind_int(s, 2, project_id);
	stmt_bind_int(s, 3, agent_id);
	if (stmt_run(cx, s) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_BINDING_SET);
	stmt_bind_blob(s, 1, cx->caller.session);
	stmt_bind_int(s, 2, project_id);
	stmt_bind_int(s, 3, agent_id);
	stmt_bind_time(s, 4, cx->now);
	return stmt_run(cx, s);
}

static int
deny_agent(struct cx *cx, const struct project *p, const struct agent *a, const char *token_param)
{
	struct jw *w = fail_data(cx);

	jw_kstr(w, "agent_name", a->name);
	jw_kstr(w, "project_key", p->human_key);
	jw_kcstr(w, "token_param", token_param);
	return -1;
}

static int
deny_without_token(struct cx *cx, const struct project *p, const struct agent *a, const char *label)
{
	struct jw *w;

	fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "Agent '%" PRIstr "' does not have a registration token, so %s cannot be authenticated. Register it with "
	    "register_agent (without registration_token) to give it one.",
	    FSTR(a->name), label);
	w = fail_data(cx);
	jw_kstr(w, "agent_name", a->name);
	jw_kstr(w, "project_key", p->human_key);
	jw_kcstr(w, "action", label);
	return -1;
}

static int
check_token(struct cx *cx, const struct project *p, const struct agent *a, struct str token, const char *label,
    const char *token_param)
{
	if (a->registration_token.n == 0)
		return deny_without_token(cx, p, a, label);
	if (hash_equal(token, a->registration_token))
		return 0;
	fail(cx, ERR_AUTHENTICATION_REQUIRED, "Invalid %s for agent '%" PRIstr "'.", token_param, FSTR(a->name));
	return deny_agent(cx, p, a, token_param);
}

int
auth_known(struct cx *cx, const struct project *p, const struct agent *a, struct str token, const char *label,
    const char *token_param)
{
	bool fresh;
	int bound;

	if (token.n > 0 && check_token(cx, p, a, token, label, token_param) < 0)
		return -1;
	if ((bound = binding(cx, p->id, a->id, &fresh)) < 0)
		return -1;
	if (bound > 0 || token.n > 0)
		return fresh ? 0 : auth_bind(cx, p->id, a->id);
	if (auth_trusted(cx))
		return 0;
	if (a->registration_token.n == 0)
		return deny_without_token(cx, p, a, label);
	fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s requires %s for agent '%" PRIstr "', unless this MCP session has already authenticated as that agent.",
	    label, token_param, FSTR(a->name));
	return deny_agent(cx, p, a, token_param);
}

int
auth_agent(struct cx *cx, const struct project *p, struct str name, struct str token, const char *label,
    const char *token_param, struct agent *out)
{
	if (agent_find(cx, p, name, out) < 0)
		return -1;
	return auth_known(cx, p, out, token, label, token_param);
}

/* Looks up the session's current agent in p, or its only one. */
static int
session_agent(struct cx *cx, const struct project *p, int64_t *agent_id)
{
	bool current = false;
	struct stmt *s;
	int rc, n = 0;

	if (cx->caller.session.p == NULL)
		return 0;
	s = stmt_get(cx->db, STMT_BINDING_LIST);
	stmt_bind_blob(s, 1, cx->caller.session);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_int(s, 3, oldest(cx));
	while ((rc = stmt_step(cx, s)) > 0) {
		if (n++ == 0) {
			*agent_id = stmt_int(s, 0);
			current = stmt_int(s, 1) != 0;
		}
	}
	stmt_done(s);
	return rc < 0 ? -1 : current || n == 1;
}

static int
deny_viewer(struct cx *cx, const struct project *p, const char *label, const char *token_param)
{
	struct jw *w;

	fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s requires an authenticated agent for project '%" PRIstr
	    "'. Provide agent_name plus registration_token (or "
	    "agent_token for resources), or authenticate in this session first.",
	    label, FSTR(p->human_key));
	w = fail_data(cx);
	jw_kstr(w, "project_key", p->human_key);
	jw_kcstr(w, "token_param", token_param);
	return -1;
}

int
auth_viewer(struct cx *cx, const struct project *p, struct str name, struct str token, const char *label,
    const char *token_param, struct agent *out, bool *whole_project)
{
	int64_t id = 0;
	int rc;

	*whole_project = false;
	if (!str_blank(name))
		return auth_agent(cx, p, name, token, label, token_param, out);
	*out = (struct agent){ .id = 0 };
	if ((rc = session_agent(cx, p, &id)) > 0)
		rc = agent_by_id(cx, id, out);
	if (rc < 0)
		return -1;
	if (rc > 0)
		return auth_known(cx, p, out, token, label, token_param);
	/* A token without a name cannot be checked, and what is supplied must be. */
	if (token.n > 0 || !auth_trusted(cx))
		return deny_viewer(cx, p, label, token_param);
	*whole_project = true;
	return 0;
}

int
auth_current(struct cx *cx, const struct project *p, struct agent *out)
{
	int64_t id = 0;
	int rc = session_agent(cx, p, &id);

	return rc > 0 ? agent_by_id(cx, id, out) : rc;
}

int
auth_somebody(struct cx *cx, const char *label)
{
	struct stmt *s;
	int64_t one;
	int rc = 0;

	if (auth_trusted(cx))
		return 0;
	if (cx->caller.session.p != NULL) {
		s = stmt_get(cx->db, STMT_BINDING_ANY);
		stmt_bind_blob(s, 1, cx->caller.session);
		stmt_bind_int(s, 2, oldest(cx));
		rc = stmt_run_int(cx, s, &one);
	}
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s requires an authenticated agent. Register or authenticate an agent in this MCP session first.", label);
}

static int
deny_admin(struct cx *cx, const struct project *p, const char *key, const char *value)
{
	struct jw *w = fail_data(cx);

	jw_kstr(w, "project_key", p->human_key);
	jw_kcstr(w, key, value);
	return -1;
}

/* Looks up whose token it is. All of the project's tokens are compared, each in constant time. *any: there are some. */
static int
token_owner(struct cx *cx, const struct project *p, struct str token, int64_t *agent_id, bool *any)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_TOKENS);
	int rc, found = 0;

	*any = false;
	stmt_bind_int(s, 1, p->id);
	while ((rc = stmt_step(cx, s)) > 0) {
		*any = true;
		if (hash_equal(token, stmt_peek(s, 1))) {
			*agent_id = stmt_int(s, 0);
			found = 1;
		}
	}
	stmt_done(s);
	return rc < 0 ? -1 : found;
}

int
auth_admin(struct cx *cx, const struct project *p, struct str token, const char *label)
{
	int64_t id = 0;
	bool any;
	int rc;

	if (token.n == 0) {
		if (auth_trusted(cx))
			return 0;
		if ((rc = session_agent(cx, p, &id)) != 0)
			return rc < 0 ? -1 : auth_bind(cx, p->id, id);
	}
	if ((rc = token_owner(cx, p, token, &id, &any)) != 0)
		return rc < 0 ? -1 : auth_bind(cx, p->id, id);
	if (!any) {
		fail(cx, ERR_AUTHENTICATION_REQUIRED,
		    "%s requires a project registration token, but project '%" PRIstr
		    "' has no token-bearing agents. Register or "
		    "create an agent identity first.",
		    label, FSTR(p->human_key));
		return deny_admin(cx, p, "action", label);
	}
	if (token.n > 0)
		fail(cx, ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token for project '%" PRIstr "'.",
		    FSTR(p->human_key));
	else
		fail(cx, ERR_AUTHENTICATION_REQUIRED,
		    "%s requires registration_token matching a registered agent in project '%" PRIstr "'.", label,
		    FSTR(p->human_key));
	return deny_admin(cx, p, "token_param", "registration_token");
}
