/*
 * json_read - the only file that knows json-c: parses a text, walks it, and writes a value again.
 *
 * One tokener of the process is used again and again; a document is freed by a cleanup of its
 * arena. What json-c should not see is refused or rewritten before, by json_text.
 */
#include "base/json_read.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_text.h"
#include "base/json_write.h"
#include "base/log.h"

_Static_assert(JW_DEPTH >= JR_DEPTH + 32, "what was read can be written");

static struct json_tokener *
tokener(void)
{
	static struct json_tokener *tok;

	if (tok == NULL) {
		tok = json_tokener_new_ex(JR_DEPTH);
		if (tok == NULL)
			log_fatal(71, "out of memory: JSON tokener");
		json_tokener_set_flags(tok, JSON_TOKENER_STRICT);
	}
	json_tokener_reset(tok);
	return tok;
}

static void
put(void *o)
{
	json_object_put(o);
}

static struct jr
wrap(struct json_object *o)
{
	static const enum jr_type types[] = {
		[json_type_null] = JR_NULL,
		[json_type_boolean] = JR_BOOL,
		[json_type_double] = JR_DOUBLE,
		[json_type_int] = JR_INT,
		[json_type_object] = JR_OBJ,
		[json_type_array] = JR_ARR,
		[json_type_string] = JR_STR,
	};

	return (struct jr){ types[json_object_get_type(o)], o };
}

static bool
refuse(struct jr_error *err, const char *why, size_t offset)
{
	err->why = why;
	err->offset = offset;
	return false;
}

bool
jr_needs_ascii(void)
{
	static const char text[] = "\"\xc3\xa9\"";
	static int needs = -1;

	if (needs < 0) {
		struct json_object *o = json_tokener_parse_ex(tokener(), text, (int)sizeof(text) - 1);

		needs = o == NULL;
		json_object_put(o);
	}
	return needs != 0;
}

bool
jr_parse(struct arena *a, struct str text, struct jr *out, struct jr_error *err)
{
	return jr_parse_as(a, text, jr_needs_ascii(), out, err);
}

bool
jr_parse_as(struct arena *a, struct str text, bool ascii_only, struct jr *out, struct jr_error *err)
{
	struct json_tokener *tok = tokener();
	struct json_plain plain;
	struct json_object *o;
	bool ended = false;
	const char *why;
	size_t at;

	while (text.n > 0 && strchr(" \t\r\n", text.p[text.n - 1]) != NULL && text.p[text.n - 1] != '\0')
		text.n--;
	if (text.n == 0)
		return refuse(err, "empty text", 0);
	if ((why = json_text(a, text, ascii_only, &plain, &at)) != NULL)
		return refuse(err, why, at);
	if (plain.text.n > INT32_MAX)
		return refuse(err, "text too long", 0);
	o = json_tokener_parse_ex(tok, plain.text.p, (int)plain.text.n);
	at = json_tokener_get_parse_end(tok);
	if (json_tokener_get_error(tok) == json_tokener_continue) {
		o = json_tokener_parse_ex(tok, "", 1);
		ended = json_tokener_get_error(tok) != json_tokener_success;
	}
	if (ended)
		return refuse(err, "unexpected end of text", text.n);
	if (json_tokener_get_error(tok) != json_tokener_success)
		return refuse(
		    err, json_tokener_error_desc(json_tokener_get_error(tok)), json_text_place(text, &plain, at));
	if (o != NULL)
		arena_on_end(a, put, o);
	*out = wrap(o);
	return true;
}

struct jr
jr_get(struct jr v, const char *key)
{
	struct json_object *o;

	if (v.type != JR_OBJ || !json_object_object_get_ex(v.o, key, &o))
		return JR_NONE;
	return wrap(o);
}

size_t
jr_len(struct jr v)
{
	if (v.type == JR_ARR)
		return json_object_array_length(v.o);
	return v.type == JR_OBJ ? (size_t)json_object_object_length(v.o) : 0;
}

struct jr
jr_at(struct jr v, size_t i)
{
	if (v.type != JR_ARR || i >= jr_len(v))
		return JR_NONE;
	return wrap(json_object_array_get_idx(v.o, i));
}

void
jr_each(struct jr v, bool (*fn)(struct str key, struct jr val, void *arg), void *arg)
{
	struct json_object_iterator it, end;

	if (v.type != JR_OBJ)
		return;
	it = json_object_iter_begin(v.o);
	end = json_object_iter_end(v.o);
	for (; !json_object_iter_equal(&it, &end); json_object_iter_next(&it))
		if (!fn(str_c(json_object_iter_peek_name(&it)), wrap(json_object_iter_peek_value(&it)), arg))
			return;
}

struct str
jr_str(struct jr v)
{
	if (v.type != JR_STR)
		return STR_NONE;
	return (struct str){ json_object_get_string(v.o), (size_t)json_object_get_string_len(v.o) };
}

int64_t
jr_int(struct jr v)
{
	return v.type == JR_INT || v.type == JR_DOUBLE ? json_object_get_int64(v.o) : 0;
}

double
jr_double(struct jr v)
{
	return v.type == JR_INT || v.type == JR_DOUBLE ? json_object_get_double(v.o) : 0;
}

bool
jr_bool(struct jr v)
{
	return v.type == JR_BOOL && json_object_get_boolean(v.o);
}

bool
jr_int_overflow(struct jr v)
{
	return v.type == JR_INT && json_object_get_int64(v.o) == INT64_MAX &&
	    json_object_get_uint64(v.o) != (uint64_t)INT64_MAX;
}

const char *
jr_type_name(enum jr_type t)
{
	static const char *const names[] = {
		[JR_ABSENT] = "nothing",
		[JR_NULL] = "null",
		[JR_BOOL] = "boolean",
		[JR_INT] = "integer",
		[JR_DOUBLE] = "number",
		[JR_STR] = "string",
		[JR_ARR] = "array",
		[JR_OBJ] = "object",
	};

	return names[t];
}

struct member {
	struct str key;
	struct jr val;
};

struct members {
	struct member *v;
	size_t n;
};

static bool
member_add(struct str key, struct jr val, void *arg)
{
	struct members *m = arg;

	m->v[m->n++] = (struct member){ key, val };
	return true;
}

static int
member_cmp(const void *a, const void *b)
{
	return str_cmp(((const struct member *)a)->key, ((const struct member *)b)->key);
}

static void
write_value(struct jr v, struct jw *w, struct arena *a, bool sorted)
{
	struct members m;

	switch (v.type) {
	case JR_OBJ:
		m = (struct members){ arena_array(a, struct member, jr_len(v)), 0 };
		jr_each(v, member_add, &m);
		if (sorted)
			qsort(m.v, m.n, sizeof(m.v[0]), member_cmp);
		jw_obj(w);
		for (size_t i = 0; i < m.n; i++) {
			jw_key_str(w, m.v[i].key);
			write_value(m.v[i].val, w, a, sorted);
		}
		jw_end(w);
		break;
	case JR_ARR:
		jw_arr(w);
		for (size_t i = 0; i < jr_len(v); i++)
			write_value(jr_at(v, i), w, a, sorted);
		jw_end(w);
		break;
	case JR_STR: jw_str(w, jr_str(v)); break;
	default: jw_raw(w, str_c(v.o ? json_object_to_json_string_ext(v.o, JSON_C_TO_STRING_PLAIN) : "null"));
	}
}

void
jr_write(struct jr v, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	write_value(v, &w, out->arena, false);
}

void
jr_write_canonical(struct jr v, struct buf *out, struct arena *a)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jr_write_sorted(v, &w, a);
}

void
jr_write_sorted(struct jr v, struct jw *w, struct arena *a)
{
	write_value(v, w, a, true);
}
