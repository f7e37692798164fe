/*
 * registry - every REST route.
 */
#ifndef REST_REGISTRY_H
#define REST_REGISTRY_H

#include <stddef.h>

#include "rest/rest.h"

/* Rows of rest_registry. */
size_t rest_count(void);

struct rest_family {
	const char *name, *desc;
};
/* The n-th family of registry.def; NULL after the last. */
const struct rest_family *rest_family(size_t n);
/* The family that a row stands in. */
const struct rest_family *rest_family_of(const struct rest_route *r);

#endif
