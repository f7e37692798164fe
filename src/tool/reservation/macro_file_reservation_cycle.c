/*
 * macro_file_reservation_cycle - reserve, and at once give back if asked to.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "view/reservation_shape.h"
#include "store/cx.h"
#include "api/queries.h"
#include "tool/tool.h"

struct macro_file_reservation_cycle_in {
	struct p_str project_key, agent_name, reason, registration_token;
	struct p_strs paths;
	struct p_int ttl_seconds;
	struct p_bool exclusive, auto_release;
};

static const struct param params[] = {
	PROJECT_PARAM(macro_file_reservation_cycle_in, project_key, P_REQUIRED),
	AGENT_PARAM(macro_file_reservation_cycle_in, agent_name, P_REQUIRED | P_PLAIN, "Who reserves"),
	PARAM(macro_file_reservation_cycle_in, paths, P_STRS, P_REQUIRED | P_PLAIN, "Files, directories or globs"),
	PARAM(macro_file_reservation_cycle_in, ttl_seconds, P_INT, P_RARE, "Until they expire by themselves", "3600"),
	PARAM(macro_file_reservation_cycle_in, exclusive, P_BOOL, P_RARE, "false: others may share them", "true"),
	PARAM(macro_file_reservation_cycle_in, reason, P_STR, P_RARE, "What for", "\"macro-file_reservation\""),
	PARAM(macro_file_reservation_cycle_in, auto_release, P_BOOL, P_PLAIN,
	    "Give them back in this call: only a look at who is there", "false"),
	TOKEN_PARAM(macro_file_reservation_cycle_in, registration_token, 0),
};

/* What is checked out there, for the record in the archive. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct macro_file_reservation_cycle_in *in = arg;

	return query_head(cx, in->project_key.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct macro_file_reservation_cycle_in *in = arg;
	struct reserve_request wanted = { .paths = in->paths.v,
		.ttl_seconds = in->ttl_seconds.v,
		.exclusive = in->exclusive.v,
		.reason = in->reason.v,
		.looked = true,
		.head = head_found(cx) };
	struct reserve_filter filter = { .by_path = true, .paths = in->paths.v };
	struct project project;
	struct agent agent;
	struct reserve_result result;
	struct reservations released;

	if (reserve_check(cx, &wanted) < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "file_reservation_paths",
		"registration_token", &agent) < 0 ||
	    reserve_paths(cx, &project, &agent, &wanted, &result) < 0 ||
	    (in->auto_release.v && reserve_release(cx, &project, &agent, &filter, &released) < 0))
		return -1;
	jw_obj(out);
	jw_key(out, "file_reservations");
	shape_reserve_result(out, &result);
	if (in->auto_release.v) {
		jw_kobj(out, "released");
		jw_kint(out, "released", (int64_t)released.n);
		jw_ktime(out, "released_at", cx->now);
		jw_end(out);
	} else
		jw_knull(out, "released");
	jw_end(out);
	return 0;
}

const struct tool tool_macro_file_reservation_cycle = {
	.op.name = "macro_file_reservation_cycle",
	.title = "Reserve and release",
	.op.desc = "Reserve paths, see who else is there, and with auto_release give them back at once.",
	.cluster = "workflow_macros",
	.capabilities = "file_reservations,repository,workflow",
	OP_PARAMS(params, macro_file_reservation_cycle_in),
	.op.flags = OP_WRITE,
	.cli = "reserve-cycle",
	.op.query = query,
	.op.run = run,
};
