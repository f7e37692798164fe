/*
 * expire_window - a window forgets its name.
 */
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/agent/window.h"
#include "store/cx.h"
#include "tool/tool.h"

struct expire_window_in {
	struct p_str project_key, window_uuid, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(expire_window_in, project_key, P_REQUIRED),
	PARAM(expire_window_in, window_uuid, P_STR, P_REQUIRED | P_PLAIN, "Which window"),
	SECRET_PARAM(expire_window_in, registration_token, P_UNLISTED, "Token of any of its agents"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct expire_window_in *in = arg;
	struct project p;
	struct window w;

	if (window_check(cx, in->window_uuid.v) < 0 || project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_admin(cx, &p, in->registration_token.v, "expire_window") < 0 ||
	    window_expire(cx, &p, in->window_uuid.v, &w) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "window_uuid", w.uuid);
	jw_kstr(out, "display_name", w.display_name);
	jw_kbool(out, "expired", true);
	jw_ktime(out, "expired_at", w.expires_ts);
	jw_end(out);
	return 0;
}

const struct tool tool_expire_window = {
	.op.name = "expire_window",
	.title = "Expire window",
	.op.desc = "Let a window forget its agent name.",
	.cluster = "identity",
	.capabilities = "identity,write",
	OP_PARAMS(params, expire_window_in),
	.op.flags = OP_WRITE,
	.cli = "expire-window",
	.op.run = run,
};
