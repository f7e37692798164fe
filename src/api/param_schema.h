/*
 * param_schema - a parameter as JSON schema: for tools/list, which costs its
 * readers tokens, and for OpenAPI, which says all there is to say.
 */
#ifndef API_PARAM_SCHEMA_H
#define API_PARAM_SCHEMA_H

#include "api/param.h"
#include "base/json_write.h"

enum param_schema_flag {
	PARAM_SCHEMA_WHOLE = 1, /* with formats, default, and the bare string that stands for a list (decision 3.2) */
	PARAM_SCHEMA_NULL =
	    2, /* null fits too: absent and null are the same for what need not be given (decision 3.4) */
};

/* Members of an open object; `flags` of enum param_schema_flag. */
void param_schema(const struct param *p, unsigned flags, struct jw *w);
/* The member `description`, where the row has one. */
void param_description(const struct param *p, struct jw *w);

#endif
