/*
 * renew_build_slot - keep a slot longer.
 */
#include "store/cx.h"
#include "tool/build_slot/slot_args.h"

struct renew_build_slot_in {
	struct slot_args at;
	struct p_int extend_seconds;
};

static const struct param params[] = {
	SLOT_PARAMS_WHO(renew_build_slot_in, "Who holds the slot"),
	PARAM(renew_build_slot_in, extend_seconds, P_INT, P_PLAIN, "Added to the present end; at least 60", "1800"),
	SLOT_PARAMS_BRANCH(renew_build_slot_in),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct renew_build_slot_in *in = arg;
	struct build_slot lease;
	struct slot_at at;
	int rc;

	if (slot_args_open(cx, &in->at, "renew_build_slot", in->extend_seconds.v, &at) < 0)
		return -1;
	rc = build_slot_renew(cx, &at.project, &at.agent, &at.key, in->extend_seconds.v, &lease);
	if (rc < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "renewed", rc > 0);
	jw_ktime(out, "expires_ts", rc > 0 ? lease.expires_ts : 0);
	jw_end(out);
	return 0;
}

const struct tool tool_renew_build_slot = {
	.op.name = "renew_build_slot",
	.title = "Keep a build slot",
	.op.desc = "Keep an active build slot longer; renewed is false when there is none.",
	.cluster = "build_slots",
	.capabilities = "build",
	OP_PARAMS(params, renew_build_slot_in),
	.op.flags = OP_WRITE,
	.cli = "slot-renew",
	.op.query = slot_args_query,
	.op.run = run,
};
