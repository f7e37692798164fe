/*
 * message_json - messages as the Rust server writes them
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

/* Writes {id, subject, sender_name, created_ts}: a row of inbox and outbox. */
void letter_row(struct jw *w, const struct message *m);
/* Writes the answer of send and reply. */
void letter_sent(struct cx *cx, struct jw *w, const struct message *m);
/* Writes that with attachments and recipients, for one message and for threads. m->people is filled. */
void letter_full(struct cx *cx, struct jw *w, const struct message *m);
/* Writes {id, subject, sender_name, thread_id, body_md, importance, created_ts}: a row of a search. */
void letter_found(struct cx *cx, struct jw *w, const struct message *m);

#endif
