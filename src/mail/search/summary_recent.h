/*
 * summary_recent - summaries of the last hours of a project, kept for fetch_summary
 * (contract/reservations-resources.md 3.4, 3.5).
 *
 * A viewer's summary is made of the mail that it may see, and shown to it alone.
 */
#ifndef MAIL_SEARCH_SUMMARY_RECENT_H
#define MAIL_SEARCH_SUMMARY_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;
struct excerpt;
struct project;
struct refined;

/* Messages that one summary is made of at most. */
#define RECENT_MAX 500

struct recent_query {
	double hours;
	int64_t max;                   /* messages, the newest; negative or more: RECENT_MAX */
	bool refine;                   /* a summary by a language model is wanted */
	const struct refined *refined; /* what it said; NULL: it could not be asked */
};

/* A summary as it is kept. */
struct recent_row {
	int64_t id;      /* 0: there was no mail, so nothing is kept */
	bool cached;     /* it had been made before */
	struct str text; /* a JSON document (recent_text.h), or a sentence */
	int64_t start_ts, end_ts;
	int64_t messages;
	struct str thread_ids; /* JSON array of strings */
	struct str model;      /* absent: none */
	bool has_cost;
	double cost;
	int64_t created_ts;
};

/*
 * Makes the summary, in cx->arena. One of the same window, within five minutes, without newer
 * mail and made by a model or not as wanted, is given again. Viewer NULL sees
 * the project. Inside a write operation; 0, 1 when it was made without the model
 * that was wanted, -1 with cx->fail.
 */
int recent_summary(struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q,
    struct recent_row *out);
/* Fills e with the first messages of the window; leaves it empty where a model need not be asked: no mail, or kept. 0 or -1. */
int recent_excerpt(struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q,
    struct excerpt *e);

/* Its text is borrowed until the function returns. */
typedef int recent_fn(struct cx *cx, const struct recent_row *r, void *arg);
/* Calls fn for those that ended within the last `hours`, newest first. limit as in decision 3.59. 0 or -1. */
int recent_each(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t limit,
    recent_fn *fn, void *arg);

#endif
