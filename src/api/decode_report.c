/*
 * decode_report - turns the collected problems into one text and one data object.
 *
 * Lenient dialects speak in the reference's form (contract/messaging.md 1.5): a line that counts,
 * then the field and, indented, what is wrong with it.
 */
#include "api/decode_report.h"

#include "base/likeness.h"
#include "store/cx.h"

#define SHOWN_CHARS 60
#define LIKE_ENOUGH 0.6
/* Problems that are told at most: a list of 10,000 wrong items is not told item by item. */
#define SHOWN_PROBLEMS 20

void
decode_problems_init(struct decode_problems *list, struct arena *a)
{
	*list = (struct decode_problems){ .arena = a };
	list->tail = &list->first;
}

void
decode_problem(struct decode_problems *list, struct decode_problem p)
{
	struct decode_problem *copy;

	if (++list->n > SHOWN_PROBLEMS)
		return;
	copy = arena_new(list->arena, struct decode_problem);
	*copy = p;
	copy->next = NULL;
	*list->tail = copy;
	list->tail = &copy->next;
}

static const char *
python_type(const struct decode_problem *p)
{
	static const char *const names[] = {
		[JR_ABSENT] = "str",
		[JR_NULL] = "NoneType",
		[JR_BOOL] = "bool",
		[JR_INT] = "int",
		[JR_DOUBLE] = "float",
		[JR_STR] = "str",
		[JR_ARR] = "list",
		[JR_OBJ] = "dict",
	};

	return names[p->got.type];
}

static bool
may_show(const struct decode_problem *p)
{
	return p->param != NULL && (p->param->flags & P_SECRET) == 0 && !str_has_ci(p->name, STR("token"));
}

static void
put_quoted(struct buf *b, struct str s)
{
	struct str cut = str_cut_chars(s, SHOWN_CHARS);

	buf_putc(b, '\'');
	buf_str(b, cut);
	buf_cstr(b, cut.n < s.n ? "...'" : "'");
}

static void
put_value(struct buf *b, const struct decode_problem *p)
{
	if (p->text.p != NULL || p->got.type == JR_STR) {
		buf_cstr(b, "input_value=");
		put_quoted(b, p->text.p != NULL ? p->text : jr_str(p->got));
		buf_cstr(b, ", ");
	} else if (p->got.type == JR_INT || p->got.type == JR_DOUBLE) {
		buf_cstr(b, "input_value=");
		jr_write(p->got, b);
		buf_cstr(b, ", ");
	}
}

static void
put_field(struct buf *b, const struct decode_problem *p)
{
	buf_str(b, str_cut_chars(p->name, SHOWN_CHARS));
	if (p->item >= 0)
		buf_printf(b, ".%td", p->item);
}

static void
put_choices(struct buf *b, const struct param *param)
{
	struct str rest = str_c(param->words), word;
	const char *comma = " ";

	while (str_next(&rest, '|', &word)) {
		buf_printf(b, "%s'%" PRIstr "'", comma, FSTR(word));
		comma = ", ";
	}
}

/* "; did you mean 'x'?", or else what there is. */
static void
put_hint(struct buf *b, const struct decode *what, struct str name, struct arena *a)
{
	const char **names = arena_array(a, const char *, what->nparams + 1);
	const char *comma = "";
	size_t n = 0;
	ptrdiff_t near;

	for (size_t i = 0; i < what->nparams; i++)
		if ((what->params[i].flags & (P_UNLISTED | P_REFUSED)) == 0)
			names[n++] = what->params[i].name;
	near = str_nearest(name, names, n, LIKE_ENOUGH);
	if (near >= 0) {
		buf_printf(b, ". Did you mean '%s'?", names[near]);
		return;
	}
	if (n == 0) {
		buf_cstr(b, ". There are no arguments");
		return;
	}
	buf_cstr(b, ". Known: ");
	for (size_t i = 0; i < n; i++) {
		buf_printf(b, "%s%s", comma, names[i]);
		comma = ", ";
	}
}

static void
put_sentence(struct buf *b, const struct decode *what, const struct decode_problem *p, struct arena *a)
{
	buf_cstr(b, refusal_table[p->why].text);
	if (p->why == NOT_A_CHOICE)
		put_choices(b, p->param);
	else if (p->why == UNKNOWN_NAME)
		put_hint(b, what, p->name, a);
	else if (p->why == NOT_SUPPORTED && p->param->desc != NULL)
		buf_printf(b, ": %s", p->param->desc);
}

static void
lenient_text(struct buf *b, const struct decode *what, const struct decode_problem *p, struct arena *a)
{
	buf_putc(b, '\n');
	put_field(b, p);
	buf_cstr(b, "\n  ");
	put_sentence(b, what, p, a);
	buf_printf(b, " [type=%s", refusal_table[p->why].type);
	if (p->why != MISSING) {
		buf_cstr(b, ", ");
		if (may_show(p))
			put_value(b, p);
		buf_printf(b, "input_type=%s", python_type(p));
	}
	buf_putc(b, ']');
}

static void
strict_text(struct buf *b, const struct decode_problem *p)
{
	if (p->why == MISSING) {
		buf_printf(b, "missing field `%" PRIstr "`", FSTR(p->name));
		return;
	}
	put_field(b, p);
	buf_cstr(b, ": ");
	if (p->why == NOT_SUPPORTED) {
		buf_cstr(b, refusal_table[p->why].text);
		return;
	}
	if (p->text.p != NULL)
		buf_cstr(b, "invalid value");
	else
		buf_printf(b, "invalid type: %s", jr_type_name(p->got.type));
	buf_printf(b, ", expected %s", refusal_table[p->why].expected);
	if (p->why == NOT_A_CHOICE)
		put_choices(b, p->param);
}

static void
write_data(struct cx *cx, const struct decode *what, const struct decode_problems *list)
{
	const struct decode_problem *p;
	struct jw *w = fail_data(cx);
	struct buf text;

	jw_karr(w, "errors");
	for (p = list->first; p != NULL; p = p->next) {
		jw_obj(w);
		buf_init(&text, cx->arena);
		put_field(&text, p);
		jw_kstr(w, "field", buf_flat(&text));
		jw_kcstr(w, "type", refusal_table[p->why].type);
		buf_init(&text, cx->arena);
		put_sentence(&text, what, p, cx->arena);
		jw_kstr(w, "message", buf_flat(&text));
		jw_end(w);
	}
	jw_end(w);
}

int
decode_report(struct cx *cx, const struct decode *what, const struct decode_problems *list)
{
	const struct decode_problem *p;
	struct buf text;

	if (list->n == 0)
		return 0;
	buf_init(&text, cx->arena);
	if (what->dialect == DIALECT_MCP)
		buf_printf(&text, "%zu validation error%s for call[%s]", list->n, list->n == 1 ? "" : "s", what->where);
	else if (what->dialect == DIALECT_TEXT)
		buf_printf(&text, "%zu validation error%s for %s", list->n, list->n == 1 ? "" : "s", what->where);
	for (p = list->first; p != NULL; p = p->next) {
		if (what->dialect != DIALECT_REST)
			lenient_text(&text, what, p, cx->arena);
		else {
			buf_cstr(&text, p == list->first ? "" : "; ");
			strict_text(&text, p);
		}
	}
	if (list->n > SHOWN_PROBLEMS)
		buf_printf(&text, "\n... and %zu more", list->n - SHOWN_PROBLEMS);
	fail(cx, ERR_VALIDATION_ERROR, "%" PRIstr, FSTR(buf_flat(&text)));
	write_data(cx, what, list);
	return -1;
}
