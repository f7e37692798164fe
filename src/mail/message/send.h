/*
 * send - a new message, or a reply, from one agent to many.
 *
 * All of it happens inside one write operation: every delivery, or none where
 * the call fails. A send that fails because a contact must be asked for keeps
 * the contact requests that it made (cx->keep_writes).
 */
#ifndef MAIL_MESSAGE_SEND_H
#define MAIL_MESSAGE_SEND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fail.h"
#include "base/str.h"
#include "mail/agent/agent.h"
#include "mail/message/attach.h"
#include "mail/message/deliver.h"
#include "mail/project/project.h"

struct cx;

struct message_send {
	struct str project_key, sender_name, sender_token;
	struct str_list recipients[RECIPIENT_KINDS];
	struct str subject, body_md;
	struct str importance; /* absent: normal */
	struct str thread_id;  /* absent: a thread of its own */
	struct str topic;      /* absent: none; empty is an error */
	bool ack_required, broadcast;
	bool has_auto_contact, auto_contact; /* unset: the setting */
	struct send_attach attach;
};

struct message_reply {
	struct str project_key, sender_name, sender_token;
	int64_t message_id;
	struct str body_md;
	bool has[RECIPIENT_KINDS]; /* given, though perhaps empty; `to` not given: to whom the message says */
	struct str_list recipients[RECIPIENT_KINDS];
	struct str subject_prefix;
	struct str importance; /* absent: as the message has it */
	bool has_ack_required, ack_required;
	struct send_attach attach;
};

/* Somebody whom a broadcast did not reach (decision 3.53). */
struct send_skipped {
	struct str agent;
	const char *reason; /* AGENT_RETIRED, INACTIVE, CONTACT_BLOCKED, CONTACT_REQUIRED */
};

struct message_sent {
	struct project project; /* of the sender */
	struct agent sender;
	struct outgoing *parts; /* one for each project, the sender's own first */
	struct delivery *v;     /* what became of each */
	size_t n;
	size_t stored; /* how many of them are messages now */
	bool broadcast;
	struct send_skipped *skipped;
	size_t nskipped;
	/* Of a reply. */
	int64_t reply_to;
	struct str thread_id;
	enum err refused; /* a foreign recipient takes no mail: nothing was stored, and this is why */
	struct str refused_why;
};

/* 0 with *out, or -1. Nobody to send to is a success with n == 0, or a message without recipients by rules->send. */
int message_send(struct cx *cx, const struct message_send *in, struct message_sent *out);
/* As message_send, for an answer to a message that the sender wrote or received. */
int message_reply(struct cx *cx, const struct message_reply *in, struct message_sent *out);

/*
 * Before that, on the read handle: which image files the message names. Nothing
 * where it names none, or where sending it will fail anyhow. What was seen of them
 * goes into in->attach.found.
 */
void message_send_wants(struct cx *cx, const struct message_send *in, struct attach_wants *out);
void message_reply_wants(struct cx *cx, const struct message_reply *in, struct attach_wants *out);

#endif
