/*
 * threads - the conversations of a project, the one with the newest mail first.
 */
#ifndef MAIL_MESSAGE_THREADS_H
#define MAIL_MESSAGE_THREADS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

struct thread_head {
	struct str key;     /* thread_id, or the number of a message that nobody has answered */
	struct str subject; /* of its first message */
	int64_t messages, last_ts;
};

struct thread_heads {
	struct thread_head *v;
	size_t n;
};

/*
 * At most `limit` (negative: 1,000, decision 3.59), from among the newest 20,000
 * messages. 0, or -1 with cx->fail.
 */
int threads_list(struct cx *cx, const struct project *p, int64_t limit, struct thread_heads *out);

#endif
