/*
 * force_release_file_reservation - take away what somebody left behind.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/ops/release_notice.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_force.h"
#include "store/cx.h"
#include "api/queries.h"
#include "tool/tool.h"

struct force_release_file_reservation_in {
	struct p_str project_key, agent_name, note, registration_token;
	struct p_int file_reservation_id;
	struct p_bool notify_previous;
};

static const struct param params[] = {
	PROJECT_PARAM(force_release_file_reservation_in, project_key, P_REQUIRED),
	AGENT_PARAM(force_release_file_reservation_in, agent_name, P_REQUIRED | P_PLAIN, "Who releases it"),
	PARAM(force_release_file_reservation_in, file_reservation_id, P_INT, P_REQUIRED | P_PLAIN,
	    "Whose holder has gone"),
	PARAM(force_release_file_reservation_in, notify_previous, P_BOOL, P_RARE, "Write the holder", "true"),
	PARAM(force_release_file_reservation_in, note, P_STR, P_RARE, "Goes into that letter", "\"\""),
	TOKEN_PARAM(force_release_file_reservation_in, registration_token, 0),
};

static void
write_released(const struct reserve_forced *f, struct release_notice *notice, const struct project *p, struct jw *out)
{
	const struct reservation *r = &f->r;

	jw_kobj(out, "reservation");
	jw_kint(out, "id", r->id);
	jw_kstr(out, "agent", r->agent);
	jw_kstr(out, "path_pattern", r->path_pattern);
	jw_kbool(out, "exclusive", r->exclusive);
	jw_kstr(out, "reason", r->reason);
	jw_ktime(out, "created_ts", r->created_ts);
	jw_ktime(out, "expires_ts", r->expires_ts);
	jw_ktime(out, "released_ts", r->released_ts);
	jw_kstrs(out, "stale_reasons", &f->status.reasons);
	jw_ktime(out, "last_agent_activity_ts", f->status.agent_ts);
	jw_ktime(out, "last_mail_activity_ts", f->status.mail_ts);
	jw_ktime(out, "last_filesystem_activity_ts", f->status.files_ts);
	jw_ktime(out, "last_git_activity_ts", f->status.git_ts);
	jw_kbool(out, "notified", notice->notified);
	if (notice->refused) {
		jw_kobj(out, "notification_error");
		jw_kcstr(out, "type", err_name(notice->why.code));
		jw_kstr(out, "message", notice->why.msg);
		jw_kbool(out, "recoverable", notice->why.recoverable);
		jw_key(out, "data");
		jw_raw(out, fail_data_json(&notice->why));
		jw_kstr(out, "project", p->human_key);
		jw_end(out);
	}
	jw_end(out);
}

/* What the files say decides: the helper looks anew each time. Failures are left to run. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct force_release_file_reservation_in *in = arg;
	struct reservation r;
	struct project p;

	if (reserve_by_id(cx, in->file_reservation_id.v, &r) != 1 || project_by_id(cx, r.project_id, &p) != 1)
		return 0;
	return query_path_activity(cx, &p, &(struct reservations){ &r, 1 }, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct force_release_file_reservation_in *in = arg;
	struct project project;
	struct agent agent;
	struct release_notice notice = { .notified = false };
	struct reserve_forced forced;

	if (project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "force_release_file_reservation",
		"registration_token", &agent) < 0 ||
	    store_path_activity(cx, cx->query_result) < 0 ||
	    reserve_force(cx, &project, in->file_reservation_id.v, &forced) < 0 ||
	    (in->notify_previous.v && release_notice(cx, &project, &agent, in->note.v, &forced, &notice) < 0))
		return -1;
	jw_obj(out);
	jw_kint(out, "released", forced.already ? 0 : 1);
	jw_ktime(out, "released_at", forced.r.released_ts);
	if (forced.already)
		jw_kbool(out, "already_released", true);
	if (forced.expired)
		jw_kbool(out, "expired", true);
	if (!forced.already)
		write_released(&forced, &notice, &project, out);
	jw_end(out);
	return 0;
}

const struct tool tool_force_release_file_reservation = {
	.op.name = "force_release_file_reservation",
	.title = "Force a release",
	.op.desc = "Release the reservation of an agent that shows no activity any more; it gets a letter.",
	.cluster = "file_reservations",
	.capabilities = "file_reservations,repository",
	OP_PARAMS(params, force_release_file_reservation_in),
	.op.flags = OP_WRITE,
	.cli = "force-release",
	.op.query = query,
	.op.run = run,
};
