/*
 * check_file_reservation_conflicts - look before editing; reserves nothing
 * (contract/rest-and-rust-peers.md B.6.2).
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_force.h"
#include "store/cx.h"
#include "tool/tool.h"

struct check_file_reservation_conflicts_in {
	struct p_str project_key, agent_name, registration_token;
	struct p_strs paths;
};

static const struct param params[] = {
	PROJECT_PARAM(check_file_reservation_conflicts_in, project_key, P_REQUIRED),
	AGENT_PARAM(check_file_reservation_conflicts_in, agent_name, P_REQUIRED | P_PLAIN, "Who wants to edit"),
	PARAM(check_file_reservation_conflicts_in, paths, P_STRS, P_REQUIRED | P_PLAIN, "Files or globs, at most 200"),
	TOKEN_PARAM(check_file_reservation_conflicts_in, registration_token, 0),
};

/* Whoever gets no answer must not take that for "free". */
static int
closed(struct cx *cx, const struct check_file_reservation_conflicts_in *in)
{
	struct jw *w = fail_data(cx);
	bool lookup = cx->fail.code == ERR_NOT_FOUND;

	if (lookup) {
		jw_kobj(w, "reservation_acquire");
		jw_kcstr(w, "operation", "check_file_reservation_conflicts");
		jw_kstr(w, "cause", cx->fail.msg);
		jw_kbool(w, "blocks_edits", true);
		jw_kstrs(w, "requested_paths", &in->paths.v);
	}
	jw_kbool(w, "fail_closed", true);
	jw_kstrs(w, "do_not_edit", &in->paths.v);
	if (lookup)
		jw_end(w);
	return -1;
}

static void
write_conflicts(struct jw *out, const struct reserve_checked *c)
{
	jw_karr(out, "conflicts");
	for (size_t i = 0; i < c->npaths; i++) {
		const struct reserve_check_path *p = &c->paths[i];

		if (!p->meets)
			continue;
		jw_obj(out);
		jw_kstr(out, "path", p->path);
		jw_karr(out, "holders");
		for (size_t k = 0; k < p->holders.n; k++) {
			jw_obj(out);
			jw_kstr(out, "agent", p->holders.v[k].agent);
			jw_kstr(out, "path_pattern", p->holders.v[k].path_pattern);
			jw_kbool(out, "exclusive", true);
			jw_ktime(out, "expires_ts", p->holders.v[k].expires_ts);
			jw_end(out);
		}
		jw_end(out);
		jw_end(out);
	}
	jw_end(out);
}

static void
write_own(struct jw *out, const struct reservations *own)
{
	jw_karr(out, "own_active");
	for (size_t i = 0; i < own->n; i++) {
		jw_obj(out);
		jw_kint(out, "id", own->v[i].id);
		jw_kstr(out, "path_pattern", own->v[i].path_pattern);
		jw_kbool(out, "exclusive", own->v[i].exclusive);
		jw_ktime(out, "expires_ts", own->v[i].expires_ts);
		jw_end(out);
	}
	jw_end(out);
}

static void
write_result(struct cx *cx, struct jw *out, const struct project *p, const struct reserve_checked *c)
{
	jw_obj(out);
	jw_kbool(out, "conflict_free", c->total == 0);
	write_conflicts(out, c);
	write_own(out, &c->own);
	jw_karr(out, "clear_paths");
	for (size_t i = 0; i < c->npaths; i++)
		if (!c->paths[i].meets)
			jw_str(out, c->paths[i].path);
	jw_end(out);
	jw_kint(out, "checked_paths", (int64_t)c->npaths);
	jw_kint(out, "total_conflicting_reservations", (int64_t)c->total);
	jw_kbool(out, "output_truncated", c->truncated);
	jw_kstr(out, "project", p->human_key);
	jw_ktime(out, "snapshot_ts", cx->now);
	jw_kcstr(out, "authoritative_source", "database_snapshot");
	jw_kbool(out, "read_only", true);
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct check_file_reservation_conflicts_in *in = arg;
	struct project project;
	struct agent agent;
	struct reserve_checked checked;

	if (reserve_conflicts_check(cx, &in->paths.v) < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "check_file_reservation_conflicts",
		"registration_token", &agent) < 0 ||
	    reserve_conflicts(cx, &project, &agent, &in->paths.v, &checked) < 0)
		return closed(cx, in);
	write_result(cx, out, &project, &checked);
	return 0;
}

const struct tool tool_check_file_reservation_conflicts = {
	.op.name = "check_file_reservation_conflicts",
	.title = "Check for conflicts",
	.op.desc = "Who holds these paths, without reserving them.",
	.cluster = "file_reservations",
	.capabilities = "file_reservations",
	OP_PARAMS(params, check_file_reservation_conflicts_in),
	.op.flags = OP_READ,
	.cli = "check-conflicts",
	.op.run = run,
};
