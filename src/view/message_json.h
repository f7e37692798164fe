/*
 * message_json - messages as REST writes them, as the Rust server does
 * (contract/rest-and-rust-peers.md A.2, A.3).
 *
 * Names of bcc recipients are never among `recipients` (decision 3.13), and a
 * message that begins a thread shows its own number as thread_id (3.35).
 */
#ifndef VIEW_MESSAGE_JSON_H
#define VIEW_MESSAGE_JSON_H

#include "base/json_write.h"

struct cx;
struct message;

/* Members of an open object, of all that follow but rows of lists and what search found. */
void rest_message_members(struct cx *cx, struct jw *w, const struct message *m);
/* {id, subject, sender_name, created_ts}: a row of inbox and outbox. */
void rest_message_row(struct jw *w, const struct message *m);
/* What send and reply answer. */
void rest_message_sent(struct cx *cx, struct jw *w, const struct message *m);
/* That and attachments and recipients: one message, a thread. m->people is filled. */
void rest_message_full(struct cx *cx, struct jw *w, const struct message *m);
/* {id, subject, sender_name, thread_id, body_md, importance, created_ts}: what search found. */
void rest_message_found(struct cx *cx, struct jw *w, const struct message *m);

#endif
