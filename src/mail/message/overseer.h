/*
 * overseer - mail from people to agents.
 *
 * They sign as HumanOverseer, an agent that each project gets with its first such
 * message: no token, contact policy open, so that everybody can answer. Contact
 * rules, retirement and reservations do not stop it (decision 3.37).
 */
#ifndef MAIL_MESSAGE_OVERSEER_H
#define MAIL_MESSAGE_OVERSEER_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct agent;
struct cx;
struct project;

#define OVERSEER_NAME "HumanOverseer"

struct overseer_message {
	const struct project *project;
	const struct agent *to; /* distinct agents of the project */
	size_t nto;
	struct str subject, body_md;
	struct str importance; /* absent: high */
	struct str thread_id;  /* absent: a thread of its own */
};

/* Stores the message: 0 with its number and time, or -1. Inside a write operation; the caller has authenticated. */
int overseer_send(struct cx *cx, const struct overseer_message *in, int64_t *id, int64_t *created_ts);

#endif
