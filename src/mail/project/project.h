/*
 * project - what a project is called, and making one (decision 3.40).
 *
 * An absolute path is a human_key, compared exactly, then ignoring case;
 * anything else is a slug, then a human_key. Nothing is ever resolved against
 * the daemon's directory. Archived projects are found like others.
 */
#ifndef MAIL_PROJECT_PROJECT_H
#define MAIL_PROJECT_PROJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct cx;

struct project {
	int64_t id;
	struct str slug, human_key;
	int64_t created_at, archived_at; /* archived_at 0: not archived */
};

struct projects {
	struct project *v;
	size_t n;
};

/* What is accepted as the key of a new project. */
enum project_keys {
	PROJECT_ABSOLUTE, /* an absolute path as given: ensure_project over MCP */
	PROJECT_OR_NAME,  /* a bare name too: REST, macro_start_session */
};

/* Looks a project up by its slug or path; blank and relative keys fail. */
int project_lookup(struct cx *cx, struct str key, struct project *out);
/* As project_lookup, for one that must exist: 0, or -1 with the errors of contract/messaging.md 6.3. */
int project_find(struct cx *cx, struct str key, struct project *out);
/* Looks a project up by its id. */
int project_by_id(struct cx *cx, int64_t id, struct project *out);
/* Finds or makes it, inside a write operation; `created` may be NULL. 0, or -1 (INVALID_ARGUMENT, CONFIGURATION_ERROR). */
int project_ensure(struct cx *cx, struct str human_key, enum project_keys accept, struct project *out, bool *created);
/*
 * Projects by id, at most `limit` (negative: 1,000, decision 3.59), whose slug
 * or human_key contains `contains` ignoring case (absent: all). 0 or -1.
 */
int project_list(struct cx *cx, struct str contains, int64_t limit, struct projects *out);
/* The newest of all, newest first; limit as above. 0 or -1. */
int project_list_newest(struct cx *cx, int64_t limit, struct projects *out);
/* Archived, or no longer; only listings react to it. Inside a write operation. 0 or -1. */
int project_set_archived(struct cx *cx, struct project *p, bool archived);

#endif
