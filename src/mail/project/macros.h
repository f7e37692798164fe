/*
 * macros - lists of steps that a project keeps under a name, for its agents to
 * ask for (contract/rest-and-rust-peers.md A.3).
 *
 * Steps are JSON that nobody here looks into; they are given back, never run.
 * Five are there in every project without a row; a project may unregister or
 * replace them.
 */
#ifndef MAIL_PROJECT_MACROS_H
#define MAIL_PROJECT_MACROS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

/* Of one project. */
#define MACROS_MAX 1000

struct macro {
	int64_t id;
	struct str name, description;
	struct str steps; /* JSON array */
	int64_t nsteps;
};

struct macros {
	struct macro *v;
	size_t n;
};

/* Newest first, built-in ones last. 0 or -1. */
int macros_list(struct cx *cx, const struct project *p, struct macros *out);
/* Looks a macro up by its name. */
int macros_find(struct cx *cx, const struct project *p, struct str name, struct macro *out);
/*
 * Keeps a new one, inside a write operation: 0 with m->id, or -1: CONFLICT when
 * the name is taken, INVALID_ARGUMENT for a name, description or steps beyond the
 * limits, RESOURCE_EXHAUSTED for too many.
 */
int macros_register(struct cx *cx, const struct project *p, struct macro *m);
/* Removes it, inside a write operation; 0 when it was not there. */
int macros_unregister(struct cx *cx, const struct project *p, struct str name);

#endif
