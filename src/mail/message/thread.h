/*
 * thread - one message, or the messages of a thread, as one viewer may see them.
 *
 * A viewer sees what it sent or received; viewer NULL is somebody who may see
 * the whole project, without bcc (decision 3.38).
 */
#ifndef MAIL_MESSAGE_THREAD_H
#define MAIL_MESSAGE_THREAD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/message/message.h"

struct agent;
struct project;

/* Looks a message up with body and people, copied into cx->arena; 0 also when the viewer may not see it. */
int message_find(struct cx *cx, const struct project *p, int64_t id, const struct agent *viewer, struct message *out);
/*
 * Calls fn for each message whose thread_id is `key`, or whose id is its
 * decimal value, oldest first; of a longer thread the newest MESSAGE_LIST_MAX.
 */
int thread_each(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, bool bodies,
    message_fn *fn, void *arg);
/*
 * The same with body and without people, at most `limit`: its oldest. Negative:
 * the newest MESSAGE_LIST_MAX, as above.
 */
int thread_bodies(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, int64_t limit,
    message_fn *fn, void *arg);
/* The key that replies to m carry: its thread_id, else its decimal id. In cx->arena. */
struct str thread_key(struct cx *cx, const struct message *m);
/* Trims; blank is absent. INVALID_THREAD_ID when it breaks contract/messaging.md 6.7; who has no such rule does not call this. */
int thread_id_check(struct cx *cx, struct str text, struct str *out);

#endif
