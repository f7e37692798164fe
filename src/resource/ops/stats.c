/*
 * stats - see stats.h.
 */
#include "resource/ops/stats.h"

#include <string.h>
#include <sys/statvfs.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "store/cx.h"
#include "tool/tool.h"

#define MIB (INT64_C(1) << 20)
/* Free bytes below which the disk is low, critical, full. */
#define DISK_LOW (1024 * MIB)
#define DISK_CRITICAL (256 * MIB)
#define DISK_FULL (32 * MIB)
/* The Rust port's bounds (contract/rest-and-rust-peers.md B.2). */
#define LAG_YELLOW (5 * USEC)
#define LAG_RED (30 * USEC)

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
	size_t n = 0, i, k;

	while (n < sizeof(names) / sizeof(names[0]) && str_next(&rest, ',', &field)) {
		for (i = n++; i > 0 && str_cmp(field, names[i - 1]) < 0; i--)
			names[i] = names[i - 1];
		names[i] = field;
	}
	jw_arr(w);
	for (k = 0; k < n; k++)
		jw_str(w, names[k]);
	jw_end(w);
}

void
stats_write_tool(struct jw *w, const struct tool *t, const struct hist *h)
{
	jw_kc(w, "name", t->op.name);
	jw_kint(w, "calls", (int64_t)atomic_load(&h->count));
	jw_kint(w, "errors", (int64_t)atomic_load(&h->errors));
	jw_kc(w, "cluster", t->cluster);
	jw_key(w, "capabilities");
	stats_write_capabilities(w, t->capabilities);
	jw_kc(w, "complexity", t->complexity != NULL ? t->complexity : "medium");
}

static int64_t
free_bytes(struct cx *cx, struct str path)
{
	struct statvfs fs;
	char *dir = arena_cstr(cx->arena, path), *slash = strrchr(dir, '/');

	if (statvfs(dir, &fs) != 0) {
		/* Not there yet: the directory that it will lie in. */
		if (slash == NULL || slash == dir)
			return -1;
		*slash = '\0';
		if (statvfs(dir, &fs) != 0)
			return -1;
	}
	return (int64_t)((uint64_t)fs.f_bavail * fs.f_frsize);
}

static int64_t
pressure(int64_t storage, int64_t db)
{
	int64_t least = storage < 0 || (db >= 0 && db < storage) ? db : storage;

	if (least < 0 || least >= DISK_LOW)
		return 0;
	return least >= DISK_CRITICAL ? 1 : least >= DISK_FULL ? 2 : 3;
}

enum health
stats_health(struct cx *cx, struct health_signals *out)
{
	out->backlog_pct = (int64_t)(stats_counter(cx, C_archive_backlog) * 100 / (uint64_t)cx->conf->outbox_max_rows);
	out->lag_us = (int64_t)stats_counter(cx, C_archive_lag_us);
	out->disk_storage = free_bytes(cx, cx->conf->storage_root);
	out->disk_db = free_bytes(cx, cx->conf->database);
	out->disk_pressure = pressure(out->disk_storage, out->disk_db);
	if (out->backlog_pct >= 80 || out->lag_us >= LAG_RED || out->disk_pressure >= 2)
		return HEALTH_RED;
	return out->backlog_pct >= 50 || out->lag_us >= LAG_YELLOW || out->disk_pressure == 1 ? HEALTH_YELLOW : HEALTH_GREEN;
}

const char *
health_name(enum health h)
{
	static const char *const names[] = { "green", "yellow", "red" };

	return names[h];
}
