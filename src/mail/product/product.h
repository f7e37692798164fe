/*
 * product - several projects under one name (contract/reservations-resources.md 7).
 *
 * A product is found by its uid, its name, or the key that it was first asked
 * for. What a reader of a product sees is what it sees in each project.
 */
#ifndef MAIL_PRODUCT_PRODUCT_H
#define MAIL_PRODUCT_PRODUCT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"

struct cx;

struct product {
	int64_t id;
	struct str uid, name;
	int64_t created_at;
};

/* Looks a product up by its uid or name. */
int product_lookup(struct cx *cx, struct str key, struct product *out);
/* As product_lookup, for one that must exist: 0, or -1 with NOT_FOUND. */
int product_find(struct cx *cx, struct str key, struct product *out);
/* Finds or makes it by key, name or both (absent or blank: not given). 0, or -1 (INVALID_ARGUMENT, CONFLICT). */
int product_ensure(struct cx *cx, struct str key, struct str name, struct product *out);
/* Links the project to the product; once more changes nothing. 0 or -1. */
int product_link(struct cx *cx, const struct product *p, const struct project *project);
/* Lists the product's projects by id. 0 or -1. */
int product_projects(struct cx *cx, const struct product *p, struct projects *out);

/* One of its projects, and whose mail is seen there. */
struct product_view {
	struct project project;
	struct agent viewer;
	bool whole; /* all of the project, without bcc; viewer is not set */
};

struct product_views {
	struct product_view *v;
	size_t n;
};

/*
 * The projects in which the caller may look: as the agent `name` where there is
 * one and the caller may act for it; without a name as the session's agents,
 * else, trusted, as nobody (decision 3.38). A token must be that of at least one
 * of the agents. At least one view, or -1 with NOT_FOUND or AUTHENTICATION_REQUIRED.
 */
int product_open(
    struct cx *cx, struct str key, struct str name, struct str token, const char *label, struct product_views *out);

#endif
