/*
 * inbox - what an agent received, and what it sent.
 */
#ifndef MAIL_MESSAGE_INBOX_H
#define MAIL_MESSAGE_INBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/message/message.h"

struct agent;
struct project;

struct inbox_query {
	int64_t limit;         /* 0..MESSAGE_LIST_MAX */
	int64_t since_ts;      /* strictly newer; 0 for all */
	bool urgent_only;      /* importance high or urgent */
	bool unread_only;      /* not yet read by this agent; ignored with ack_overdue_only and ack_before */
	bool ack_overdue_only; /* wants an acknowledgement and has waited INBOX_ACK_OVERDUE for it */
	int64_t ack_before;    /* wants an acknowledgement, created before that; 0 for any */
	bool oldest_first;     /* together with ack_before alone */
	struct str topic;      /* ignoring case; blank or absent for any */
	bool bodies;
	bool mark_read; /* write operations only: the rows given are read from now on */
};

#define INBOX_ACK_OVERDUE (30 * 60 * USEC)

/* limit < 1 is INVALID_LIMIT, more than the maximum is cut with a warning. */
int inbox_check_limit(struct cx *cx, int64_t limit, int64_t *out);
/* ISO-8601 text to *out, blank to 0; INVALID_TIMESTAMP names `param`. */
int inbox_check_since(struct cx *cx, const char *param, struct str text, int64_t *out);
/* Calls fn for each message to `agent`, newest first. */
int inbox_each(struct cx *cx, const struct project *p, const struct agent *agent, const struct inbox_query *q,
    message_fn *fn, void *arg);

/*
 * Calls fn for each message with this topic, ignoring case, newest first, that
 * viewer sent or received; NULL sees all. limit 1..MESSAGE_LIST_MAX.
 */
int topic_each(struct cx *cx, const struct project *p, struct str topic, const struct agent *viewer,
    const struct inbox_query *q, message_fn *fn, void *arg);

struct outbox_query {
	int64_t limit;
	int64_t since_ts;
	bool bodies;
	bool recipients; /* fill to, cc, bcc */
};

/* Calls fn for each message that `agent` sent within its own project, newest first. */
int outbox_each(struct cx *cx, const struct project *p, const struct agent *agent, const struct outbox_query *q,
    message_fn *fn, void *arg);

#endif
