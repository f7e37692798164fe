/*
 * report - clock work that only tells: how tools are used, how much old mail
 * there is, which projects exceed their quotas (contract/surface.md 6).
 *
 * Nothing is deleted or refused. Both read only and go by indexes: no walk over
 * the archive. 0, or -1 with cx->fail.
 */
#ifndef KEEPER_REPORT_H
#define KEEPER_REPORT_H

struct cx;
struct db;
struct gate;

/* tool_metrics_snapshot: calls and errors of each tool that was called, since the daemon started. */
int report_tools(struct db *db, struct gate *gate, struct cx *cx);
/* retention_report of each project and of all; quota_attachments_exceeded, quota_inbox_exceeded. */
int report_store(struct db *db, struct gate *gate, struct cx *cx);

#endif
