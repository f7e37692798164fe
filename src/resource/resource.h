/*
 * resource - what one resource:// template is: a row.
 *
 * Path variables and query parameters are rows of the same parameter table as
 * a tool's (P_PATH marks the path variables, in order of the template). Reads
 * write nothing (decision 3.59).
 */
#ifndef RESOURCE_RESOURCE_H
#define RESOURCE_RESOURCE_H

#include "tool/tool.h"

struct resource {
	const char *name;        /* inbox_resource */
	const char *uri;         /* "resource://inbox/{agent}", or without variables: then it is in resources/list */
	const char *title;
	const char *desc;
	const struct param *params;
	size_t nparams;
	size_t in_size;
	/* Query to the helper process, as of a tool; NULL for never. Its result may serve for query_keep seconds. */
	int (*query)(struct cx *cx, const void *in, struct buf *query);
	int query_keep;
	/* Writes one JSON value; 0, or -1 with cx->fail. `format` is handled by the caller. */
	int (*run)(struct cx *cx, const void *in, struct jw *out);
};

extern const struct resource *const resource_registry[];

#endif
