/*
 * fail - the rows of err.def as a table, and one failure with its text and its data.
 *
 * It only keeps and writes a failure. Which form a client gets (JSON-RPC, tool result, REST) is
 * decided by its callers.
 */
#include "base/fail.h"

#include <string.h>

#include "base/log.h"

struct err_row {
	const char *name;
	int http;
	bool recoverable;
};

static const struct err_row rows[ERR_COUNT] = {
	[ERR_NONE] = { "NONE", 200, true },
#define ERR(symbol, http, recoverable) [ERR_##symbol] = { #symbol, http, recoverable },
#include "base/err.def"
#undef ERR
};

const char *
err_name(enum err code)
{
	must(code < ERR_COUNT);
	return rows[code].name;
}

int
err_http(enum err code)
{
	must(code < ERR_COUNT);
	return rows[code].http;
}

bool
err_recoverable(enum err code)
{
	must(code < ERR_COUNT);
	return rows[code].recoverable;
}

void
fail_clear(struct fail *f)
{
	memset(f, 0, sizeof(*f));
}

void
fail_vset(struct fail *f, struct arena *a, enum err code, const char *fmt, va_list ap)
{
	fail_clear(f);
	f->arena = a;
	f->code = code;
	f->recoverable = err_recoverable(code);
	f->msg = arena_vprintf(a, fmt, ap);
}

struct jw *
fail_writer(struct fail *f)
{
	must(f->code != ERR_NONE);
	if (!f->has_data) {
		buf_init(&f->data, f->arena);
		jw_init(&f->data_w, &f->data, JW_COMPACT);
		jw_obj(&f->data_w);
		f->has_data = true;
	}
	return &f->data_w;
}

struct str
fail_data_json(struct fail *f)
{
	struct buf whole;

	if (!f->has_data)
		return STR("{}");
	must(f->data_w.depth == 1 && !f->data_w.key);
	buf_init(&whole, f->arena);
	buf_chain(&whole, &f->data);
	buf_putc(&whole, '}');
	return buf_flat(&whole);
}

void
fail_write(struct fail *f, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "type", err_name(f->code));
	jw_kstr(w, "message", f->msg);
	jw_kbool(w, "recoverable", f->recoverable);
	jw_key(w, "data");
	jw_raw(w, fail_data_json(f));
	jw_end(w);
}
