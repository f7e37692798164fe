/*
 * resource://tooling/metrics_core and resource://tooling/diagnostics - how the
 * daemon is (contract/rest-and-rust-peers.md B.6.10, B.6.11).
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "resource/resource.h"
#include "resource/ops/stats_sections.h"
#include "store/cx.h"
#include "tool/registry.h"

/* A tool is slow when a twentieth of its calls take longer. */
#define SLOW_US 500000

static int
run_core(struct cx *cx, const void *in, struct jw *out)
{
	struct health_facts facts;
	struct health health;

	stats_health(cx, &facts, &health);
	jw_obj(out);
	jw_knull(out, "generated_at");
	jw_kcstr(out, "health_level", stats_health_colour(health.level));
	jw_kobj(out, "metrics");
	section_http(cx, out, "http");
	section_tools(cx, out, "tools");
	section_db(cx, out, "db");
	section_storage(cx, out, "storage");
	section_system(cx, out, "system", &facts);
	section_search(cx, out, "search");
	jw_end(out);
	section_locks(cx, out, "lock_contention");
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_metrics_core = {
	.op.name = "tooling_metrics_core_resource",
	.uri = "resource://tooling/metrics_core",
	.op.desc = "Counters and latencies of requests, tools, database, archive and search since the daemon started",
	.op.run = run_core,
};

static void
write_system(struct cx *cx, struct jw *out)
{
	struct utsname os;
	bool known = uname(&os) == 0;

	jw_kobj(out, "system");
	jw_kint(out, "uptime_secs", cx->shm != NULL ? (cx->now - shm_started_us(cx->shm)) / USEC : 0);
	jw_kcstr(out, "version", AGENTMAIL_VERSION);
	jw_kcstr(out, "target", known ? os.machine : NULL);
	jw_kcstr(out, "os", known ? os.sysname : NULL);
	jw_kint(out, "worker_count", conf_workers(cx->conf));
	jw_end(out);
}

static void
write_signals(struct jw *out, const struct health *health, const struct health_facts *facts)
{
	jw_kobj(out, "health");
	jw_kcstr(out, "level", stats_health_colour(health->level));
	jw_kobj(out, "signals");
	jw_kint(out, "wbq_depth_pct", health_waiting_percent(facts));
	jw_kint(out, "archive_lag_us", facts->lag_us);
	jw_kint(out, "disk_pressure_level", health_disk_pressure(facts));
	jw_end(out);
	jw_end(out);
}

static void
write_ms(struct jw *out, const char *key, double us)
{
	jw_key(out, key);
	jw_double(out, us / 1000);
}

static bool
is_slow(const struct hist *h)
{
	return hist_quantile(h, 0.95) > SLOW_US;
}

static void
write_detail(struct jw *out, const struct tool *t, const struct hist *h)
{
	jw_obj(out);
	stats_write_tool(out, t, h);
	jw_kobj(out, "latency");
	write_ms(out, "avg_ms", (double)atomic_load(&h->sum_us) / (double)atomic_load(&h->count));
	write_ms(out, "p50_ms", (double)hist_quantile(h, 0.5));
	write_ms(out, "p95_ms", (double)hist_quantile(h, 0.95));
	write_ms(out, "p99_ms", (double)hist_quantile(h, 0.99));
	jw_kbool(out, "is_slow", is_slow(h));
	jw_end(out);
	jw_end(out);
}

/* By name, those called at least once. */
static int
write_tools(struct cx *cx, struct jw *out, const char *key, bool slow_only)
{
	const struct tool *sorted[HIST_MAX];
	size_t n = tools_by_name(sorted, HIST_MAX), i;
	int written = 0;
	struct hist h;

	jw_karr(out, key);
	for (i = 0; i < n; i++) {
		stats_rows(cx, tool_index(sorted[i]), tool_index(sorted[i]) + 1, &h);
		if (atomic_load(&h.count) == 0 || (slow_only && !is_slow(&h)))
			continue;
		write_detail(out, sorted[i], &h);
		written++;
	}
	jw_end(out);
	return written;
}

static void
recommend(struct jw *out, const char *severity, const char *subsystem, const char *message)
{
	jw_obj(out);
	jw_kcstr(out, "severity", severity);
	jw_kcstr(out, "subsystem", subsystem);
	jw_kcstr(out, "message", message);
	jw_end(out);
}

/* One for each check that found something. */
static void
recommend_health(struct jw *out, const struct health *health)
{
	for (int i = 0; i < HEALTH_CHECKS; i++) {
		const struct health_check *c = &health->check[i];
		char text[512];

		if (c->level == HEALTH_OK)
			continue;
		snprintf(text, sizeof(text), "%s: %s.", c->words, c->remedy);
		recommend(out, c->level == HEALTH_BROKEN ? "critical" : "warning", c->name, text);
	}
}

static void
write_recommendations(struct cx *cx, struct jw *out, const struct health *health, int slow)
{
	struct hist tools;
	uint64_t calls, errors;

	stats_rows(cx, 0, tool_count(), &tools);
	calls = atomic_load(&tools.count);
	errors = atomic_load(&tools.errors);
	jw_karr(out, "recommendations");
	recommend_health(out, health);
	if (slow > 0)
		recommend(out, "warning", "tools", "Some tools are slow: see slow_tools.");
	if (calls > 100 && errors * 10 > calls)
		recommend(
		    out, "warning", "tools", "More than a tenth of all tool calls fail: see errors in tools_detail.");
	jw_end(out);
}

static int
run_diagnostics(struct cx *cx, const void *in, struct jw *out)
{
	struct health_facts facts;
	struct health health;
	int slow;

	stats_health(cx, &facts, &health);
	out->style |= JW_INDENT2;
	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	write_system(cx, out);
	write_signals(out, &health, &facts);
	section_http(cx, out, "http");
	section_tools(cx, out, "tools_aggregate");
	section_db(cx, out, "database");
	section_storage(cx, out, "storage");
	section_search(cx, out, "search");
	section_system(cx, out, "disk", &facts);
	write_tools(cx, out, "tools_detail", false);
	slow = write_tools(cx, out, "slow_tools", true);
	section_locks(cx, out, "locks");
	write_recommendations(cx, out, &health, slow);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_diagnostics = {
	.op.name = "tooling_diagnostics_resource",
	.uri = "resource://tooling/diagnostics",
	.op.desc = "How the daemon is, per tool too, and what to look at",
	.op.run = run_diagnostics,
};
