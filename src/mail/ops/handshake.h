/*
 * handshake - ask for a contact, and if wanted grant it and say hello, in one
 * operation (macro_contact_handshake, contract/messaging.md 15.4).
 */
#ifndef MAIL_OPS_HANDSHAKE_H
#define MAIL_OPS_HANDSHAKE_H

#include <stdbool.h>

#include "base/fail.h"
#include "mail/contact/contact.h"
#include "mail/message/introduction.h"
#include "mail/message/send.h"

struct handshake {
	struct contact_request ask; /* names may be absent: inferred where the project leaves no choice */
	bool auto_accept;
	struct str target_token;
	struct str welcome_subject, welcome_body, thread_id; /* absent: no welcome */
};

enum handshake_answer {
	HANDSHAKE_ASKED,    /* nobody has answered */
	HANDSHAKE_APPROVED, /* it was approved before, or both sides are the caller's */
	HANDSHAKE_ACCEPTED, /* the target has accepted */
	HANDSHAKE_NO_PROOF, /* the caller is not known to be the target */
};

struct handshake_done {
	struct contact_pair pair;
	struct contact_asked asked;
	enum handshake_answer answer;
	int updated; /* of HANDSHAKE_ACCEPTED, as contact_respond */
	int64_t expires_ts;
	bool welcomed; /* `welcome` is filled */
	struct message_sent welcome;
	bool welcome_failed; /* and this is why; the rest stands */
	struct fail why;
};

/* 0 with *out, or -1. Denials, block_all and retirement are not passed (decision 3.37). */
int handshake(struct cx *cx, const struct handshake *in, struct handshake_done *out);

#endif
