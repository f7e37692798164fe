/*
 * deliver_groups - hands one message to every project that has recipients.
 */
#ifndef MAIL_MESSAGE_DELIVER_GROUPS_H
#define MAIL_MESSAGE_DELIVER_GROUPS_H

#include "mail/message/recipient.h"
#include "mail/message/send.h"

/*
 * Delivers `draft` (all but project and recipients is filled) to the groups of
 * `list`; fills out's parts, v, n and stored. What reservations stop is told in
 * out->v, or fails the call (rules->send.stop_at_first_conflict). 0, or -1.
 */
int deliver_groups(struct cx *cx, const struct outgoing *draft, const struct send_attach *attach,
    const struct resolved_recipients *list, struct message_sent *out);
/*
 * Which files a message names that `from` sends to these, for the helper to look at. Nothing when they
 * cannot be resolved: sending will fail and say so.
 */
void deliver_wants(struct cx *cx, const struct contact_sender *from, const struct str_list recipients[RECIPIENT_KINDS],
    const struct send_attach *attach, struct str body, struct attach_wants *out);
/* Of both send and reply: can there be any such file? */
bool deliver_may_want(const struct cx *cx, const struct send_attach *attach, struct str body);
/* Warns of an importance that nobody knows. */
void deliver_check_importance(struct cx *cx, struct str importance);

#endif
