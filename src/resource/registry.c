/*
 * registry - the ordered list of resources.
 *
 * A new resource is a file and a line in registry.def; the order is visible in
 * resources/list and resources/templates/list.
 */
#include "resource/registry.h"

#define RESOURCE(name) extern const struct resource resource_##name;
#include "resource/registry.def"
#undef RESOURCE

const struct resource *const resource_registry[] = {
#define RESOURCE(name) &resource_##name,
#include "resource/registry.def"
#undef RESOURCE
	NULL
};

size_t
resource_count(void)
{
	return sizeof(resource_registry) / sizeof(resource_registry[0]) - 1;
}
