/*
 * agent - REST: agents (contract/rest-and-rust-peers.md A.2, A.3).
 */
#include "mail/agent/agent.h"

#include "conf/conf.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "view/shape.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "store/stmt.h"

#define NAME_TRIES 1024

struct register_in {
	struct p_str project_slug, name, program, model, task_description;
};

static const struct param register_params[] = {
	SLUG_PARAM(register_in, project_slug, P_REQUIRED),
	PARAM(register_in, name, P_STR, P_REQUIRED, "Any identifier: letters, digits, '.', '_', '-'"),
	PARAM(register_in, program, P_STR, P_REQUIRED, "Program it runs in"),
	PARAM(register_in, model, P_STR, P_REQUIRED, "Model it uses"),
	PARAM(register_in, task_description, P_STR, 0, "What it works on", "\"\""),
};

static int
register_agent(struct cx *cx, const void *arg, struct jw *out)
{
	const struct register_in *in = arg;
	struct project p;
	struct agent_registration registration = {
		.project = &p,
		.name = in->name.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v,
		.label = "agent_register",
	};
	struct agent agent;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || agent_create_named(cx, &registration, &agent) < 0)
		return -1;
	jw_obj(out);
	rest_agent_members(out, &agent, true);
	/* Without its token nobody could act for it. */
	if (cx->conf->agent_auth == AGENT_AUTH_TOKEN)
		jw_kstr(out, "registration_token", agent.registration_token);
	jw_end(out);
	return 0;
}

const struct rest_route rest_agent_register = {
	.op.name = "agent_register",
	.method = "POST",
	.paths = REST_PATHS("/api/agent/register", "/api/register_agent"),
	.op.desc = "Makes an agent of exactly this name; 409 when it exists",
	OP_PARAMS(register_params, register_in),
	.op.flags = OP_WRITE,
	.op.run = register_agent,
};

struct rest_agent_named_in {
	struct p_str project_slug, agent_name, registration_token;
};

static const struct param named_params[] = {
	SLUG_PARAM(rest_agent_named_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_agent_named_in, agent_name, P_REQUIRED, "Name of the agent"),
	SECRET_PARAM(rest_agent_named_in, registration_token, 0, "Its token"),
};

static void
write_whois(struct jw *out, const struct project *p, const struct agent *a)
{
	rest_agent_members(out, a, false);
	jw_kstr(out, "attachments_policy", a->attachments_policy);
	jw_kstr(out, "contact_policy", a->contact_policy);
	jw_kstr(out, "project_slug", p->slug);
	jw_kstr(out, "project_human_key", p->human_key);
}

static int
whois(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_agent_named_in *in = arg;
	struct project p;
	struct agent agent;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "agent_whois", &p, &agent) < 0)
		return -1;
	jw_obj(out);
	write_whois(out, &p, &agent);
	jw_end(out);
	return 0;
}

const struct rest_route rest_agent_whois = {
	.op.name = "agent_whois",
	.method = "POST",
	.paths = REST_PATHS("/api/agent/whois", "/api/whois"),
	.op.desc = "Who an agent is",
	OP_PARAMS(named_params, rest_agent_named_in),
	.op.flags = OP_READ,
	.op.run = whois,
};

static int
kcount(struct cx *cx, struct jw *out, const char *key, enum stmt_id id, int64_t agent_id)
{
	struct stmt *s = stmt_get(cx->db, id);
	int64_t n = 0;

	stmt_bind_int(s, 1, agent_id);
	if (id == STMT_REST_COUNT_RESERVED)
		stmt_bind_time(s, 2, cx->now);
	if (stmt_run_int(cx, s, &n) < 0)
		return -1;
	jw_kint(out, key, n);
	return 0;
}

static int
profile(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_agent_named_in *in = arg;
	struct project p;
	struct agent agent;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "agent_profile", &p, &agent) < 0)
		return -1;
	jw_obj(out);
	write_whois(out, &p, &agent);
	if (kcount(cx, out, "message_count_sent", STMT_REST_COUNT_SENT, agent.id) < 0 ||
	    kcount(cx, out, "message_count_received", STMT_REST_COUNT_RECEIVED, agent.id) < 0 ||
	    kcount(cx, out, "active_reservations", STMT_REST_COUNT_RESERVED, agent.id) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct rest_route rest_agent_profile = {
	.op.name = "agent_profile",
	.method = "POST",
	.paths = REST_PATHS("/api/agent/profile", "/api/get_agent_profile", "/api/agent_profile"),
	.op.desc = "Who an agent is, and how much mail and how many reservations it has",
	OP_PARAMS(named_params, rest_agent_named_in),
	.op.flags = OP_READ,
	.op.run = profile,
};

struct suggest_in {
	struct p_str project_slug, hint;
};

static const struct param suggest_params[] = {
	SLUG_PARAM(suggest_in, project_slug, P_REQUIRED),
	PARAM(suggest_in, hint, P_STR, 0, "A name that would be liked"),
};

/* Whether nobody has that name. */
static int
is_free(struct cx *cx, const struct project *p, struct str name)
{
	struct agent other;
	int rc = agent_lookup_exact(cx, p->id, name, &other);

	return rc < 0 ? -1 : rc == 0;
}

static int
free_name(struct cx *cx, const struct project *p, struct str *out)
{
	int rc = 0;

	for (int tries = 0; rc == 0 && tries < NAME_TRIES; tries++) {
		*out = name_random(cx->arena);
		rc = is_free(cx, p, *out);
	}
	if (rc == 0)
		return fail(
		    cx, ERR_RESOURCE_EXHAUSTED, "No free name was found in %d tries: choose one yourself", NAME_TRIES);
	return rc < 0 ? -1 : 0;
}

/* Proposes names; nothing is registered. */
static int
suggest(struct cx *cx, const void *arg, struct jw *out)
{
	const struct suggest_in *in = arg;
	struct str name = in->hint.v;
	struct project p;
	int rc = 0;

	if (rest_project(cx, in->project_slug.v, &p) < 0)
		return -1;
	if (name.p != NULL && name_is_identifier(name) && (rc = is_free(cx, &p, name)) < 0)
		return -1;
	if (rc == 0 && free_name(cx, &p, &name) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "suggested_name", name);
	jw_karr(out, "alternatives");
	for (int i = 0; i < 5; i++) {
		if (free_name(cx, &p, &name) < 0)
			return -1;
		jw_str(out, name);
	}
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct rest_route rest_agent_suggest = {
	.op.name = "agent_suggest",
	.method = "POST",
	.paths = REST_PATHS("/api/agent/create_identity", "/api/create_agent_identity"),
	.op.desc = "Proposes free names; registers nothing",
	OP_PARAMS(suggest_params, suggest_in),
	.op.flags = OP_READ,
	.op.run = suggest,
};
