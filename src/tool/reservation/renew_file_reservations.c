/*
 * renew_file_reservations - keep own reservations longer.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "store/cx.h"
#include "tool/tool.h"

struct renew_file_reservations_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_int extend_seconds;
	struct p_strs paths;
	struct p_ints file_reservation_ids;
};

static const struct param params[] = {
	PROJECT_PARAM(renew_file_reservations_in, project_key, P_REQUIRED),
	AGENT_PARAM(renew_file_reservations_in, agent_name, P_REQUIRED | P_PLAIN, "Whose reservations"),
	PARAM(renew_file_reservations_in, extend_seconds, P_INT, P_PLAIN, "Added to the present end; at least 60",
	    "1800"),
	PARAM(renew_file_reservations_in, paths, P_STRS, P_PLAIN,
	    "Only these patterns, as they were reserved; default all"),
	PARAM(renew_file_reservations_in, file_reservation_ids, P_INTS, P_RARE, "Only these ids; default all"),
	TOKEN_PARAM(renew_file_reservations_in, registration_token, 0),
};

static void
write_result(struct jw *out, const struct reservations *renewed, const int64_t *old_expires)
{
	jw_obj(out);
	jw_kint(out, "renewed", (int64_t)renewed->n);
	jw_karr(out, "file_reservations");
	for (size_t i = 0; i < renewed->n; i++) {
		jw_obj(out);
		jw_kint(out, "id", renewed->v[i].id);
		jw_kstr(out, "path_pattern", renewed->v[i].path_pattern);
		jw_ktime(out, "old_expires_ts", old_expires[i]);
		jw_ktime(out, "new_expires_ts", renewed->v[i].expires_ts);
		jw_end(out);
	}
	jw_end(out);
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct renew_file_reservations_in *in = arg;
	struct reserve_filter filter = {
		.by_path = in->paths.set,
		.by_id = in->file_reservation_ids.set,
		.paths = in->paths.v,
		.ids = in->file_reservation_ids.v,
		.nids = in->file_reservation_ids.n,
	};
	struct project project;
	struct agent agent;
	struct reservations renewed;
	int64_t *old_expires;

	if (reserve_check_filter(cx, &filter, "renew") < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "renew_file_reservations",
		"registration_token", &agent) < 0 ||
	    reserve_renew(cx, &project, &agent, &filter, in->extend_seconds.v, &renewed, &old_expires) < 0)
		return -1;
	write_result(out, &renewed, old_expires);
	return 0;
}

const struct tool tool_renew_file_reservations = {
	.op.name = "renew_file_reservations",
	.title = "Renew reservations",
	.op.desc = "Keep your active file reservations longer: all, or those named.",
	.cluster = "file_reservations",
	.capabilities = "file_reservations",
	OP_PARAMS(params, renew_file_reservations_in),
	.op.flags = OP_WRITE,
	.cli = "renew",
	.op.run = run,
};
