/*
 * introduction - asking for a contact, of which the target is told by mail
 * (contract/messaging.md 12.1).
 *
 * The state of the contact is contact.h's. What reservations of others stop is
 * told again by the next request.
 */
#ifndef MAIL_MESSAGE_INTRODUCTION_H
#define MAIL_MESSAGE_INTRODUCTION_H

#include <stdbool.h>

#include "mail/contact/contact.h"
#include "mail/message/deliver.h"

struct contact_asked {
	struct contact_link link;
	bool notified; /* intro is filled: delivered, or stopped by reservations (intro.blocks) */
	struct delivery intro;
};

/* Asks for from -> to, inside a write operation. CONTACT_BLOCKED and AGENT_RETIRED deliver nothing. 0 or -1. */
int contact_ask(
    struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_asked *out);
/* request_contact: lookups, authentication, the missing agent, then contact_ask. 0 or -1. */
int contact_request(
    struct cx *cx, const struct contact_request *in, struct contact_pair *pair, struct contact_asked *out);

#endif
