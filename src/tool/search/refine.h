/*
 * refine - asking a language model to better a summary: the question for the
 * helper process, and what its answer means (helper/question.h: "chat";
 * contract/reservations-resources.md 3.3).
 *
 * Whatever goes wrong, the summary is given as it is, with a warning.
 */
#ifndef TOOL_SEARCH_REFINE_H
#define TOOL_SEARCH_REFINE_H

#include <stdbool.h>

#include "base/json_read.h"
#include "base/json_write.h"
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
/* Writes the question: 1, or 0 when the excerpt is empty. `model` may be absent. The ids of the excerpt come back with the answer. */
int refine_question(struct cx *cx, enum refine_what what, struct str model, const struct excerpt *e, struct jw *q);
/* The question about one thread, as viewer sees it; 0 when there is none. */
int refine_thread(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, struct str model, struct jw *q);
/* The model's object, its name and the echoed ids (both may be NULL). False after a warning. */
bool refine_reply(struct cx *cx, struct jr *reply, struct str *model, struct str *ids);
/* What a reply about one thing says, in the arena of cx; members of a wrong type are passed over. */
void refine_read(struct cx *cx, struct jr reply, struct refined *out);
/* For the thread tools: betters s by the answer in cx, if there is one. Nothing for an empty summary. */
void refine_summary(struct cx *cx, struct summary *s);

#endif
