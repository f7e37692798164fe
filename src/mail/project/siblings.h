/*
 * siblings - projects that seem to belong together, by their names and places
 * (contract/surface.md 6, sibling analysis).
 *
 * A new project is compared with the newest ones before it; what is alike becomes
 * a row with status suggested, which people confirm or dismiss.
 */
#ifndef MAIL_PROJECT_SIBLINGS_H
#define MAIL_PROJECT_SIBLINGS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

/* Projects that a new one is compared with, and suggestions made of it, at most. */
#define SIBLINGS_COMPARED 1000
#define SIBLINGS_MADE 5
/* No list is longer (decision 3.59). */
#define SIBLINGS_MAX 1000

struct sibling {
	int64_t id, other_id; /* of the row; of the other project */
	double score;         /* 0 to 1 */
	struct str status;    /* suggested, confirmed, dismissed */
	struct str rationale;
};

struct siblings {
	struct sibling *v;
	size_t n;
};

/* Lists the siblings of a project, most alike first. 0 or -1. */
int siblings_list(struct cx *cx, const struct project *p, struct siblings *out);
/* Stores suggestions for a project that was just made, inside its write operation. 0 or -1. */
int siblings_suggest(struct cx *cx, const struct project *p);

#endif
