/*
 * refine - a language model betters a summary: the query to the helper process, and what its result means
 * (ipc/query/chat.h; contract/reservations-resources.md 3.3).
 *
 * Whatever goes wrong, the summary is given as it is, with a warning.
 */
#ifndef TOOL_SEARCH_REFINE_H
#define TOOL_SEARCH_REFINE_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/json_read.h"
#include "mail/search/excerpt.h"
#include "mail/search/refined.h"

struct agent;
struct cx;
struct project;

/* What the excerpt is of. */
enum refine_what { REFINE_THREAD, REFINE_THREADS, REFINE_RECENT };

/* Messages of one thread that a model sees, and characters of each; the same of recent mail. */
#define REFINE_MESSAGES 15
#define REFINE_CHARS 800
#define REFINE_RECENT_MESSAGES 30
#define REFINE_RECENT_CHARS 400

/* llm_enabled is on, and the caller wants it. */
bool refine_wanted(const struct cx *cx, bool llm_mode);
/* Writes the query: 1, or 0 when the excerpt is empty. `model` may be absent. The ids of the excerpt come back with the result. */
int refine_query(struct cx *cx, enum refine_what what, struct str model, const struct excerpt *e, struct buf *out);
/* The query about one thread, as viewer sees it: 1, 0 for none, -1 with cx->fail. */
int refine_thread(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, struct str model,
    struct buf *out);
/* What the model wrote, with its name and the ids. False after a warning. */
struct chat_result;
bool refine_result(struct cx *cx, struct chat_result *out);
/* What the model wrote about one thing, in the arena of cx; members of a wrong type are passed over. */
void refine_read(struct cx *cx, struct jr reply, struct refined *out);
/* For the thread tools: betters s by the result in cx, if there is one. Nothing for an empty summary. */
void refine_summary(struct cx *cx, struct summary *s);

#endif
