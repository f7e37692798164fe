/*
 * registry - the list of REST routes. A new route is a row in a file of its
 * family and a line in registry.def; rpc/rest.c does the rest of the work:
 * path, arguments, transaction, answer.
 */
#include "rest/registry.h"

#define REST(name) extern const struct rest_route rest_##name;
#include "rest/registry.def"
#undef REST

const struct rest_route *const rest_registry[] = {
#define REST(name) &rest_##name,
#include "rest/registry.def"
#undef REST
	NULL
};

size_t
rest_count(void)
{
	return sizeof(rest_registry) / sizeof(rest_registry[0]) - 1;
}

size_t
rest_index(const struct rest_route *r)
{
	size_t i;

	for (i = 0; rest_registry[i] != NULL && rest_registry[i] != r; i++)
		;
	return i;
}
