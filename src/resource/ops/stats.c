/*
 * stats - adds up counters and histograms over all slots, and judges how well the daemon is. Reads
 * the shared segment and the disk's free space; changes nothing.
 */
#include "resource/ops/stats.h"

#include <string.h>

#include "ipc/shm.h"
#include "store/cx.h"
#include "store/health_look.h"
#include "tool/tool.h"

bool
stats_rows(struct cx *cx, size_t from, size_t to, struct hist *out)
{
	memset(out, 0, sizeof(*out));
	if (cx->shm == NULL)
		return false;
	shm_hist(cx->shm, from, to, out);
	return true;
}

uint64_t
stats_counter(struct cx *cx, enum counter_id id)
{
	uint64_t sum = 0;

	for (int i = 0; cx->shm != NULL && i < shm_nslots(cx->shm); i++)
		sum += counter_get(shm_slot(cx->shm, i), id);
	return sum;
}

static int64_t
edge(const struct hist *h, bool highest)
{
	for (int i = 0; i < HIST_BUCKETS; i++) {
		int b = highest ? HIST_BUCKETS - 1 - i : i;

		if (atomic_load_explicit(&h->bucket[b], memory_order_relaxed) > 0)
			return (int64_t)hist_bound(b);
	}
	return 0;
}

void
stats_write_hist(struct jw *w, const char *key, const struct hist *h)
{
	jw_kobj(w, key);
	jw_kint(w, "count", (int64_t)atomic_load(&h->count));
	jw_kint(w, "sum", (int64_t)atomic_load(&h->sum_us));
	jw_kint(w, "min", edge(h, false));
	jw_kint(w, "max", edge(h, true));
	jw_kint(w, "p50", (int64_t)hist_quantile(h, 0.5));
	jw_kint(w, "p95", (int64_t)hist_quantile(h, 0.95));
	jw_kint(w, "p99", (int64_t)hist_quantile(h, 0.99));
	jw_end(w);
}

void
stats_write_capabilities(struct jw *w, const char *list)
{
	struct str rest = str_c(list), field, names[16];
	size_t n = 0, i;

	while (n < sizeof(names) / sizeof(names[0]) && str_next(&rest, ',', &field)) {
		for (i = n++; i > 0 && str_cmp(field, names[i - 1]) < 0; i--)
			names[i] = names[i - 1];
		names[i] = field;
	}
	jw_arr(w);
	for (size_t k = 0; k < n; k++)
		jw_str(w, names[k]);
	jw_end(w);
}

void
stats_write_tool(struct jw *w, const struct tool *t, const struct hist *h)
{
	jw_kcstr(w, "name", t->op.name);
	jw_kint(w, "calls", (int64_t)atomic_load(&h->count));
	jw_kint(w, "errors", (int64_t)atomic_load(&h->errors));
	jw_kcstr(w, "cluster", t->cluster);
	jw_key(w, "capabilities");
	stats_write_capabilities(w, t->capabilities);
	jw_kcstr(w, "complexity", t->complexity != NULL ? t->complexity : "medium");
}

void
stats_health(struct cx *cx, struct health_facts *facts, struct health *out)
{
	health_look(cx, facts);
	health_judge(facts, out);
}

const char *
stats_health_colour(enum health_level level)
{
	static const char *const colours[] = { "green", "yellow", "red" };

	return colours[level];
}
