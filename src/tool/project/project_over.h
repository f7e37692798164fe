/*
 * project_over - what archive_project and unarchive_project share.
 */
#ifndef TOOL_PROJECT_PROJECT_OVER_H
#define TOOL_PROJECT_PROJECT_OVER_H

#include <stdbool.h>

#include "tool/tool.h"

struct project_over_in {
	struct p_str project_key, registration_token;
};

extern const struct param project_over_params[2];

/* Authenticates the caller for the tool, marks the project and answers. 0, or -1 with cx->fail. */
int project_over(struct cx *cx, const struct project_over_in *in, const char *tool, bool over, struct jw *out);

#endif
