/*
 * rename_window - the name that unnamed registrations of a window get from now on.
 */
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/agent/window.h"
#include "store/cx.h"
#include "tool/tool.h"

struct rename_window_in {
	struct p_str project_key, window_uuid, new_display_name, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(rename_window_in, project_key, P_REQUIRED),
	PARAM(rename_window_in, window_uuid, P_STR, P_REQUIRED | P_PLAIN, "Which window"),
	PARAM(rename_window_in, new_display_name, P_STR, P_REQUIRED | P_PLAIN, "Adjective and noun, e.g. BlueLake"),
	SECRET_PARAM(rename_window_in, registration_token, P_UNLISTED, "Token of any of its agents"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rename_window_in *in = arg;
	struct str name = in->new_display_name.v, old;
	struct project p;
	struct window w;

	if (window_check(cx, in->window_uuid.v) < 0 || window_check_name(cx, &name) < 0 ||
	    project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_admin(cx, &p, in->registration_token.v, "rename_window") < 0 ||
	    window_rename(cx, &p, in->window_uuid.v, name, &w, &old) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "id", w.id);
	jw_kstr(out, "window_uuid", w.uuid);
	jw_kstr(out, "display_name", w.display_name);
	jw_kstr(out, "old_display_name", old);
	jw_ktime(out, "last_active_ts", w.last_active_ts);
	jw_end(out);
	return 0;
}

const struct tool tool_rename_window = {
	.op.name = "rename_window",
	.title = "Rename window",
	.op.desc = "Give a window another agent name.",
	.cluster = "identity",
	.capabilities = "identity,write",
	OP_PARAMS(params, rename_window_in),
	.op.flags = OP_WRITE,
	.cli = "rename-window",
	.op.run = run,
};
