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

#include "base/json_write.h"

struct agent;
struct cx;
struct excerpt;
struct project;
struct refined;

/* Messages that one summary is made of at most. */
#define RECENT_MAX 500

struct recent_query {
	double hours;
	int64_t max;                      /* messages, the newest; negative or more: RECENT_MAX */
	bool refine;                      /* a summary by a language model is wanted */
	const struct refined *refined;    /* what it said; NULL: it could not be asked */
};

/*
 * Writes the summary. One of the same window, within five minutes, without newer
 * mail and made by a model or not as wanted, is given again. Viewer NULL sees
 * the project. Inside a write operation; 0, 1 when it was made without the model
 * that was wanted, -1 with cx->fail.
 */
int recent_summary(struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q,
    struct jw *out);
/* Fills e with the first messages of the window; leaves it empty where a model need not be asked: no mail, or kept. 0 or -1. */
int recent_excerpt(struct cx *cx, const struct project *p, const struct agent *viewer, const struct recent_query *q,
    struct excerpt *e);
/* Writes those that ended within the last `hours`, newest first, as an array. limit as in decision 3.59. */
int recent_list(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t limit,
    struct jw *out);

#endif
