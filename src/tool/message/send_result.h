/*
 * send_result - what send_message and reply_message answer (contract/messaging.md 12.1, 12.5).
 */
#ifndef TOOL_MESSAGE_SEND_RESULT_H
#define TOOL_MESSAGE_SEND_RESULT_H

#include "base/json_write.h"

struct cx;
struct message_sent;

/* One object each. Where nothing was stored because of others, the object tells it and cx->refused is set. */
void send_result(struct cx *cx, const struct message_sent *sent, struct jw *out);
void reply_result(struct cx *cx, const struct message_sent *sent, struct jw *out);

#endif
