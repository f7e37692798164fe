/*
 * mail_list - {project, agent, count, messages} for inbox, mailbox and outbox
 * (contract/reservations-resources.md 8.10).
 */
#ifndef RESOURCE_MESSAGE_MAIL_LIST_H
#define RESOURCE_MESSAGE_MAIL_LIST_H

#include <stdint.h>

#include "base/json_read.h"
#include "base/json_write.h"
#include "mail/agent/agent.h"
#include "mail/message/message.h"
#include "mail/project/project.h"

struct mail_list {
	struct project project;
	struct agent agent;
	unsigned flags; /* enum shape_message_flag */
	int64_t count;
	struct jr commits; /* what Git says of their commits: [{id, commit}]; absent when nobody was asked */
	struct buf rows;
	struct jw w;
};

/* Where the list is asked for: the template, and what texts call it ("inbox resource"). */
struct mail_list_at {
	const char *uri, *label;
};

/* Project (its parameter is required) and agent, authenticated; begins the list. */
int mail_list_open(struct cx *cx, const struct mail_list_at *at, struct str project, struct str agent, struct str token,
    unsigned flags, struct mail_list *l);
/* For the reader: writes a row; arg is the list. */
int mail_list_row(struct cx *cx, const struct message *m, void *arg);
/* Writes the object. */
void mail_list_close(struct mail_list *l, struct jw *out);
/* Negative is "all" in the reference: as many as there may be. */
int64_t mail_list_limit(int64_t limit);
/* INVALID_ARGUMENT when the query names no project. */
int mail_list_need_project(struct cx *cx, struct str project, const char *label);

#endif
