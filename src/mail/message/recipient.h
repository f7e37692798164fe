/*
 * recipient - from the names in to, cc and bcc to agents (contract/messaging.md 12.3).
 *
 * A name is looked for among the sender's own project first, then among its
 * approved contacts elsewhere; `Name@project` and `project:slug#Name` say where.
 * Whether the found one may be written to is contact.h's verdict. Without
 * rules->send.plain_addresses only the second form is an address.
 */
#ifndef MAIL_MESSAGE_RECIPIENT_H
#define MAIL_MESSAGE_RECIPIENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "mail/agent/agent.h"
#include "mail/contact/contact.h"
#include "mail/message/deliver.h"
#include "mail/project/project.h"

/* One name and what became of it. */
struct resolved_recipient {
	struct str raw;  /* as given */
	struct str name; /* the agent part of an address */
	enum recipient_kind kind;
	bool addressed;                /* the name says which project */
	const struct project *project; /* where it is looked for; NULL when the address names none */
	struct str label;              /* of an address: human_key, or what was given */
	bool found;                    /* agent and verdict are valid */
	struct agent agent;
	enum contact_verdict verdict;
};

struct resolved_recipients {
	struct resolved_recipient *v; /* in order to, cc, bcc; no agent twice (decision 3.12) */
	size_t n;
};

/* Resolves all names and asks for each verdict. 0, or -1 with cx->fail; unknown names are no failure here. */
int recipients_resolve(struct cx *cx, const struct contact_sender *from, const struct str_list names[RECIPIENT_KINDS],
    struct resolved_recipients *out);
/* Adds an agent that was found otherwise, unless the list has it. The list must have room. */
void recipients_add(struct resolved_recipients *list, const struct resolved_recipient *one);
bool recipient_is_local(const struct resolved_recipient *one, const struct project *p);

/* The recipients of one project, ready for deliver(). */
struct recipient_group {
	const struct project *project;
	struct recipient *v;
	size_t n;
};
struct recipient_groups {
	struct recipient_group *v; /* the sender's own project first */
	size_t n;
};

/* Sorts the recipients that were found by project. */
void recipients_by_project(
    struct cx *cx, const struct resolved_recipients *list, const struct project *own, struct recipient_groups *out);

#endif
