/*
 * feed - deliveries to one agent in the order in which they were made, for those
 * who follow an inbox with a cursor (fetch_inbox_events, wait_for_mail).
 *
 * A cursor is the id of the last message seen: ids rise in the order of commits
 * and are never used twice (decision 3.44), so the inbox itself is the ledger
 * and a send writes nothing more. To callers it is a number without meaning.
 */
#ifndef MAIL_MESSAGE_FEED_H
#define MAIL_MESSAGE_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "mail/message/message.h"

struct agent;
struct cx;

/* The oldest and the newest delivery that are still there; 0 when there are none. */
struct feed_ends {
	int64_t oldest, tail;
};

/* Looks up the ends of an agent's feed. 0, or -1 with cx->fail. */
int feed_ends(struct cx *cx, const struct agent *agent, struct feed_ends *out);
/*
 * May one go on from `after`? CURSOR_EXPIRED when mail beyond it was removed
 * before it could be seen, CURSOR_AHEAD when the agent never got so far.
 */
int feed_check(struct cx *cx, const struct agent *agent, int64_t after, const struct feed_ends *ends);

struct feed_query {
	int64_t after;
	int64_t limit;
	bool unread_only;
	bool bodies;
};

/* Calls fn for each message to `agent` beyond q->after, oldest first. */
int feed_each(struct cx *cx, const struct agent *agent, const struct feed_query *q, message_fn *fn, void *arg);

#endif
