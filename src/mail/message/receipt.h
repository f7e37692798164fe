/*
 * receipt - read and acknowledged: when an agent took note of a message.
 */
#ifndef MAIL_MESSAGE_RECEIPT_H
#define MAIL_MESSAGE_RECEIPT_H

#include <stdbool.h>
#include <stdint.h>

struct agent;
struct cx;
struct project;

/* Times as they are afterwards; 0 for a sender who is no recipient: it may ask, and changes nothing. */
struct receipt {
	int64_t read_ts, ack_ts;
};

/* Notes that the agent has read it; the first time counts. NOT_FOUND when `agent` cannot see the message. */
int receipt_read(
    struct cx *cx, const struct project *p, const struct agent *agent, int64_t message_id, struct receipt *out);
/* Acknowledges, which is reading, too. */
int receipt_ack(
    struct cx *cx, const struct project *p, const struct agent *agent, int64_t message_id, struct receipt *out);

#endif
