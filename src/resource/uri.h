/*
 * uri - from a resource:// URI to its row and arguments
 * (contract/reservations-resources.md 8.1, decision 3.26).
 */
#ifndef RESOURCE_URI_H
#define RESOURCE_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/json_write.h"
#include "resource/resource.h"
#include "api/decode.h"

/* A URI that leads to a resource. */
struct resource_match {
	const struct resource *row;
	struct str uri;            /* as asked for */
	struct decode_pair *pairs; /* path variables and query, `format` too, decoded from percent escapes */
	size_t npairs;
};

/* Does its URI hold variables, so that resources/templates/list names it? */
bool resource_is_template(const struct resource *r);
/* Its entry of resources/list, and of resources/templates/list: one object. */
void resource_list_entry(const struct resource *r, struct jw *w);
void resource_template_entry(const struct resource *r, struct jw *w);

/* Is it a URI at all? */
bool resource_uri_ok(struct str uri);
/* Finds the row; false when no row has such a URI. */
bool resource_match(struct arena *a, struct str uri, struct resource_match *m);
/* The URI for messages and logs: tokens in the query are replaced. */
struct str resource_uri_shown(struct arena *a, struct str uri);

#endif
