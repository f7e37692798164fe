/*
 * accept - one JSON or text value to a C scalar, leniently or strictly.
 *
 * The lenient rules are the reference's (contract/messaging.md 2), the strict
 * ones those of REST (decision 3.35). Used by decode alone.
 */
#ifndef API_ACCEPT_H
#define API_ACCEPT_H

#include "base/json_read.h"

/* Why a value was not taken; a row of refusal_table. */
enum refusal {
	ACCEPTED,
	NOT_STRING,
	NOT_LIST,
	NOT_INTEGER,
	INTEGER_TEXT,
	INTEGER_FRACTION,
	INTEGER_SIZE,
	NOT_BOOLEAN,
	BOOLEAN_TEXT,
	NOT_NUMBER,
	NUMBER_TEXT,
	NOT_A_CHOICE,
	MISSING,
	UNKNOWN_NAME,
	NOT_SUPPORTED,
	NOT_OBJECT,
	REFUSALS
};

struct refusal_row {
	const char *type;     /* short name, as the reference reports it */
	const char *text;     /* sentence of the lenient dialects */
	const char *expected; /* noun of the strict one */
};
extern const struct refusal_row refusal_table[REFUSALS];

/*
 * One value of a caller as a type of param_type.h: sets *out and returns 0, or says why not and
 * leaves *out. Plain names take JSON as the reference does ("5" is an integer, 1 a boolean),
 * _strict ones only JSON of that type, _text ones the words of a query string.
 */
enum refusal accept_str(struct jr v, struct str *out);
enum refusal accept_int(struct jr v, int64_t *out);
enum refusal accept_bool(struct jr v, bool *out);
enum refusal accept_int_strict(struct jr v, int64_t *out);
enum refusal accept_num(struct jr v, double *out);
enum refusal accept_num_text(struct str s, double *out);
enum refusal accept_bool_strict(struct jr v, bool *out);
enum refusal accept_int_text(struct str s, int64_t *out);
enum refusal accept_bool_text(struct str s, bool *out);

#endif
