/*
 * stats_sections - one function for each section of metrics_core and diagnostics; what we do not
 * have is left out.
 */
#include "resource/ops/stats_sections.h"

#include <stdio.h>
#include <unistd.h>

#include "conf/conf.h"
#include "ipc/shm.h"
#include "store/cx.h"
#include "tool/registry.h"

static void
counter(struct cx *cx, struct jw *w, const char *key, enum counter_id id)
{
	jw_kint(w, key, (int64_t)stats_counter(cx, id));
}

void
section_http(struct cx *cx, struct jw *w, const char *key)
{
	struct hist h;

	/* Each request is timed under the one row that it came to (serve/timing.h). */
	stats_rows(cx, 0, HIST_MAX, &h);
	jw_kobj(w, key);
	counter(cx, w, "requests_total", C_requests_total);
	counter(cx, w, "requests_2xx", C_responses_2xx_total);
	counter(cx, w, "requests_4xx", C_responses_4xx_total);
	counter(cx, w, "requests_5xx", C_responses_5xx_total);
	stats_write_hist(w, "latency_us", &h);
	counter(cx, w, "rate_limit_rejected_total", C_rate_limited_total);
	counter(cx, w, "connections_open", C_connections_open);
	jw_end(w);
}

void
section_tools(struct cx *cx, struct jw *w, const char *key)
{
	struct hist h;

	stats_rows(cx, 0, tool_count(), &h);
	jw_kobj(w, key);
	jw_kint(w, "tool_calls_total", (int64_t)atomic_load(&h.count));
	jw_kint(w, "tool_errors_total", (int64_t)atomic_load(&h.errors));
	stats_write_hist(w, "tool_latency_us", &h);
	jw_end(w);
}

void
section_db(struct cx *cx, struct jw *w, const char *key)
{
	jw_kobj(w, key);
	counter(cx, w, "transactions_total", C_transactions_total);
	counter(cx, w, "operations_total", C_operations_total);
	counter(cx, w, "operations_failed_total", C_operations_failed_total);
	counter(cx, w, "maintenance_checkpoint_runs_total", C_checkpoints_total);
	counter(cx, w, "wal_bytes", C_wal_bytes);
	jw_end(w);
}

void
section_storage(struct cx *cx, struct jw *w, const char *key)
{
	jw_kobj(w, key);
	counter(cx, w, "wbq_drained_total", C_archive_rows_total);
	counter(cx, w, "wbq_errors_total", C_archive_failed_total);
	counter(cx, w, "wbq_depth", C_archive_backlog);
	jw_kint(w, "wbq_capacity", cx->conf->outbox_max_rows);
	counter(cx, w, "commit_attempts_total", C_archive_commits_total);
	counter(cx, w, "archive_lag_us", C_archive_lag_us);
	counter(cx, w, "archive_repacks_total", C_archive_repacks_total);
	jw_end(w);
}

void
section_search(struct cx *cx, struct jw *w, const char *key)
{
	const struct tool *t = tool_find(STR("search_messages"));
	size_t row = t != NULL ? tool_index(t) : 0;
	struct hist h;

	stats_rows(cx, row, t != NULL ? row + 1 : row, &h);
	jw_kobj(w, key);
	jw_kint(w, "queries_total", (int64_t)atomic_load(&h.count));
	jw_kint(w, "queries_errors_total", (int64_t)atomic_load(&h.errors));
	stats_write_hist(w, "query_latency_us", &h);
	counter(cx, w, "index_rows_total", C_index_rows_total);
	counter(cx, w, "index_backlog", C_index_backlog);
	jw_end(w);
}

/* Memory of its own, in bytes; 0 when the process is gone. */
static int64_t
own_memory(int32_t pid)
{
	long resident = 0, shared = 0;
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/statm", pid);
	if ((f = fopen(path, "re")) == NULL)
		return 0;
	if (fscanf(f, "%*d %ld %ld", &resident, &shared) != 2)
		resident = shared = 0;
	fclose(f);
	return (int64_t)(resident - shared) * sysconf(_SC_PAGESIZE);
}

static int64_t
memory(struct cx *cx)
{
	int64_t sum = 0;

	for (int i = 0; cx->shm != NULL && i < shm_nslots(cx->shm); i++) {
		const struct slot *s = shm_slot(cx->shm, i);
		int32_t pid = atomic_load_explicit(&s->pid, memory_order_relaxed);

		if (pid > 0)
			sum += own_memory(pid);
	}
	return sum;
}

void
section_system(struct cx *cx, struct jw *w, const char *key, const struct health_facts *facts)
{
	int64_t least = facts->disk_database < facts->disk_archive ? facts->disk_database : facts->disk_archive;

	jw_kobj(w, key);
	jw_kint(w, "disk_storage_free_bytes", facts->disk_archive);
	jw_kint(w, "disk_db_free_bytes", facts->disk_database);
	jw_kint(w, "disk_effective_free_bytes", least);
	jw_kint(w, "disk_pressure_level", health_disk_pressure(facts));
	jw_kint(w, "disk_last_sample_us", cx->now);
	jw_kint(w, "memory_rss_bytes", memory(cx));
	jw_kint(w, "memory_last_sample_us", cx->now);
	jw_end(w);
}

void
section_locks(struct cx *cx, struct jw *w, const char *key)
{
	uint64_t acquired = stats_counter(cx, C_transactions_total);

	jw_karr(w, key);
	if (acquired > 0) {
		jw_obj(w);
		jw_kcstr(w, "lock_name", "write_gate");
		jw_kint(w, "rank", 0);
		jw_kint(w, "acquire_count", (int64_t)acquired);
		jw_kint(w, "total_wait_ns", (int64_t)stats_counter(cx, C_gate_wait_us_total) * 1000);
		jw_end(w);
	}
	jw_end(w);
}
