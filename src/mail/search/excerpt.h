/*
 * excerpt - the beginning of messages as plain text, for a language model
 * (contract/reservations-resources.md 3.3).
 */
#ifndef MAIL_SEARCH_EXCERPT_H
#define MAIL_SEARCH_EXCERPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/message/message.h"

struct cx;

/* Bytes of text that are sent at most, counted as JSON: it must fit into one query (ipc/helper_query.h). */
#define EXCERPT_BYTES 56000
/* Messages that any excerpt takes. */
#define EXCERPT_MESSAGES 30

struct excerpt {
	size_t max;   /* messages, up to EXCERPT_MESSAGES */
	size_t chars; /* of each body */
	bool threads; /* each message begins with the thread that it belongs to */
	struct buf text;
	size_t cost; /* of the text, as JSON */
	size_t n;    /* messages so far */
	int64_t ids[EXCERPT_MESSAGES];
};

/* Empty, in `a`; ends at `max` bytes of JSON, and takes `chars` characters of a body at most. */
void excerpt_init(struct excerpt *e, struct arena *a, size_t max, size_t chars);
/* Adds a message with its body, until the excerpt is full; a message_fn. Always 0. */
int excerpt_add(struct cx *cx, const struct message *m, void *excerpt);
/* A line of text that is no message, up to `chars` characters of it. */
void excerpt_line(struct excerpt *e, const char *lead, struct str line);

#endif
