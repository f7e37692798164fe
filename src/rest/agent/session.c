/*
 * session - REST: an agent begins its work (macro start_session of
 * contract/rest-and-rust-peers.md A.3).
 */
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_session_in {
	struct p_str project_slug, name, model, program;
	struct p_strs patterns;
	struct p_int ttl_seconds;
};

static const struct param params[] = {
	SLUG_PARAM(rest_session_in, project_slug, P_REQUIRED),
	PARAM(rest_session_in, name, P_STR, P_REQUIRED, "Any identifier: letters, digits, '.', '_', '-'"),
	PARAM(rest_session_in, model, P_STR, P_REQUIRED, "Model it uses"),
	PARAM(rest_session_in, program, P_STR, P_REQUIRED, "Program it runs in"),
	PARAM(rest_session_in, patterns, P_STRS, P_REQUIRED, "What it reserves; may be empty"),
	PARAM(rest_session_in, ttl_seconds, P_INT, 0, "Until the reservations expire by themselves", "3600"),
};

static int
start(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_session_in *in = arg;
	struct reserve_request ask = { .paths = in->patterns.v,
		.ttl_seconds = in->ttl_seconds.v,
		.exclusive = true,
		.reason = STR("macro-session") };
	struct reserve_result result = { { NULL, 0 }, NULL, 0 };
	struct project p;
	struct agent_registration registration = {
		.project = &p,
		.name = in->name.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = STR(""),
		.label = "session_start",
	};
	struct agent agent;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || (ask.paths.n > 0 && reserve_check(cx, &ask) < 0) ||
	    agent_create_named(cx, &registration, &agent) < 0 ||
	    (ask.paths.n > 0 && reserve_paths(cx, &p, &agent, &ask, &result) < 0))
		return -1;
	jw_obj(out);
	jw_kint(out, "agent_id", agent.id);
	jw_kstr(out, "agent_name", agent.name);
	jw_karr(out, "reservation_ids");
	for (size_t i = 0; i < result.granted.n; i++)
		jw_int(out, result.granted.v[i].id);
	jw_end(out);
	jw_kcstr(out, "message", "Session started: agent registered and files reserved");
	/* Without its token nobody could act for it. */
	if (cx->conf->agent_auth == AGENT_AUTH_TOKEN)
		jw_kstr(out, "registration_token", agent.registration_token);
	jw_end(out);
	return 0;
}

const struct rest_route rest_session_start = {
	.op.name = "session_start",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/start_session", "/api/macro_start_session"),
	.op.desc = "Registers an agent and reserves files for it",
	OP_PARAMS(params, rest_session_in),
	.op.flags = OP_WRITE,
	.op.run = start,
};
