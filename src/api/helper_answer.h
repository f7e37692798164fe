/*
 * helper_answer - questions to the helper that several tools ask, and what their
 * answers mean (helper/question.h).
 */
#ifndef API_HELPER_ANSWER_H
#define API_HELPER_ANSWER_H

#include "base/json_write.h"
#include "base/str.h"
#include "mail/reservation/head.h"

struct cx;
struct project;

/* "signs" for these reservations of p that may be stale; 1, or 0 when there is none. */
struct reservations;
int signs_question(struct cx *cx, const struct project *p, const struct reservations *list, struct jw *q);
/* Stores what the answer says; nothing for an absent one. Inside a write operation. 0 or -1. */
int signs_answer(struct cx *cx, struct str answer);

/* "guard_install" for p, or "guard_uninstall" with p NULL: anywhere below a project or guard_roots. 1 or -1. */
int guard_question(struct cx *cx, const struct project *p, struct str repo, struct jw *q);
/* The member of a successful answer; else -1 with the failure that it tells, or RESOURCE_BUSY for none. */
int guard_answer(struct cx *cx, const char *member, struct str *text, bool *flag);

/*
 * "head" for a tool that reserves: of the directory of the project `key`, or of
 * `key` itself where there is no project yet; 1, or 0 when it was seen lately.
 */
int head_ask(struct cx *cx, struct str key, struct jw *q);
/* Branch and worktree that the answer names; absent where nobody could tell. */
struct head head_told(struct cx *cx);
/* Writes the question "head" for p's directory. */
void head_question(const struct project *p, struct jw *q);
/* The branch that the answer names; absent when there is none or nobody could tell. */
struct str head_answer(struct cx *cx);

#endif
