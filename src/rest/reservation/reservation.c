/*
 * reservation - REST: file reservations (contract/rest-and-rust-peers.md A.3).
 *
 * Conflicts come one for each holder, in the form of the Rust server; they are
 * found by overlap, as everywhere (decision 3.20).
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "view/reservation_shape.h"
#include "store/cx.h"

/* No list is longer (decision 3.59). */
#define LIMIT 1000

struct paths_in {
	struct p_str project_slug, agent_name, reason, registration_token;
	struct p_strs paths;
	struct p_bool exclusive;
	struct p_int ttl_seconds;
};

static const struct param paths_params[] = {
	SLUG_PARAM(paths_in, project_slug, P_REQUIRED),
	AGENT_PARAM(paths_in, agent_name, P_REQUIRED, "Who reserves"),
	PARAM(paths_in, paths, P_STRS, P_REQUIRED, "Files, directories or globs"),
	PARAM(paths_in, exclusive, P_BOOL, 0, "Shared reservations do not conflict with each other", "true"),
	PARAM(paths_in, reason, P_STR, 0, "What for", "\"\""),
	PARAM(paths_in, ttl_seconds, P_INT, 0, "Until it expires by itself", "3600"),
	TOKEN_PARAM(paths_in, registration_token, 0),
};

static void
write_conflict(struct cx *cx, struct jw *out, const struct reservation *r)
{
	jw_obj(out);
	jw_kstr(out, "path_pattern", r->path_pattern);
	jw_kbool(out, "exclusive", r->exclusive);
	jw_ktime(out, "expires_ts", r->expires_ts);
	jw_kcstr(out, "conflict_type", "FILE_RESERVATION_CONFLICT");
	jw_kstr(out, "message",
	    arena_printf(cx->arena, "Conflict with reservation held by agent ID %lld", (long long)r->agent_id));
	jw_kstr(out, "agent_name", r->agent);
	jw_end(out);
}

static int
paths(struct cx *cx, const void *arg, struct jw *out)
{
	const struct paths_in *in = arg;
	struct reserve_request ask = { .paths = in->paths.v,
		.ttl_seconds = in->ttl_seconds.v,
		.exclusive = in->exclusive.v,
		.reason = in->reason.v };
	struct reserve_result result = { { NULL, 0 }, NULL, 0 };
	struct project p;
	struct agent agent;

	/* Nothing to reserve is no error at this door. */
	if ((ask.paths.n > 0 && reserve_check(cx, &ask) < 0) ||
	    rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "reservation_paths",
		&p, &agent) < 0 ||
	    (ask.paths.n > 0 && reserve_paths(cx, &p, &agent, &ask, &result) < 0))
		return -1;
	jw_obj(out);
	jw_karr(out, "granted");
	for (size_t i = 0; i < result.granted.n; i++)
		shape_granted(out, &result.granted.v[i]);
	jw_end(out);
	jw_karr(out, "conflicts");
	for (size_t i = 0; i < result.nconflicts; i++)
		for (size_t k = 0; k < result.conflicts[i].holders.n; k++)
			write_conflict(cx, out, &result.conflicts[i].holders.v[k]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_paths = {
	.op.name = "reservation_paths",
	.method = "POST",
	.paths = REST_PATHS("/api/file_reservations/paths", "/api/file_reservation_paths"),
	.op.desc = "Reserves paths and tells who holds overlapping ones",
	OP_PARAMS(paths_params, paths_in),
	.op.flags = OP_WRITE,
	.op.run = paths,
};

struct release_in {
	struct p_str project_slug, agent_name, registration_token;
	struct p_strs paths;
};

static const struct param release_params[] = {
	SLUG_PARAM(release_in, project_slug, P_REQUIRED),
	AGENT_PARAM(release_in, agent_name, P_REQUIRED, "Whose reservations"),
	PARAM(release_in, paths, P_STRS, P_REQUIRED, "Patterns as they were reserved"),
	TOKEN_PARAM(release_in, registration_token, 0),
};

static int
release(struct cx *cx, const void *arg, struct jw *out)
{
	const struct release_in *in = arg;
	struct reserve_filter filter = { .by_path = true, .paths = in->paths.v };
	struct reservations released;
	struct project p;
	struct agent agent;

	if (rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v,
		"reservation_release", &p, &agent) < 0 ||
	    reserve_release(cx, &p, &agent, &filter, &released) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "released_count", (int64_t)released.n);
	jw_karr(out, "released_ids");
	for (size_t i = 0; i < released.n; i++)
		jw_int(out, released.v[i].id);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_release = {
	.op.name = "reservation_release",
	.method = "POST",
	.paths = REST_PATHS(
	    "/api/file_reservations/release", "/api/release_file_reservation", "/api/release_file_reservations"),
	.op.desc = "Gives reservations back",
	OP_PARAMS(release_params, release_in),
	.op.flags = OP_WRITE,
	.op.run = release,
};

struct renew_in {
	struct p_int reservation_id, ttl_seconds;
	struct p_str registration_token;
};

static const struct param renew_params[] = {
	PARAM(renew_in, reservation_id, P_INT, P_REQUIRED, "Which"),
	PARAM(renew_in, ttl_seconds, P_INT, 0, "From now on", "3600"),
	SECRET_PARAM(renew_in, registration_token, 0, "The holder's token"),
};

/* The end is now + ttl here, and like everywhere a reservation is never shortened. */
static int
renew(struct cx *cx, const void *arg, struct jw *out)
{
	const struct renew_in *in = arg;
	struct reserve_request ask = { .ttl_seconds = in->ttl_seconds.v };
	struct reserve_result result;
	struct reservation r;
	struct project p;
	struct agent agent;
	int rc = reserve_by_id(cx, in->reservation_id.v, &r);

	if (rc < 0)
		return -1;
	if (rc == 0 || r.released_ts != 0 || r.expires_ts <= cx->now)
		return fail(cx, ERR_NOT_FOUND, "Reservation not found: %lld%s", (long long)in->reservation_id.v,
		    rc == 0 ? "" : " is no longer active, reserve again");
	ask.paths = (struct str_list){ &r.path_pattern, 1 };
	ask.exclusive = r.exclusive;
	ask.reason = r.reason;
	if (project_by_id(cx, r.project_id, &p) != 1 || agent_by_id(cx, r.agent_id, &agent) != 1)
		return fail(cx, ERR_NOT_FOUND, "Reservation not found: %lld", (long long)in->reservation_id.v);
	if (auth_known(cx, &p, &agent, in->registration_token.v, "reservation_renew", "registration_token") < 0 ||
	    reserve_check(cx, &ask) < 0 || reserve_paths(cx, &p, &agent, &ask, &result) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "renewed", true);
	jw_kint(out, "reservation_id", r.id);
	jw_ktime(out, "new_expires_ts", result.granted.v[0].expires_ts);
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_renew = {
	.op.name = "reservation_renew",
	.method = "POST",
	.paths = REST_PATHS("/api/file_reservations/renew", "/api/renew_file_reservation"),
	.op.desc = "Keeps an active reservation longer",
	OP_PARAMS(renew_params, renew_in),
	.op.flags = OP_WRITE,
	.op.run = renew,
};

struct rest_reservation_list_in {
	struct p_str project_slug, agent_name;
	struct p_bool active_only;
};

static const struct param list_params[] = {
	SLUG_PARAM(rest_reservation_list_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_reservation_list_in, agent_name, 0, "Only this agent's"),
	PARAM(rest_reservation_list_in, active_only, P_BOOL, 0, "false: released ones too", "true"),
};

static void
write_row(struct jw *out, const struct reservation *r)
{
	jw_kint(out, "agent_id", r->agent_id);
	jw_kstr(out, "agent_name", r->agent);
	jw_kstr(out, "path_pattern", r->path_pattern);
	jw_kbool(out, "exclusive", r->exclusive);
	jw_kstr(out, "reason", r->reason);
	jw_ktime(out, "created_ts", r->created_ts);
	jw_ktime(out, "expires_ts", r->expires_ts);
}

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_reservation_list_in *in = arg;
	struct reservations rows;
	struct agent agent = { .id = 0 };
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0 ||
	    (in->agent_name.set && rest_agent(cx, &p, in->agent_name.v, &agent) < 0) ||
	    reserve_list(cx, p.id, in->active_only.v, LIMIT, &rows) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = rows.n; i > 0; i--) {
		const struct reservation *r = &rows.v[i - 1];

		if (agent.id != 0 && r->agent_id != agent.id)
			continue;
		jw_obj(out);
		jw_kint(out, "id", r->id);
		write_row(out, r);
		jw_kbool(out, "is_active", r->released_ts == 0 && r->expires_ts > cx->now);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_list = {
	.op.name = "reservation_list",
	.method = "POST",
	.paths = REST_PATHS("/api/file_reservations/list", "/api/list_file_reservations", "/api/reservations"),
	.op.desc = "Reservations of a project, newest first",
	OP_PARAMS(list_params, rest_reservation_list_in),
	.op.flags = OP_READ,
	.op.run = list,
};

static int
locks(struct cx *cx, const void *arg, struct jw *out)
{
	struct project p = { .id = 0 };
	struct reservations rows;

	if (reserve_list(cx, 0, true, LIMIT, &rows) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = rows.n; i > 0; i--) {
		const struct reservation *r = &rows.v[i - 1];

		if (p.id != r->project_id && project_by_id(cx, r->project_id, &p) < 0)
			return -1;
		jw_obj(out);
		jw_kint(out, "id", r->id);
		jw_kint(out, "project_id", r->project_id);
		jw_kstr(out, "project_slug", p.slug);
		write_row(out, r);
		jw_kbool(out, "is_expired", false);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_reservation_locks = {
	.op.name = "reservation_locks",
	.method = "GET",
	.paths = REST_PATHS("/api/locks"),
	.op.desc = "Active reservations of all projects, newest first",
	.op.flags = OP_READ,
	.op.run = locks,
};
