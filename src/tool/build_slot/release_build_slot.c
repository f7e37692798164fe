/*
 * release_build_slot - give a slot back.
 */
#include "store/cx.h"
#include "tool/build_slot/slot_args.h"

struct release_build_slot_in {
	struct slot_args at;
};

static const struct param params[] = {
	SLOT_PARAMS_WHO(release_build_slot_in, "Who holds the slot"),
	SLOT_PARAMS_BRANCH(release_build_slot_in),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct release_build_slot_in *in = arg;
	struct build_slot lease;
	struct slot_at at;
	int rc;

	if (slot_args_open(cx, &in->at, "release_build_slot", 0, &at) < 0)
		return -1;
	rc = build_slot_release(cx, &at.project, &at.agent, &at.key, &lease);
	if (rc < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "released", rc > 0);
	jw_ktime(out, "released_at", cx->now);
	jw_end(out);
	return 0;
}

const struct tool tool_release_build_slot = {
	.op.name = "release_build_slot",
	.title = "Give back a build slot",
	.op.desc = "Release a build slot; released is false when it was not held.",
	.cluster = "build_slots",
	.capabilities = "build",
	OP_PARAMS(params, release_build_slot_in),
	.op.flags = OP_WRITE,
	.cli = "slot-release",
	.op.query = slot_args_query,
	.op.run = run,
};
