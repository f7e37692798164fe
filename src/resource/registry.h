/*
 * registry - every resource, in the order of contract/index.md section 2.
 */
#ifndef RESOURCE_REGISTRY_H
#define RESOURCE_REGISTRY_H

#include <stddef.h>

#include "resource/resource.h"

/* Rows of resource_registry. */
size_t resource_count(void);

#endif
