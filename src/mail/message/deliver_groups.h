/*
 * deliver_groups - hands one letter to every project that has recipients.
 */
#ifndef MAIL_MESSAGE_DELIVER_GROUPS_H
#define MAIL_MESSAGE_DELIVER_GROUPS_H

#include "mail/message/recipient.h"
#include "mail/message/send.h"

/*
 * Delivers `letter` (all but project and recipients is filled) to the groups of
 * `list`; fills out's parts, v, n and stored. What reservations stop is told in
 * out->v, or fails the call (rules->send.stop_at_first_conflict). 0, or -1.
 */
int post(struct cx *cx, const struct deliver *letter, const struct send_attach *attach, const struct rcpt_list *list,
    struct message_sent *out);
/*
 * Which files a letter names that `from` sends to these people, for the helper to look at. Nothing when people
 * cannot be resolved: sending will fail and say so.
 */
void post_wants(struct cx *cx, const struct contact_sender *from, const struct strs people[RCPT_KINDS],
    const struct send_attach *attach, struct str body, struct attach_wants *out);
/* Of both send and reply: can there be any such file? */
bool post_may_want(const struct cx *cx, const struct send_attach *attach, struct str body);
/* Warns of an importance that nobody knows. */
void post_check_importance(struct cx *cx, struct str importance);

#endif
