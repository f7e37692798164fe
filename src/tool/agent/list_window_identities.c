/*
 * list_window_identities - the windows that keep a name (window.h).
 */
#include "base/clock.h"
#include "mail/project/project.h"
#include "mail/agent/window.h"
#include "store/cx.h"
#include "tool/tool.h"

#define DAY_US (86400 * USEC)

struct list_window_identities_in {
	struct p_str project_key;
};

static const struct param params[] = {
	PROJECT_PARAM(list_window_identities_in, project_key, P_REQUIRED),
};

static void
write_window(struct jw *out, const struct window *w, int64_t now)
{
	jw_obj(out);
	jw_kint(out, "id", w->id);
	jw_kstr(out, "window_uuid", w->uuid);
	jw_kstr(out, "display_name", w->display_name);
	jw_ktime(out, "created_ts", w->created_ts);
	jw_ktime(out, "last_active_ts", w->last_active_ts);
	jw_ktime(out, "expires_ts", w->expires_ts);
	jw_kint(out, "age_days", (now - w->created_ts) / DAY_US);
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct list_window_identities_in *in = arg;
	struct windows windows;
	struct project p;

	if (project_find(cx, in->project_key.v, &p) < 0 || window_list(cx, p.id, &windows) < 0)
		return -1;
	jw_obj(out);
	jw_karr(out, "identities");
	for (size_t i = 0; i < windows.n; i++)
		write_window(out, &windows.v[i], cx->now);
	jw_end(out);
	jw_kint(out, "count", (int64_t)windows.n);
	jw_end(out);
	return 0;
}

const struct tool tool_list_window_identities = {
	.op.name = "list_window_identities",
	.title = "List windows",
	.op.desc = "Windows that keep their agent name.",
	.cluster = "identity",
	.capabilities = "identity",
	.complexity = "low",
	OP_PARAMS(params, list_window_identities_in),
	.op.flags = OP_READ,
	.flags = TOOL_FIELDS_RARE,
	.cli = "windows",
	.op.rows = "identities",
	.op.row_members = "id|window_uuid|display_name|created_ts|last_active_ts|expires_ts|age_days",
	.op.run = run,
};
