/*
 * summary_json - summaries as JSON of the MCP tools
 * (contract/reservations-resources.md 3).
 */
#ifndef VIEW_SUMMARY_JSON_H
#define VIEW_SUMMARY_JSON_H

#include <stddef.h>

#include "base/json_write.h"
#include "mail/search/summary.h"
#include "mail/search/summary_recent.h"

/* The object of section 3.1. */
void summary_write(struct jw *w, const struct summary *s);
/* [{id, subject, from, created_ts}] */
void summary_write_examples(struct jw *w, const struct summary *s);
/* key: [{name, count}] */
void summary_write_mentions(struct jw *w, const char *key, const struct mention *v, size_t n);
/* As a member: the first `max`. */
void bag_write(struct jw *w, const char *key, const struct bag *b, size_t max);

/* A kept summary, and whether it had been made before: what summarize_recent answers. */
void recent_write(struct jw *w, const struct recent_row *r);
/* A row of fetch_summary; a recent_fn whose arg is the writer. Always 0. */
int recent_write_row(struct cx *cx, const struct recent_row *r, void *jw);

#endif
