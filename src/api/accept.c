/*
 * accept - one function for each type and dialect: JSON or text in, a C value or the reason of
 * refusal out.
 */
#include "api/accept.h"

#include <math.h>

const struct refusal_row refusal_table[REFUSALS] = {
	[ACCEPTED] = { "", "", "" },
	[NOT_STRING] = { "string_type", "Input should be a valid string", "a string" },
	[NOT_LIST] = { "list_type", "Input should be a valid list", "a list" },
	[NOT_INTEGER] = { "int_type", "Input should be a valid integer", "an integer" },
	[INTEGER_TEXT] = { "int_parsing", "Input should be a valid integer, unable to parse string as an integer",
	    "an integer" },
	[INTEGER_FRACTION] = { "int_from_float", "Input should be a valid integer, got a number with a fractional part",
	    "an integer" },
	[INTEGER_SIZE] = { "int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size",
	    "an integer of at most 64 bits" },
	[NOT_BOOLEAN] = { "bool_type", "Input should be a valid boolean", "true or false" },
	[BOOLEAN_TEXT] = { "bool_parsing", "Input should be a valid boolean, unable to interpret input",
	    "true or false" },
	[NOT_NUMBER] = { "float_type", "Input should be a valid number", "a number" },
	[NUMBER_TEXT] = { "float_parsing", "Input should be a valid number, unable to parse string as a number",
	    "a number" },
	[NOT_A_CHOICE] = { "literal_error", "Input should be one of", "one of" },
	[MISSING] = { "missing_argument", "Missing required argument", "" },
	[UNKNOWN_NAME] = { "unexpected_keyword_argument", "Unexpected keyword argument", "" },
	[NOT_SUPPORTED] = { "unsupported_argument", "This server does not support the argument", "" },
	[NOT_OBJECT] = { "dict_type", "Arguments should be an object", "an object" },
};

/* Largest double below which every whole number is exact in both types. */
#define WHOLE_MAX 9223372036854774784.0

enum refusal
accept_str(struct jr v, struct str *out)
{
	if (v.type != JR_STR)
		return NOT_STRING;
	*out = jr_str(v);
	return ACCEPTED;
}

/* Digits with single underscores between them, as Python's int() reads them. */
static enum refusal
digits(struct str s, bool negative, int64_t *out)
{
	uint64_t v = 0, limit = (uint64_t)INT64_MAX + (negative ? 1 : 0);
	bool after_digit = false, too_big = false;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '_' && after_digit && i + 1 < s.n) {
			after_digit = false;
			continue;
		}
		if (s.p[i] < '0' || s.p[i] > '9')
			return INTEGER_TEXT;
		after_digit = true;
		if (v > (limit - (uint64_t)(s.p[i] - '0')) / 10)
			too_big = true;
		else
			v = v * 10 + (uint64_t)(s.p[i] - '0');
	}
	if (!after_digit)
		return INTEGER_TEXT;
	if (too_big)
		return INTEGER_SIZE;
	*out = negative ? (int64_t)(0 - v) : (int64_t)v;
	return ACCEPTED;
}

enum refusal
accept_int_text(struct str s, int64_t *out)
{
	bool negative;
	ptrdiff_t dot;

	s = str_trim(s);
	if (s.n == 0)
		return INTEGER_TEXT;
	negative = s.p[0] == '-';
	if (s.p[0] == '-' || s.p[0] == '+')
		s = str_sub(s, 1, s.n);
	dot = str_chr(s, '.');
	if (dot > 0) {
		for (size_t i = (size_t)dot + 1; i < s.n; i++)
			if (s.p[i] != '0')
				return INTEGER_TEXT;
		s = str_sub(s, 0, (size_t)dot);
	}
	return digits(s, negative, out);
}

enum refusal
accept_int(struct jr v, int64_t *out)
{
	double d;

	switch (v.type) {
	case JR_BOOL: *out = jr_bool(v) ? 1 : 0; return ACCEPTED;
	case JR_STR: return accept_int_text(jr_str(v), out);
	case JR_DOUBLE:
		d = jr_double(v);
		if (d != floor(d))
			return INTEGER_FRACTION;
		if (!(d >= -WHOLE_MAX && d <= WHOLE_MAX))
			return INTEGER_SIZE;
		*out = (int64_t)d;
		return ACCEPTED;
	default: return accept_int_strict(v, out);
	}
}

enum refusal
accept_int_strict(struct jr v, int64_t *out)
{
	if (v.type != JR_INT)
		return NOT_INTEGER;
	if (jr_int_overflow(v))
		return INTEGER_SIZE;
	*out = jr_int(v);
	return ACCEPTED;
}

enum refusal
accept_num_text(struct str s, double *out)
{
	return str_double(str_trim(s), out) && isfinite(*out) ? ACCEPTED : NUMBER_TEXT;
}

enum refusal
accept_num(struct jr v, double *out)
{
	switch (v.type) {
	case JR_BOOL: *out = jr_bool(v) ? 1 : 0; return ACCEPTED;
	case JR_STR: return accept_num_text(jr_str(v), out);
	case JR_INT:
	case JR_DOUBLE: *out = jr_double(v); return ACCEPTED;
	default: return NOT_NUMBER;
	}
}

enum refusal
accept_bool_text(struct str s, bool *out)
{
	static const struct {
		const char *word;
		bool v;
	} words[] = {
		{ "true", true },
		{ "false", false },
		{ "1", true },
		{ "0", false },
		{ "yes", true },
		{ "no", false },
		{ "y", true },
		{ "n", false },
		{ "t", true },
		{ "f", false },
		{ "on", true },
		{ "off", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_eqc_ci(s, words[i].word)) {
			*out = words[i].v;
			return ACCEPTED;
		}
	}
	return BOOLEAN_TEXT;
}

enum refusal
accept_bool(struct jr v, bool *out)
{
	if (v.type == JR_STR)
		return accept_bool_text(jr_str(v), out);
	if (v.type == JR_INT || v.type == JR_DOUBLE) {
		if (jr_double(v) != 0.0 && jr_double(v) != 1.0)
			return BOOLEAN_TEXT;
		*out = jr_double(v) != 0.0;
		return ACCEPTED;
	}
	return accept_bool_strict(v, out);
}

enum refusal
accept_bool_strict(struct jr v, bool *out)
{
	if (v.type != JR_BOOL)
		return NOT_BOOLEAN;
	*out = jr_bool(v);
	return ACCEPTED;
}
