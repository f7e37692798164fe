/*
 * unreachable - recipients that cannot be written to, or not yet.
 *
 * Between resolving names (recipient.h) and delivering: send and reply come
 * here. Nobody is dropped in silence: every name is reachable afterwards, or
 * the call fails and says who is not and what to do.
 */
#ifndef MAIL_MESSAGE_UNREACHABLE_H
#define MAIL_MESSAGE_UNREACHABLE_H

#include <stdbool.h>

#include "mail/message/recipient.h"

struct message_sent;

struct unreachable_rules {
	bool reply;        /* the words and exceptions of reply_message */
	bool auto_contact; /* ask for the contacts that are missing */
};

/*
 * 0 when all of `list` may be delivered to; unknown names may have become
 * agents by then (messaging_auto_register_recipients), contacts approved.
 * -1 with cx->fail, and cx->keep_writes where contacts were asked for. A reply
 * to a foreign agent that takes no mail is 0 with out->refused.
 */
int unreachable_settle(struct cx *cx, const struct contact_sender *from, const struct unreachable_rules *rules,
    struct resolved_recipients *list, struct message_sent *out);

#endif
