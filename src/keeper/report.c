/*
 * report - logs how tools were used, how much old mail projects have and which quotas are
 * exceeded; changes nothing.
 */
#include "keeper/report.h"

#include <fnmatch.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "base/log.h"
#include "conf/conf.h"
#include "mail/project/project.h"
#include "mail/message/tally.h"
#include "resource/ops/stats.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "tool/registry.h"

/* Bytes of a line of the log that hold rows; longer snapshots take several lines. */
#define LINE_BYTES 3000
#define DAY_US (86400 * USEC)

static void
tool_row(struct cx *cx, const struct tool *t, const struct hist *h, struct buf *rows)
{
	struct buf b;
	struct jw w;

	buf_init(&b, cx->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	stats_write_tool(&w, t, h);
	jw_end(&w);
	if (rows->n > 0 && rows->n + b.n > LINE_BYTES) {
		log_info("tool_metrics_snapshot [%" PRIstr "]", FSTR(buf_flat(rows)));
		buf_init(rows, cx->arena);
	}
	if (rows->n > 0)
		buf_str(rows, STR(","));
	buf_str(rows, buf_flat(&b));
}

int
report_tools(struct db *db, struct gate *gate, struct cx *cx)
{
	const struct tool *sorted[HIST_MAX];
	size_t n = tools_by_name(sorted, HIST_MAX);
	struct buf rows;
	struct hist h;

	buf_init(&rows, cx->arena);
	for (size_t i = 0; i < n; i++)
		if (stats_rows(cx, tool_index(sorted[i]), tool_index(sorted[i]) + 1, &h) && atomic_load(&h.count) > 0)
			tool_row(cx, sorted[i], &h, &rows);
	if (rows.n > 0)
		log_info("tool_metrics_snapshot [%" PRIstr "]", FSTR(buf_flat(&rows)));
	return 0;
}

struct sums {
	int64_t old, inbox, attachments;
};

static int
count_in(struct cx *cx, enum stmt_id id, int64_t project_id, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, id);

	stmt_bind_int(s, 1, project_id);
	return stmt_run_int(cx, s, out) < 0 ? -1 : 0;
}

static bool
passed_over(struct cx *cx, const struct project *p)
{
	const struct str_list *patterns = &cx->conf->retention_ignore_project_patterns;

	for (size_t i = 0; i < patterns->n; i++)
		if (fnmatch(arena_cstr(cx->arena, patterns->v[i]), arena_cstr(cx->arena, p->slug), 0) == 0)
			return true;
	return false;
}

static void
tell_quota(struct cx *cx, const struct project *p, const struct sums *n)
{
	int64_t bytes = cx->conf->quota_attachments_limit_bytes, count = cx->conf->quota_inbox_limit_count;

	if (!cx->conf->quota_enabled)
		return;
	if (bytes > 0 && n->attachments > bytes)
		log_warn("quota_attachments_exceeded project=%" PRIstr " bytes=%lld limit=%lld", FSTR(p->slug),
		    (long long)n->attachments, (long long)bytes);
	if (count > 0 && n->inbox > count)
		log_warn("quota_inbox_exceeded project=%" PRIstr " messages=%lld limit=%lld", FSTR(p->slug),
		    (long long)n->inbox, (long long)count);
}

static int
report_project(struct cx *cx, const struct project *p, int64_t below, struct sums *all)
{
	struct sums n = { 0, 0, 0 };

	if (tally_count(cx, p->id, below, &n.old) < 0 || count_in(cx, STMT_REPORT_INBOX, p->id, &n.inbox) < 0 ||
	    count_in(cx, STMT_REPORT_ATTACHMENTS, p->id, &n.attachments) < 0)
		return -1;
	if (cx->conf->retention_report_enabled && n.inbox > 0)
		log_info("retention_report project=%" PRIstr
			 " old_messages=%lld inbox_messages=%lld attachments_bytes=%lld",
		    FSTR(p->slug), (long long)n.old, (long long)n.inbox, (long long)n.attachments);
	tell_quota(cx, p, &n);
	all->old += n.old;
	all->inbox += n.inbox;
	all->attachments += n.attachments;
	return 0;
}

int
report_store(struct db *db, struct gate *gate, struct cx *cx)
{
	int64_t below, before = cx->now - cx->conf->retention_max_age_days * DAY_US;
	struct sums all = { 0, 0, 0 };
	struct projects list;

	if (project_list(cx, STR_NONE, INT64_MAX, &list) < 0 || tally_first_since(cx, before, &below) < 0)
		return -1;
	for (size_t i = 0; i < list.n; i++)
		if (!passed_over(cx, &list.v[i]) && report_project(cx, &list.v[i], below, &all) < 0)
			return -1;
	if (cx->conf->retention_report_enabled)
		log_info(
		    "retention_report older_than_days=%lld old_messages=%lld inbox_messages=%lld attachments_bytes=%lld",
		    (long long)cx->conf->retention_max_age_days, (long long)all.old, (long long)all.inbox,
		    (long long)all.attachments);
	return 0;
}
