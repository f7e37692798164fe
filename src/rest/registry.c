/*
 * registry - the list of REST routes. A new route is a row in a file of its
 * family and a line in registry.def; serve/rest.c does the rest of the work:
 * path, arguments, transaction, answer.
 */
#include "rest/registry.h"

#define FAMILY(name, desc)
#define REST(name) extern const struct rest_route rest_##name;
#include "rest/registry.def"
#undef REST

const struct rest_route *const rest_registry[] = {
#define REST(name) &rest_##name,
#include "rest/registry.def"
#undef REST
	NULL
};
#undef FAMILY

/* The lines of registry.def as they stand: a family, or a row of the last one. */
static const struct {
	struct rest_family family;
	const struct rest_route *route;
} lines[] = {
#define FAMILY(name, desc) { { #name, desc }, NULL },
#define REST(name) { { NULL, NULL }, &rest_##name },
#include "rest/registry.def"
#undef REST
#undef FAMILY
};
#define LINES (sizeof(lines) / sizeof(lines[0]))

size_t
rest_count(void)
{
	return sizeof(rest_registry) / sizeof(rest_registry[0]) - 1;
}

const struct rest_family *
rest_family(size_t n)
{
	for (size_t i = 0; i < LINES; i++)
		if (lines[i].route == NULL && n-- == 0)
			return &lines[i].family;
	return NULL;
}

const struct rest_family *
rest_family_of(const struct rest_route *r)
{
	const struct rest_family *last = NULL;

	for (size_t i = 0; i < LINES && lines[i].route != r; i++)
		if (lines[i].route == NULL)
			last = &lines[i].family;
	return last;
}
