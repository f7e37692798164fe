/*
 * resolve_pane_identity - which agent works in a tmux pane (pane.h).
 */
#include "mail/agent/pane.h"
#include "store/cx.h"
#include "tool/tool.h"

struct in {
	struct p_str project_key, pane_id;
};

static const struct param params[] = {
	PARAM(struct in, project_key, P_STR, P_REQUIRED, "Absolute path or slug of the project", NULL, NULL),
	PARAM(struct in, pane_id, P_STR, P_NULLABLE | P_PLAIN, "$TMUX_PANE, or session:window:pane; default the header X-Tmux-Pane", NULL, NULL),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
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
	.name = "resolve_pane_identity",
	.title = "Who works in this pane",
	.desc = "Agent name registered for a tmux pane.",
	.cluster = "identity",
	.capabilities = "audit,identity",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.flags = TOOL_READ,
	.cli = "pane",
	.project_arg = "project_key",
	.run = run,
};
