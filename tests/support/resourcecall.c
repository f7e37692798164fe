/*
 * resourcecall - see resourcecall.h.
 */
#include "support/resourcecall.h"

#include <check.h>
#include <string.h>

#include "resource/resource.h"
#include "support/opcall.h"

static const struct resource *
find(const char *row)
{
	for (size_t i = 0; resource_registry[i] != NULL; i++)
		if (strcmp(resource_registry[i]->op.name, row) == 0 || strcmp(resource_registry[i]->uri, row) == 0)
			return resource_registry[i];
	ck_abort_msg("no resource %s", row);
	return NULL;
}

struct str
resource_get(struct fixture *f, const char *row, const struct decode_pair *pairs, size_t n)
{
	struct operation_input in = { .dialect = DIALECT_TEXT, .pairs = pairs, .npairs = n };
	struct operation_call c;

	fixture_again(f);
	return opcall(f, &find(row)->op, &in, NULL, &c) == 0 ? buf_flat(&c.value) : STR_NONE;
}
