/*
 * duties - the table of clock work: for each row whether it is wanted, how often, and its
 * function.
 *
 * Indexing and checkpoints are not here: they follow the load, not the clock.
 */
#include "keeper/duties.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "keeper/acks.h"
#include "keeper/expiry.h"
#include "keeper/report.h"
#include "keeper/retire.h"

/* Sessions, idempotency keys and changes live for hours. */
static int64_t
each_minute(const struct conf *conf)
{
	return 60 * USEC;
}

static bool
cleanup_wanted(const struct conf *conf)
{
	return conf->file_reservations_cleanup_enabled;
}

static int64_t
cleanup_interval(const struct conf *conf)
{
	return conf->file_reservations_cleanup_interval;
}

static bool
retire_wanted(const struct conf *conf)
{
	return conf->auto_retire_stale_agents_enabled;
}

static int64_t
retire_interval(const struct conf *conf)
{
	return conf->auto_retire_stale_agents_interval;
}

static bool
acks_wanted(const struct conf *conf)
{
	return conf->ack_ttl_enabled;
}

static int64_t
acks_interval(const struct conf *conf)
{
	return conf->ack_ttl_scan_interval;
}

static bool
metrics_wanted(const struct conf *conf)
{
	return conf->tool_metrics_emit_enabled;
}

static int64_t
metrics_interval(const struct conf *conf)
{
	return conf->tool_metrics_emit_interval;
}

static bool
report_wanted(const struct conf *conf)
{
	return conf->retention_report_enabled || conf->quota_enabled;
}

static int64_t
report_interval(const struct conf *conf)
{
	return conf->retention_report_interval;
}

const struct duty duties[] = {
	{ "expired reservations", expiry_reservations, cleanup_wanted, cleanup_interval, USEC },
	{ "idempotency keys", expiry_idempotency, NULL, each_minute, 2 * USEC },
	{ "old sessions", expiry_sessions, NULL, each_minute, 5 * USEC / 2 },
	{ "old changes", expiry_changes, NULL, each_minute, 27 * USEC / 10 },
	{ "idle agents", retire_idle, retire_wanted, retire_interval, 3 * USEC },
	{ "acknowledgement reminders", acks_remind, acks_wanted, acks_interval, 7 * USEC / 2 },
	{ "tool metrics", report_tools, metrics_wanted, metrics_interval, 4 * USEC },
	{ "retention report", report_store, report_wanted, report_interval, 5 * USEC },
	{ NULL, NULL, NULL, NULL, 0 },
};
