/*
 * unified - the newest mail of all projects, for people who look.
 */
#ifndef MAIL_MESSAGE_UNIFIED_H
#define MAIL_MESSAGE_UNIFIED_H

#include <stdint.h>

#include "mail/message/message.h"

/* With `importance` only so many of the newest messages are looked at. */
#define UNIFIED_WALK 20000
/* Bytes of bodies after which no further message is given. */
#define UNIFIED_BYTES (8 << 20)

struct unified_query {
	struct str importance; /* absent: any */
	int64_t limit;         /* 1..MESSAGE_LIST_MAX */
};

/* A row: the message, with body and without people, and its project's slug. */
typedef int unified_fn(struct cx *cx, const struct message *m, struct str slug, void *arg);

/* Calls fn for each, newest first; a warning tells where UNIFIED_BYTES ended it. 0 or -1. */
int unified_each(struct cx *cx, const struct unified_query *q, unified_fn *fn, void *arg);

#endif
