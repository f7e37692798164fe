/*
 * release_file_reservations - give own reservations back.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "store/cx.h"
#include "tool/tool.h"

struct release_file_reservations_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_strs paths;
	struct p_ints file_reservation_ids;
};

static const struct param params[] = {
	PROJECT_PARAM(release_file_reservations_in, project_key, P_REQUIRED),
	AGENT_PARAM(release_file_reservations_in, agent_name, P_REQUIRED | P_PLAIN, "Whose reservations"),
	PARAM(release_file_reservations_in, paths, P_STRS, P_PLAIN,
	    "Only these patterns, as they were reserved; default all"),
	PARAM(release_file_reservations_in, file_reservation_ids, P_INTS, P_RARE, "Only these ids; default all"),
	TOKEN_PARAM(release_file_reservations_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct release_file_reservations_in *in = arg;
	struct reserve_filter filter = {
		.by_path = in->paths.set,
		.by_id = in->file_reservation_ids.set,
		.paths = in->paths.v,
		.ids = in->file_reservation_ids.v,
		.nids = in->file_reservation_ids.n,
	};
	struct project project;
	struct agent agent;
	struct reservations released;

	if (reserve_check_filter(cx, &filter, "release") < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "release_file_reservations",
		"registration_token", &agent) < 0 ||
	    reserve_release(cx, &project, &agent, &filter, &released) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "released", (int64_t)released.n);
	jw_ktime(out, "released_at", cx->now);
	jw_end(out);
	return 0;
}

const struct tool tool_release_file_reservations = {
	.op.name = "release_file_reservations",
	.title = "Release reservations",
	.op.desc = "Give back your file reservations: all, or those named.",
	.cluster = "file_reservations",
	.capabilities = "file_reservations",
	OP_PARAMS(params, release_file_reservations_in),
	.op.flags = OP_WRITE,
	.cli = "release",
	.op.run = run,
};
