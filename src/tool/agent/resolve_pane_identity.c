/*
 * resolve_pane_identity - which agent works in a tmux pane (pane.h).
 */
#include "mail/agent/pane.h"
#include "store/cx.h"
#include "tool/tool.h"

struct resolve_pane_identity_in {
	struct p_str project_key, pane_id;
};

static const struct param params[] = {
	PROJECT_PARAM(resolve_pane_identity_in, project_key, P_REQUIRED),
	PARAM(resolve_pane_identity_in, pane_id, P_STR, P_PLAIN,
	    "$TMUX_PANE, or session:window:pane; default the header X-Tmux-Pane"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct resolve_pane_identity_in *in = arg;
	struct pane_identity who;

	if (pane_resolve(cx, in->project_key.v, in->pane_id.v, &who) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "agent_name", who.agent_name);
	jw_kstr(out, "pane_id", who.pane_id);
	jw_kstr(out, "identity_path", who.path);
	jw_end(out);
	return 0;
}

const struct tool tool_resolve_pane_identity = {
	.op.name = "resolve_pane_identity",
	.title = "Who works in this pane",
	.op.desc = "Agent name registered for a tmux pane.",
	.cluster = "identity",
	.capabilities = "audit,identity",
	OP_PARAMS(params, resolve_pane_identity_in),
	.op.flags = OP_READ,
	.cli = "pane",
	.op.run = run,
};
