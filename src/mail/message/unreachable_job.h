/*
 * unreachable_job - what the two halves of unreachable share.
 */
#ifndef MAIL_MESSAGE_UNREACHABLE_JOB_H
#define MAIL_MESSAGE_UNREACHABLE_JOB_H

#include "mail/message/unreachable.h"

/* What was done about missing contacts, for the text of the failure. */
struct asked {
	struct str_list requested; /* local names */
	struct str_list approved;  /* in this session, local or foreign */
	struct str_list attempted; /* foreign: name@project */
	struct str_list external;  /* foreign and requested */
};

struct unreachable_job {
	struct cx *cx;
	const struct contact_sender *from;
	const struct unreachable_rules *rules;
	struct resolved_recipients *list;
	struct asked asked;
};

/* CONTACT_REQUIRED when a local recipient still wants an approved contact: -1, else 0. */
int unreachable_contact_required(struct unreachable_job *j);
/* RECIPIENT_NOT_FOUND when a name is unknown, or a foreign agent no approved contact: -1, else 0. */
int unreachable_not_found(struct unreachable_job *j);

#endif
