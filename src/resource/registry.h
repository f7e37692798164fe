/*
 * registry - every resource, in the order of contract/index.md section 2.
 */
#ifndef RESOURCE_REGISTRY_H
#define RESOURCE_REGISTRY_H

#include <stddef.h>

#include "resource/resource.h"

/* Rows of resource_registry. */
size_t resource_count(void);
/* Position of a resource in resource_registry: the number of its histogram. */
size_t resource_index(const struct resource *r);

#endif
