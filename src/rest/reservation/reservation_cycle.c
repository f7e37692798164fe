/*
 * reservation_cycle - REST: reserve or release by a macro, and release by
 * somebody else (contract/rest-and-rust-peers.md A.3).
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_force.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct cycle_in {
	struct p_str project_slug, agent_name, action, registration_token;
	struct p_strs patterns;
	struct p_int ttl_seconds;
};

static const struct param cycle_params[] = {
	SLUG_PARAM(cycle_in, project_slug, P_REQUIRED),
	AGENT_PARAM(cycle_in, agent_name, P_REQUIRED, "Whose reservations"),
	PARAM(cycle_in, patterns, P_STRS, P_REQUIRED, "Files, directories or globs"),
	PARAM(cycle_in, action, P_STR, P_REQUIRED, "reserve or release; anything else does nothing"),
	PARAM(cycle_in, ttl_seconds, P_INT, 0, "Until they expire by themselves", "3600"),
	TOKEN_PARAM(cycle_in, registration_token, 0),
};

static int
cycle(struct cx *cx, const void *arg, struct jw *out)
{
	const struct cycle_in *in = arg;
	struct reserve_request ask = { .paths = in->patterns.v,
		.ttl_seconds = in->ttl_seconds.v,
		.exclusive = true,
		.reason = STR("macro-file_reservation") };
	struct reserve_filter filter = { .by_path = true, .paths = in->patterns.v };
	bool reserve = str_eqc(in->action.v, "reserve") && ask.paths.n > 0;
	struct reserve_result result = { .nconflicts = 0 };
	struct reservations rows = { NULL, 0 };
	struct project p;
	struct agent agent;

	if ((reserve && reserve_check(cx, &ask) < 0) ||
	    rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "reservation_cycle",
		&p, &agent) < 0 ||
	    (reserve && reserve_paths(cx, &p, &agent, &ask, &result) < 0) ||
	    (str_eqc(in->action.v, "release") && reserve_release(cx, &p, &agent, &filter, &rows) < 0))
		return -1;
	if (reserve)
		rows = result.granted;
	jw_obj(out);
	jw_kstr(out, "action", in->action.v);
	jw_kint(out, "affected_count", (int64_t)rows.n);
	jw_karr(out, "ids");
	for (size_t i = 0; i < rows.n; i++)
		jw_int(out, rows.v[i].id);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_cycle = {
	.op.name = "reservation_cycle",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/file_reservation_cycle", "/api/macro_file_reservation_cycle"),
	.op.desc = "Reserves or releases several patterns",
	OP_PARAMS(cycle_params, cycle_in),
	.op.flags = OP_WRITE,
	.op.run = cycle,
};

struct force_in {
	struct p_int reservation_id;
};

static const struct param force_params[] = {
	PARAM(force_in, reservation_id, P_INT, P_REQUIRED, "Whose holder has gone"),
};

/* Names no agent: whoever may use this door decides, as an operator does. */
static int
force(struct cx *cx, const void *arg, struct jw *out)
{
	const struct force_in *in = arg;
	struct reservation r;
	int rc = reserve_drop(cx, in->reservation_id.v, &r);

	if (rc < 0)
		return -1;
	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Reservation not found: %lld", (long long)in->reservation_id.v);
	jw_obj(out);
	jw_kbool(out, "released", true);
	jw_kint(out, "reservation_id", r.id);
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_force = {
	.op.name = "reservation_force",
	.method = "POST",
	.paths = REST_PATHS("/api/file_reservations/force_release", "/api/force_release_file_reservation",
	    "/api/force_release_reservation"),
	.op.desc = "Releases a reservation, whoever holds it",
	OP_PARAMS(force_params, force_in),
	.op.flags = OP_WRITE,
	.op.run = force,
};
