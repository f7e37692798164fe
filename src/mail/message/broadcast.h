/*
 * broadcast - everybody in the project that the sender may reach (decision 3.53).
 */
#ifndef MAIL_MESSAGE_BROADCAST_H
#define MAIL_MESSAGE_BROADCAST_H

#include "mail/message/recipient.h"

struct message_sent;

/*
 * Adds the reachable agents of the sender's project as `to` recipients to
 * *list, in front of those who are named in cc and bcc; the others, but not
 * the sender, are in out->skipped. 0, or -1.
 */
int broadcast_expand(
    struct cx *cx, const struct contact_sender *from, struct resolved_recipients *list, struct message_sent *out);

#endif
