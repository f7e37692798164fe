/*
 * reviews - mail that still waits for somebody's acknowledgement, for people who
 * look.
 *
 * Only to and cc count: a message that waits for a bcc alone would give it away
 * (decision 3.13).
 */
#ifndef MAIL_MESSAGE_REVIEWS_H
#define MAIL_MESSAGE_REVIEWS_H

#include <stddef.h>
#include <stdint.h>

#include "mail/message/message.h"

struct agent;
struct project;

/* Only so many of the newest messages that wait are looked at. */
#define REVIEWS_WALK 5000

struct reviews_query {
	const struct project *project; /* NULL: all */
	const struct agent *sender;    /* NULL: anybody */
	int64_t limit;                 /* 1..MESSAGE_LIST_MAX */
};

struct review_recipient {
	int64_t agent_id;
	struct str name;
	enum recipient_kind kind;
	int64_t read_ts, ack_ts; /* 0 for not yet */
};

/* In cx->arena, without people. */
struct review {
	struct message m;
	int64_t thread_messages;
	struct review_recipient *recipients;
	size_t nrecipients, pending, read; /* pending: not acknowledged */
};

struct reviews {
	struct review *v;
	size_t n;
};

/* Lists what waits, newest first. 0 or -1. */
int reviews_list(struct cx *cx, const struct reviews_query *q, struct reviews *out);

#endif
