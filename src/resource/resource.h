/*
 * resource - what one resource:// template is: a row.
 *
 * Path variables and query parameters are rows of the same parameter table as
 * a tool's (P_PATH marks the path variables, in order of the template). Reads
 * write nothing (decision 3.59).
 */
#ifndef RESOURCE_RESOURCE_H
#define RESOURCE_RESOURCE_H

#include "api/operation.h"

struct resource {
	struct operation op;
	const char *uri; /* "resource://inbox/{agent}", or without variables: then it is in resources/list */
};

extern const struct resource *const resource_registry[];

#endif
