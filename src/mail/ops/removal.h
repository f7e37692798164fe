/*
 * removal - agents and projects that go for good (contract/messaging.md 11.6,
 * 11.7, decision 3.46).
 *
 * Inside write operations; the caller has authenticated. Mail goes with its
 * sender, its ids are kept in messages_removed; rows of agents and projects stay
 * without token and rights, so that mail elsewhere keeps its `from`, and their
 * names are free again. The files go by a commit of the archiver.
 */
#ifndef MAIL_OPS_REMOVAL_H
#define MAIL_OPS_REMOVAL_H

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct cx;
struct project;

/* Rows that went, and files and directories that the rows stood for. */
struct removal {
	int64_t agents, messages;
	int64_t recipients;      /* what it had received; of a project: all recipients */
	int64_t sent_recipients; /* recipients of what it had sent */
	int64_t reservations, links, windows;
	int64_t summaries, siblings, product_links;
	int64_t files, dirs;
};

/* 0, or -1 with cx->fail. */
int removal_agent(struct cx *cx, const struct project *p, const struct agent *a, struct removal *out);
int removal_project(struct cx *cx, const struct project *p, struct removal *out);

#endif
