/*
 * tool_failure - adds the tool and the detail to a failure's data, for the kinds whose texts the
 * reference makes of an exception.
 */
#include "mcp/tool_failure.h"

static const struct derived {
	enum err code;
	const char *before, *after; /* what stands around the detail; NULL: there is no detail */
} rows[] = {
	{ ERR_NOT_FOUND, NULL, NULL },
	{ ERR_INVALID_ARGUMENT, "Invalid argument value: ", ". Check that all parameters have valid values." },
	{ ERR_TYPE_ERROR, "Argument type mismatch: ", "." },
	{ ERR_OS_ERROR, "OS error: ", "" },
	{ ERR_TIMEOUT, "", "" },
	{ ERR_DATABASE_ERROR, "", "" },
	{ ERR_RESOURCE_BUSY, "", "" },
	{ ERR_RESOURCE_EXHAUSTED, "", "" },
	{ ERR_UNHANDLED_EXCEPTION, "", "" },
};

static struct str
inner(struct str s, const char *before, const char *after)
{
	struct str head = str_c(before), tail = str_c(after);

	s = str_sub(s, head.n, s.n);
	return str_ends(s, tail) ? str_sub(s, 0, s.n - tail.n) : s;
}

static bool
has_phrase(const struct derived *row)
{
	return row->before != NULL && row->before[0] != '\0';
}

static bool
starts(struct str msg, const struct derived *row)
{
	return row->before == NULL || str_starts(msg, str_c(row->before));
}

void
tool_failure_derive(struct fail *f, const char *tool)
{
	const struct derived *row = rows, *end = rows + sizeof(rows) / sizeof(rows[0]);
	struct jw *w;

	while (row < end && row->code != f->code)
		row++;
	if (row == end || (f->has_data && !has_phrase(row)) || !starts(f->msg, row))
		return;
	w = fail_writer(f);
	jw_kcstr(w, "tool", tool);
	if (row->before != NULL)
		jw_kstr(w, "error_detail", inner(f->msg, row->before, row->after));
}
