/*
 * post - hands one letter to every project that has recipients.
 */
#ifndef MAIL_SEND_POST_H
#define MAIL_SEND_POST_H

#include "mail/send/recipient.h"
#include "mail/send/send.h"

/*
 * Delivers `letter` (all but project and recipients is filled) to the groups of
 * `list`; fills out's parts, v, n and stored. What reservations stop is told in
 * out->v, by REST it is a failure. 0, or -1.
 */
int post(struct cx *cx, const struct deliver *letter, const struct rcpt_list *list, struct message_sent *out);
/* What send and reply check alike: INVALID_ARGUMENT for attachment paths, a warning for an importance nobody knows. */
int post_check_attach(struct cx *cx, const struct send_attach *attach);
void post_check_importance(struct cx *cx, struct str importance);

#endif
