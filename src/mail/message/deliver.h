/*
 * deliver - puts one message into one project: rows, archive order, events.
 *
 * The recipients are resolved and allowed: routing (recipient.h) and the
 * contact rules (contact.h) come before. Callers are send, reply and the
 * contact tools. Runs inside a write operation only.
 */
#ifndef MAIL_MESSAGE_DELIVER_H
#define MAIL_MESSAGE_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/reservation/reserve.h"

struct agent;
struct cx;
struct picture;
struct project;

/* In order of precedence: who is named twice is kept once, in the first (decision 3.12). */
enum recipient_kind { RECIPIENT_TO, RECIPIENT_CC, RECIPIENT_BCC, RECIPIENT_KINDS };

/* "to", "cc", "bcc": the words of the rows. */
extern const char *const recipient_kinds[RECIPIENT_KINDS];

struct recipient {
	int64_t agent_id;
	struct str name; /* as stored */
	enum recipient_kind kind;
};

struct outgoing {
	const struct project *project; /* where it goes */
	const struct agent *sender;
	const struct project *sender_project; /* may be another one */
	const struct recipient *recipients;   /* distinct agents of `project` */
	size_t nrecipients;
	struct str subject, body_md, importance, thread_id, topic; /* thread_id, topic: absent for none */
	struct str attachments;                                    /* JSON array; absent for none */
	const struct picture *pictures;                            /* files that go with it */
	size_t npictures;
	bool attaches; /* it may write below attachments/: reservations there stop it */
	bool ack_required;
	bool overseer;    /* from people: reservations do not stop it (decision 3.37) */
	int64_t reply_to; /* message answered, 0 for none */
};

/* What was stored, or what stood in the way. Borrows from the struct outgoing and lives as long as it. */
struct delivery {
	const struct outgoing *in;
	int64_t id, created_ts;
	struct str window_id,
	    window_name; /* the sender's terminal window, where it has a live one in this project; else absent */
	struct mail_blocks blocks; /* reservations on its archive paths: when there are any it was not stored */
};

/*
 * Stores the message: 0, or -1 with cx->fail. With reservations of others on
 * the archive paths (contract/messaging.md 10 step 5) the return value is 0,
 * nothing is stored and out->blocks says why.
 */
int deliver(struct cx *cx, const struct outgoing *in, struct delivery *out);

/* A message to one agent of `project`, of normal importance, without thread or topic: what the contact tools send. */
int deliver_note(struct cx *cx, const struct project *project, const struct agent *to, const struct agent *sender,
    const struct project *sender_project, struct str subject, struct str body_md, bool ack_required,
    struct delivery *out);

#endif
