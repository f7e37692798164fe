/*
 * message - one stored message as its readers get it.
 *
 * Readers (inbox.h, thread.h) hand rows to a function while the database
 * cursor stands on them, so that lists are written without copies.
 */
#ifndef MAIL_MESSAGE_MESSAGE_H
#define MAIL_MESSAGE_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/message/deliver.h"

struct arena;
struct cx;
struct project;
struct stmt;

struct message {
	int64_t id, project_id, sender_id;
	struct str thread_id, topic, subject, importance;
	bool ack_required;
	int64_t created_ts, reply_to;
	struct str attachments; /* JSON array */
	struct str body_md;     /* absent unless asked for */
	struct str commit_id;   /* absent until archived */
	struct str commit; /* all about it as a JSON object, when somebody has asked Git; absent: no more than the id is shown */
	struct str from;
	struct str from_project, from_slug; /* human_key and slug of a sender in another project; else absent */
	struct str kind;                    /* how the viewer got it: to, cc, bcc; absent when he did not */
	int64_t read_ts, ack_ts;            /* of the viewer, 0 for not yet */
	struct str_list recipients[RECIPIENT_KINDS]; /* names, where the reader fills them */
};

/* What readers call for each message; its strings are borrowed until it returns. 0, or -1 with cx->fail to stop. */
typedef int message_fn(struct cx *cx, const struct message *m, void *arg);

/* No list is longer, whatever was asked for (decision 3.59). */
#define MESSAGE_LIST_MAX 1000

/* Columns of every statement whose text starts with MSG_COLS (store/stmt/message.def). */
int message_read_row(struct cx *cx, struct stmt *s, int64_t project_id, bool body, struct message *out);
/*
 * Fills m->people as `viewer_id` may see them: bcc whole for the sender, only
 * himself for one of them, empty for others (decision 3.13). Viewer 0 is nobody.
 */
int message_read_recipients(struct cx *cx, struct message *m, int64_t viewer_id);
/* Fills *out with what was delivered, as its sender sees it; lists lie in `a`, the rest is borrowed from d. */
void message_of_delivery(struct arena *a, const struct delivery *d, struct message *out);

/*
 * Calls fn for the messages of a project beyond `after_id`, with bodies, oldest
 * first; at most `limit`, all with a negative one. 0 or -1.
 */
int message_each(struct cx *cx, const struct project *p, int64_t after_id, int64_t limit, message_fn *fn, void *arg);

/* -1 always: NOT_FOUND in the words of cx->rules (contract/messaging.md 12.5 step 2; rest-and-rust-peers.md A.1). */
int message_not_found(struct cx *cx, int64_t id, struct str viewer, struct str human_key);

#endif
