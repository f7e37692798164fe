/*
 * release_build_slot - give a slot back.
 */
#include "store/cx.h"
#include "tool/build_slot/slot_args.h"

struct in {
	struct slot_args at;
};

static const struct param params[] = {
	SLOT_PARAMS_WHO(struct in, "Who holds the slot"),
	SLOT_PARAMS_BRANCH(struct in),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
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
	.name = "release_build_slot",
	.title = "Give back a build slot",
	.desc =
	    "Release a build slot; released is false when it was not held.",
	.cluster = "build_slots",
	.capabilities = "build",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_WRITE | TOOL_IDEMPOTENT,
	.cli = "slot-release",
	.project_arg = "project_key",
	.agent_arg = "agent_name",
	.query = slot_args_query,
	.run = run,
};
