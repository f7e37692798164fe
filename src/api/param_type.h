/*
 * param_type - what each type of parameter is: one table for all who read
 * parameter tables.
 *
 * The decoder takes values by it (api/decode.h), JSON schemas and OpenAPI name
 * types by it (api/param_schema.h), the command line turns words into JSON by it,
 * and the manual speaks of it.
 */
#ifndef API_PARAM_TYPE_H
#define API_PARAM_TYPE_H

#include "api/accept.h"
#include "api/param.h"
#include "base/json_write.h"

/* A value on its way into its member. */
struct param_value {
	struct arena *arena;
	const struct param *param;
	void *member; /* p_* of the parameter's type; set, or left alone when the value is refused */
	bool strict;  /* the rules of REST (decision 3.35) */
	/* Told why, for each element of a list (`item`), or for the value (-1); got or text is what was given. */
	void (*refuse)(const struct param_value *pv, enum refusal why, ptrdiff_t item, struct jr got, struct str text);
	void *arg;
};

struct param_type_row {
	const char *schema; /* "type" of JSON schema; NULL when any JSON fits */
	const char *items;  /* of a list: the type of its elements; NULL when any fits, and for what is no list */
	const char *format; /* of OpenAPI; NULL for none */
	const char *manual; /* in manual pages */
	const char *word;   /* in --help: what stands for a value; "" for a switch */
	void (*from_json)(const struct param_value *pv, struct jr v);
	void (*from_text)(const struct param_value *pv, struct str v);
	/* The value that was not given: JSON text of the row, not null. `set` stays false. */
	void (*from_default)(const struct param_value *pv, struct str def);
	/* Words of a command line as one JSON value; what does not fit goes as text, for the server to say what it expected. */
	void (*write)(struct jw *w, const struct str *words, size_t n);
};

/* By enum param_type. */
extern const struct param_type_row param_types[];

#endif
