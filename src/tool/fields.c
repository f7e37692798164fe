/*
 * fields - see fields.h. The rows are read back from their text: only calls that
 * ask for fields pay for it.
 */
#include "tool/fields.h"

#include "base/json_read.h"
#include "base/json_write.h"
#include "base/log.h"
#include "store/cx.h"

static bool
put_name(struct str key, struct jr val, void *arg)
{
	struct buf *b = arg;

	(void)val;
	buf_c(b, b->n > 0 ? ", " : "");
	buf_str(b, key);
	return true;
}

static int
check_name(struct cx *cx, struct jr rows, const char *name)
{
	struct buf known;
	size_t i;

	for (i = 0; i < jr_len(rows); i++)
		if (jr_get(jr_at(rows, i), name).type != JR_ABSENT)
			return 0;
	buf_init(&known, cx->arena);
	jr_each(jr_at(rows, 0), put_name, &known);
	return fail(cx, ERR_INVALID_ARGUMENT, "fields: no row has a member '%s'; there are: %" PRIstr, name,
	    FSTR(buf_flat(&known)));
}

static void
put_row(struct jr row, char *const *names, size_t n, struct jw *w, struct arena *a)
{
	struct buf text;
	struct jr v;
	size_t i;

	jw_obj(w);
	for (i = 0; i < n; i++) {
		jw_key(w, names[i]);
		v = jr_get(row, names[i]);
		if (v.type == JR_ABSENT) {
			jw_null(w);
			continue;
		}
		buf_init(&text, a);
		jr_write(v, &text);
		jw_raw_buf(w, &text);
	}
	jw_end(w);
}

int
fields_pick(struct cx *cx, struct buf *list, const struct strs *wanted)
{
	char **names = arena_array(cx->arena, char *, wanted->n);
	struct jr_error err;
	struct jr rows;
	struct jw w;
	size_t i;

	must(jr_parse(cx->arena, buf_flat(list), &rows, &err));
	if (jr_len(rows) == 0 || wanted->n == 0)
		return 0;
	for (i = 0; i < wanted->n; i++) {
		names[i] = arena_cstr(cx->arena, str_trim(wanted->v[i]));
		if (check_name(cx, rows, names[i]) != 0)
			return -1;
	}
	buf_init(list, cx->arena);
	jw_init(&w, list, JW_COMPACT);
	jw_arr(&w);
	for (i = 0; i < jr_len(rows); i++)
		put_row(jr_at(rows, i), names, wanted->n, &w, cx->arena);
	jw_end(&w);
	return 0;
}
