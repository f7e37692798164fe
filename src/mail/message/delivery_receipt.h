/*
 * delivery - to whom a message was delivered, and what they did with it, as one
 * viewer may know it (get_message_delivery_receipt).
 */
#ifndef MAIL_MESSAGE_DELIVERY_RECEIPT_H
#define MAIL_MESSAGE_DELIVERY_RECEIPT_H

#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;
struct message;

struct delivery_receipt {
	int64_t agent_id;
	struct str recipient, kind; /* borrowed until the function returns */
	int64_t ack_ts;             /* 0: not yet */
	int64_t signal_ts;          /* when its signal file was written; 0: it was not */
};

typedef int delivery_receipt_fn(struct cx *cx, const struct delivery_receipt *d, void *arg);

/*
 * Calls fn for each recipient of m, by agent id: bcc whole for the sender, only
 * himself for one of them, none for others and for viewer NULL (decision 3.13).
 */
int delivery_receipt_each(
    struct cx *cx, const struct message *m, const struct agent *viewer, delivery_receipt_fn *fn, void *arg);

#endif
