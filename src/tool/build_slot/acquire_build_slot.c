/*
 * acquire_build_slot - claim a slot and learn who else holds it.
 */
#include "store/cx.h"
#include "tool/build_slot/slot_args.h"
#include "view/build_slot_json.h"

struct acquire_build_slot_in {
	struct slot_args at;
	struct p_int ttl_seconds;
	struct p_bool exclusive;
};

static const struct param params[] = {
	SLOT_PARAMS_WHO(acquire_build_slot_in, "Who holds the slot"),
	PARAM(acquire_build_slot_in, ttl_seconds, P_INT, P_PLAIN, "Until it expires by itself; at least 60", "3600"),
	PARAM(acquire_build_slot_in, exclusive, P_BOOL, P_PLAIN, "false: others may share it", "true"),
	SLOT_PARAMS_BRANCH(acquire_build_slot_in),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct acquire_build_slot_in *in = arg;
	struct build_slots conflicts;
	struct build_slot lease;
	struct slot_at at;

	if (slot_args_open(cx, &in->at, "acquire_build_slot", in->ttl_seconds.v, &at) < 0 ||
	    build_slot_conflicts(cx, &at.project, &at.agent, &at.key, in->exclusive.v, &conflicts) < 0 ||
	    build_slot_acquire(cx, &at.project, &at.agent, &at.key, in->ttl_seconds.v, in->exclusive.v, &lease) < 0)
		return -1;
	jw_obj(out);
	jw_key(out, "granted");
	shape_build_slot(out, &lease);
	jw_karr(out, "conflicts");
	for (size_t i = 0; i < conflicts.n; i++)
		shape_build_slot(out, &conflicts.v[i]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct tool tool_acquire_build_slot = {
	.op.name = "acquire_build_slot",
	.title = "Take a build slot",
	.op.desc = "Claim a named slot (port, build machine). Always granted; `conflicts` names other holders.",
	.cluster = "build_slots",
	.capabilities = "build",
	OP_PARAMS(params, acquire_build_slot_in),
	.op.flags = OP_WRITE,
	.cli = "slot-acquire",
	.op.query = slot_args_query,
	.op.run = run,
};
