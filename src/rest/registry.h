/*
 * registry - every REST route.
 */
#ifndef REST_REGISTRY_H
#define REST_REGISTRY_H

#include <stddef.h>

#include "rest/rest.h"

size_t rest_count(void);
/* Position in rest_registry. */
size_t rest_index(const struct rest_route *r);

#endif
