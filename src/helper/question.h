/*
 * question - what the helper can be asked: one row of a table each.
 *
 *   {"do":"signs","dir":str,"items":[{"id":int,"pattern":str}]}
 *     {"items":[{"id","matched","files_ts","git_ts"}]}: times in microseconds, git_ts null when unknown;
 *     an item that could not be seen is left out
 *   {"do":"head","dir":str}
 *     {"branch":str|null,"worktree":str|null}
 *   {"do":"guard_install","repo":str,"roots":[str],"records":str}
 *     {"hook":str} or {"error":int,"text":str}: errno, 0 for a wrong argument
 *   {"do":"guard_uninstall","repo":str,"roots":[str]}
 *     {"removed":bool} or as above; roots absent: anywhere
 */
#ifndef HELPER_QUESTION_H
#define HELPER_QUESTION_H

#include <stdint.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_write.h"

struct helper_task {
	struct arena *arena;
	int64_t deadline;        /* monotonic: what is not done then is unknown */
	struct jr ask;
	struct jw *answer;       /* inside the object */
};

/* Writes the answer to the question as an object; nothing for what it does not understand. */
void question_answer(struct str text, int64_t deadline, struct arena *a, struct buf *out);

/* The rows. */
void question_signs(struct helper_task *t);
void question_head(struct helper_task *t);
void question_guard_install(struct helper_task *t);
void question_guard_uninstall(struct helper_task *t);

#endif
