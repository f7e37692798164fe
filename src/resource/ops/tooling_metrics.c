/*
 * resource://tooling/metrics - calls and errors of each tool, of all workers
 * since the daemon started.
 */
#include "resource/resource.h"
#include "resource/ops/stats.h"
#include "store/cx.h"
#include "tool/registry.h"

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	const struct tool *sorted[HIST_MAX];
	size_t n = tools_by_name(sorted, HIST_MAX), i;
	struct hist h;

	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	jw_karr(out, "tools");
	for (i = 0; i < n; i++) {
		stats_rows(cx, tool_index(sorted[i]), tool_index(sorted[i]) + 1, &h);
		if (atomic_load(&h.count) == 0)
			continue;
		jw_obj(out);
		stats_write_tool(out, sorted[i], &h);
		jw_end(out);
	}
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_metrics = {
	.op.name = "tooling_metrics_resource",
	.uri = "resource://tooling/metrics",
	.op.desc = "Calls and errors of each tool that was called",
	.op.run = run,
};
