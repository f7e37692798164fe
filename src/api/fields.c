/*
 * fields - checks the names that a caller asked for, and cuts the rows of a finished answer down
 * to them.
 *
 * The rows are read back from their text: only calls that ask for fields pay for it.
 */
#include "api/fields.h"

#include "base/json_read.h"
#include "base/json_write.h"
#include "base/log.h"
#include "store/cx.h"

static bool
put_name(struct str key, struct jr val, void *arg)
{
	struct buf *b = arg;

	(void)val;
	buf_cstr(b, b->n > 0 ? ", " : "");
	buf_str(b, key);
	return true;
}

static int
unknown(struct cx *cx, const char *name, struct str known)
{
	return fail(
	    cx, ERR_INVALID_ARGUMENT, "fields: no row has a member '%s'; there are: %" PRIstr, name, FSTR(known));
}

static bool
listed(const char *words, struct str name)
{
	struct str rest = str_c(words), word;

	while (str_next(&rest, '|', &word))
		if (str_eq(word, name))
			return true;
	return false;
}

static struct str
with_commas(struct arena *a, const char *words)
{
	struct str rest = str_c(words), word;
	struct buf out;

	buf_init(&out, a);
	while (str_next(&rest, '|', &word)) {
		buf_cstr(&out, out.n > 0 ? ", " : "");
		buf_str(&out, word);
	}
	return buf_flat(&out);
}

int
fields_check(struct cx *cx, const struct operation *op, const struct str_list *wanted)
{
	for (size_t i = 0; i < wanted->n && op->row_members != NULL; i++)
		if (!listed(op->row_members, str_trim(wanted->v[i])))
			return unknown(cx, arena_cstr(cx->arena, str_cut_chars(str_trim(wanted->v[i]), 60)),
			    with_commas(cx->arena, op->row_members));
	return 0;
}

/* For an operation that does not say what its rows can have. */
static int
check_name(struct cx *cx, struct jr rows, const char *name)
{
	struct buf known;

	for (size_t i = 0; i < jr_len(rows); i++)
		if (jr_get(jr_at(rows, i), name).type != JR_ABSENT)
			return 0;
	buf_init(&known, cx->arena);
	jr_each(jr_at(rows, 0), put_name, &known);
	return unknown(cx, name, buf_flat(&known));
}

static void
put_row(struct jr row, char *const *names, size_t n, struct jw *w, struct arena *a)
{
	struct buf text;
	struct jr v;

	jw_obj(w);
	for (size_t i = 0; i < n; i++) {
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

static void
put_rows(struct jr rows, char *const *names, size_t n, struct jw *w, struct arena *a)
{
	jw_arr(w);
	for (size_t i = 0; i < jr_len(rows); i++)
		put_row(jr_at(rows, i), names, n, w, a);
	jw_end(w);
}

/* The members of the answer around its rows, as they are. */
struct frame {
	struct jw *w;
	struct arena *a;
	const char *rows;
	char **names;
	size_t n;
};

static bool
put_member(struct str key, struct jr val, void *arg)
{
	struct frame *f = arg;
	struct buf text;

	jw_key_str(f->w, key);
	if (str_eqc(key, f->rows)) {
		put_rows(val, f->names, f->n, f->w, f->a);
		return true;
	}
	buf_init(&text, f->a);
	jr_write(val, &text);
	jw_raw_buf(f->w, &text);
	return true;
}

int
fields_pick(struct cx *cx, const struct operation *op, struct buf *answer, const struct str_list *wanted)
{
	char **names = arena_array(cx->arena, char *, wanted->n);
	struct jr_error err;
	struct jr whole, rows;
	struct jw w;

	must(jr_parse(cx->arena, buf_flat(answer), &whole, &err));
	rows = whole.type == JR_OBJ ? jr_get(whole, op->rows) : whole;
	if (jr_len(rows) == 0 || wanted->n == 0)
		return 0;
	for (size_t i = 0; i < wanted->n; i++) {
		names[i] = arena_cstr(cx->arena, str_trim(wanted->v[i]));
		if (op->row_members == NULL && check_name(cx, rows, names[i]) != 0)
			return -1;
	}
	buf_init(answer, cx->arena);
	jw_init(&w, answer, JW_COMPACT);
	if (whole.type != JR_OBJ) {
		put_rows(rows, names, wanted->n, &w, cx->arena);
		return 0;
	}
	jw_obj(&w);
	jr_each(whole, put_member, &(struct frame){ &w, cx->arena, op->rows, names, wanted->n });
	jw_end(&w);
	return 0;
}
