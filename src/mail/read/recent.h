/*
 * recent - summaries of the last hours of a project, kept for fetch_summary
 * (contract/reservations-resources.md 3.4, 3.5).
 *
 * A viewer's summary is made of the mail that it may see, and shown to it alone.
 */
#ifndef MAIL_READ_RECENT_H
#define MAIL_READ_RECENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json_write.h"

struct agent;
struct cx;
struct project;

/* Messages that one summary is made of at most. */
#define RECENT_MAX 500

/*
 * Writes the summary of the last `hours`, made of the newest `max` messages
 * (negative or more: RECENT_MAX). One of the same window, within five minutes and
 * without newer mail, is given again. Viewer NULL sees the project. Inside a
 * write operation; 0, or -1 with cx->fail.
 */
int recent_summary(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t max,
    struct jw *out);
/* Writes those that ended within the last `hours`, newest first, as an array. limit as in decision 3.59. */
int recent_list(struct cx *cx, const struct project *p, const struct agent *viewer, double hours, int64_t limit,
    struct jw *out);

#endif
