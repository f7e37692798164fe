/*
 * activity - what happened in a project lately: mail, reservations, agents that
 * came. Made of the rows themselves; nobody keeps a list of it.
 */
#ifndef MAIL_OPS_ACTIVITY_H
#define MAIL_OPS_ACTIVITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

/* No list is longer (decision 3.59). */
#define ACTIVITY_MAX 1000

struct activity {
	const char *kind;     /* "message", "file_reservation", "agent" */
	int64_t id, agent_id; /* of the kind; who did it */
	struct str title, description;
	int64_t at;
};

struct activities {
	struct activity *v;
	size_t n;
};

/* The newest `limit` (0..ACTIVITY_MAX), newest first; bcc is never told. 0 or -1. */
int activity_list(struct cx *cx, const struct project *p, int64_t limit, struct activities *out);

#endif
