/*
 * build_slot - REST: build slots (contract/rest-and-rust-peers.md A.3).
 *
 * At this door a slot that another agent holds is refused, as the Rust server
 * does; a lease is named by its id afterwards.
 */
#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/build_slot/build_slot.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct acquire_in {
	struct p_str project_slug, agent_name, slot_name, registration_token;
	struct p_int ttl_seconds;
};

static const struct param acquire_params[] = {
	SLUG_PARAM(acquire_in, project_slug, P_REQUIRED),
	AGENT_PARAM(acquire_in, agent_name, P_REQUIRED, "Who takes it"),
	PARAM(acquire_in, slot_name, P_STR, P_REQUIRED, "Name of the slot, e.g. ci"),
	PARAM(acquire_in, ttl_seconds, P_INT, 0, "Until it expires by itself; at least 60", "1800"),
	TOKEN_PARAM(acquire_in, registration_token, 0),
};

static int
acquire(struct cx *cx, const void *arg, struct jw *out)
{
	const struct acquire_in *in = arg;
	struct build_slot_key key = { in->slot_name.v, STR_NONE };
	struct build_slots others;
	struct build_slot lease;
	struct project p;
	struct agent agent;

	if (build_slot_check(cx, &key, in->ttl_seconds.v) < 0 ||
	    rest_project_actor(cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "build_slot_acquire",
		&p, &agent) < 0 ||
	    build_slot_conflicts(cx, &p, &agent, &key, true, &others) < 0)
		return -1;
	for (size_t i = 0; i < others.n; i++)
		if (others.v[i].agent_id != agent.id)
			return fail(cx, ERR_VALIDATION_ERROR, "Invalid input: Build slot already held");
	if (build_slot_acquire(cx, &p, &agent, &key, in->ttl_seconds.v, true, &lease) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "slot_id", lease.id);
	jw_kstr(out, "slot_name", lease.slot);
	jw_ktime(out, "expires_ts", lease.expires_ts);
	jw_end(out);
	return 0;
}

const struct rest_route rest_build_slot_acquire = {
	.op.name = "build_slot_acquire",
	.method = "POST",
	.paths = REST_PATHS("/api/build_slots/acquire", "/api/acquire_build_slot"),
	.op.desc = "Takes a build slot that nobody else holds",
	OP_PARAMS(acquire_params, acquire_in),
	.op.flags = OP_WRITE,
	.op.run = acquire,
};

struct held_in {
	struct p_int slot_id, ttl_seconds;
	struct p_str registration_token;
};

static const struct param renew_params[] = {
	PARAM(held_in, slot_id, P_INT, P_REQUIRED, "From acquire"),
	PARAM(held_in, ttl_seconds, P_INT, 0, "From now on", "1800"),
	SECRET_PARAM(held_in, registration_token, 0, "The holder's token"),
};

static const struct param release_params[] = {
	PARAM(held_in, slot_id, P_INT, P_REQUIRED, "From acquire"),
	SECRET_PARAM(held_in, registration_token, 0, "The holder's token"),
};

/* The active lease of this id, its project and its holder, who acts. */
static int
find_held(struct cx *cx, const struct held_in *in, const char *label, struct build_slot *lease, struct project *p,
    struct agent *agent)
{
	int rc = build_slot_by_id(cx, in->slot_id.v, lease);

	if (rc < 0)
		return -1;
	if (rc == 0 || !build_slot_active(cx, lease))
		return fail(cx, ERR_NOT_FOUND, "Build slot not found: %lld%s", (long long)in->slot_id.v,
		    rc == 0 ? "" : " is no longer held, acquire it again");
	if (project_by_id(cx, lease->project_id, p) != 1 || agent_by_id(cx, lease->agent_id, agent) != 1)
		return fail(cx, ERR_NOT_FOUND, "Build slot not found: %lld", (long long)in->slot_id.v);
	return auth_known(cx, p, agent, in->registration_token.v, label, "registration_token");
}

static int
renew(struct cx *cx, const void *arg, struct jw *out)
{
	const struct held_in *in = arg;
	struct build_slot lease, renewed;
	struct build_slot_key key;
	struct project p;
	struct agent agent;

	if (find_held(cx, in, "build_slot_renew", &lease, &p, &agent) < 0)
		return -1;
	key = (struct build_slot_key){ lease.slot, lease.branch };
	if (build_slot_check(cx, &key, in->ttl_seconds.v) < 0 ||
	    build_slot_acquire(cx, &p, &agent, &key, in->ttl_seconds.v, lease.exclusive, &renewed) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "renewed", true);
	jw_kint(out, "slot_id", renewed.id);
	jw_ktime(out, "new_expires_ts", renewed.expires_ts);
	jw_end(out);
	return 0;
}

const struct rest_route rest_build_slot_renew = {
	.op.name = "build_slot_renew",
	.method = "POST",
	.paths = REST_PATHS("/api/build_slots/renew", "/api/renew_build_slot"),
	.op.desc = "Keeps a build slot longer",
	OP_PARAMS(renew_params, held_in),
	.op.flags = OP_WRITE,
	.op.run = renew,
};

static int
release(struct cx *cx, const void *arg, struct jw *out)
{
	const struct held_in *in = arg;
	struct build_slot lease, released;
	struct build_slot_key key;
	struct project p;
	struct agent agent;

	if (find_held(cx, in, "build_slot_release", &lease, &p, &agent) < 0)
		return -1;
	key = (struct build_slot_key){ lease.slot, lease.branch };
	if (build_slot_release(cx, &p, &agent, &key, &released) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "released", true);
	jw_kint(out, "slot_id", lease.id);
	jw_end(out);
	return 0;
}

const struct rest_route rest_build_slot_release = {
	.op.name = "build_slot_release",
	.method = "POST",
	.paths = REST_PATHS("/api/build_slots/release", "/api/release_build_slot"),
	.op.desc = "Gives a build slot back",
	OP_PARAMS(release_params, held_in),
	.op.flags = OP_WRITE,
	.op.run = release,
};
