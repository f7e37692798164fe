/*
 * template - paths with variables, "/api/messages/{message_id}" or "inbox/{agent}": of REST routes and of resource URIs.
 *
 * A variable stands for one whole segment. Nothing here decodes: segments are compared and handed out as they were sent,
 * so that an escaped slash stays inside its segment.
 */
#ifndef BASE_TEMPLATE_H
#define BASE_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct template_var {
	struct str name, value; /* borrowed from the template and the path */
};

/* True if there is a variable in it. */
bool template_has_vars(const char *template);
/*
 * True if `path` fits the template: as many segments, the same ones, and one that is not empty for each {x}. The *n
 * variables go to vars, in order; a template with more than `max` fits nothing. When false, vars and *n hold rests.
 */
bool template_match(const char *template, struct str path, struct template_var *vars, size_t max, size_t *n);

#endif
