/*
 * rest_error - the error object of REST.
 *
 * `code` is the word of the Rust server for the status, `details` our own type
 * where it says more, `suggestions` the names near to the one that was missed.
 */
#include "serve/rest_error.h"

#include <string.h>

#include "base/json_read.h"
#include "net/http.h"
#include "store/cx.h"

static const struct {
	int status;
	const char *code;
} codes[] = {
	{ 400, "VALIDATION_ERROR" },
	{ 401, "UNAUTHORIZED" },
	{ 403, "FORBIDDEN" },
	{ 404, "NOT_FOUND" },
	{ 409, "CONFLICT" },
	{ 500, "INTERNAL_ERROR" },
};

static const char *
code_of(enum err err)
{
	/* The Rust server has two words for 400. */
	if (err == ERR_BAD_REQUEST)
		return err_name(err);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (codes[i].status == err_http(err))
			return codes[i].code;
	return err_name(err);
}

/* Names in data.suggestions: strings, or the reference's {name, ...}. */
static void
write_suggestions(struct cx *cx, struct jw *w)
{
	struct jr data, list, one;
	struct jr_error why;

	if (!cx->fail.has_data || !jr_parse(cx->arena, fail_data_json(&cx->fail), &data, &why))
		return;
	list = jr_get(data, "suggestions");
	if (jr_len(list) == 0)
		return;
	jw_karr(w, "suggestions");
	for (size_t i = 0; i < jr_len(list); i++) {
		one = jr_at(list, i);
		if (one.type == JR_OBJ)
			one = jr_get(one, jr_get(one, "name").type == JR_STR ? "name" : "slug");
		if (one.type == JR_STR)
			jw_str(w, jr_str(one));
	}
	jw_end(w);
}

void
rest_error(struct request *rq, struct cx *cx)
{
	const char *code = code_of(cx->fail.code);
	struct buf b;
	struct jw w;

	buf_init(&b, rq->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "code", code);
	jw_kstr(&w, "error", cx->fail.msg);
	if (strcmp(code, err_name(cx->fail.code)) != 0)
		jw_kcstr(&w, "details", err_name(cx->fail.code));
	write_suggestions(cx, &w);
	jw_end(&w);
	reply(rq, err_http(cx->fail.code), TYPE_JSON, &b);
}
