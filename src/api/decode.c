/*
 * decode - see decode.h.
 *
 * Every problem is collected before anything is reported: first those of the
 * parameters in order of the table, then names that nobody knows.
 */
#include "api/decode.h"

#include <string.h>

#include "base/log.h"
#include "store/cx.h"
#include "api/accept.h"
#include "api/decode_report.h"

struct decoder {
	struct cx *cx;
	const struct decode *what;
	bool *seen;                 /* per row: a value was given, good or bad */
	struct decode_problems problems;
};

static void
problem(struct decoder *d, const struct param *p, enum refusal why, ptrdiff_t item, struct jr got)
{
	decode_problem(&d->problems, (struct decode_problem){ .param = p, .name = str_c(p->name), .why = why,
	    .item = item, .got = got });
}

static void *
member(const struct decoder *d, const struct param *p)
{
	return (char *)d->what->in + p->off;
}

static bool
choice_ok(const struct param *p, struct str v)
{
	struct str rest = str_c(p->words), word;

	while (str_next(&rest, '|', &word))
		if (str_eq(word, v))
			return true;
	return p->words == NULL;
}

static void
set_str(struct decoder *d, const struct param *p, struct str v, struct jr got)
{
	struct p_str *m = member(d, p);

	if (!choice_ok(p, v)) {
		problem(d, p, NOT_A_CHOICE, -1, got);
		return;
	}
	*m = (struct p_str){ v, true };
}

/* A bare string is a list of one; commas separate; JSON in the string is read as such (decision 3.2). */
static bool
bare_list(struct decoder *d, struct str text, struct strs *out)
{
	struct arena *a = d->cx->arena;
	struct str rest, field;
	struct jr_error err;
	struct jr list;
	size_t n = 1, i;

	text = str_trim(text);
	if (text.n > 0 && text.p[0] == '[' && jr_parse(a, text, &list, &err) && list.type == JR_ARR) {
		*out = (struct strs){ arena_array(a, struct str, jr_len(list)), jr_len(list) };
		for (i = 0; i < out->n; i++)
			if (accept_str(jr_at(list, i), &out->v[i]) != ACCEPTED)
				return false;
		return true;
	}
	for (i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	*out = (struct strs){ arena_array(a, struct str, n), 0 };
	for (rest = text; str_next(&rest, ',', &field);)
		if (!str_blank(field))
			out->v[out->n++] = str_trim(field);
	return true;
}

static void
take_strs(struct decoder *d, const struct param *p, struct jr v)
{
	struct p_strs *m = member(d, p);
	struct strs list = { NULL, 0 };
	enum refusal why;
	bool good = true;
	size_t i;

	if (v.type == JR_STR && (p->flags & P_BARE) != 0) {
		if (!bare_list(d, jr_str(v), &list)) {
			problem(d, p, NOT_LIST, -1, v);
			return;
		}
	} else if (v.type != JR_ARR) {
		problem(d, p, NOT_LIST, -1, v);
		return;
	} else {
		list = (struct strs){ arena_array(d->cx->arena, struct str, jr_len(v)), jr_len(v) };
		for (i = 0; i < list.n; i++) {
			if ((why = accept_str(jr_at(v, i), &list.v[i])) == ACCEPTED)
				continue;
			problem(d, p, why, (ptrdiff_t)i, jr_at(v, i));
			good = false;
		}
	}
	if (good)
		*m = (struct p_strs){ list, true };
}

static enum refusal
accept_number(const struct decoder *d, struct jr v, int64_t *out)
{
	return d->what->dialect == DIALECT_REST ? accept_int_strict(v, out) : accept_int(v, out);
}

static void
take_ints_text(struct decoder *d, const struct param *p, struct str text, struct jr got)
{
	struct p_ints *m = member(d, p);
	enum refusal why;
	struct strs words;
	int64_t *v;
	size_t i;

	if (!bare_list(d, text, &words)) {
		problem(d, p, NOT_LIST, -1, got);
		return;
	}
	v = arena_array(d->cx->arena, int64_t, words.n);
	for (i = 0; i < words.n; i++) {
		if ((why = accept_int_text(words.v[i], &v[i])) != ACCEPTED) {
			problem(d, p, why, (ptrdiff_t)i, got);
			return;
		}
	}
	*m = (struct p_ints){ v, words.n, true };
}

static void
take_ints(struct decoder *d, const struct param *p, struct jr v)
{
	struct p_ints *m = member(d, p);
	enum refusal why;
	bool good = true;
	int64_t *list;
	size_t i, n = jr_len(v);

	if ((p->flags & P_BARE) != 0 && v.type == JR_STR) {
		take_ints_text(d, p, jr_str(v), v);
		return;
	}
	if ((p->flags & P_BARE) != 0 && v.type == JR_INT && !jr_int_overflow(v)) {
		list = arena_array(d->cx->arena, int64_t, 1);
		list[0] = jr_int(v);
		*m = (struct p_ints){ list, 1, true };
		return;
	}
	if (v.type != JR_ARR) {
		problem(d, p, NOT_LIST, -1, v);
		return;
	}
	list = arena_array(d->cx->arena, int64_t, n);
	for (i = 0; i < n; i++) {
		if ((why = accept_number(d, jr_at(v, i), &list[i])) == ACCEPTED)
			continue;
		problem(d, p, why, (ptrdiff_t)i, jr_at(v, i));
		good = false;
	}
	if (good)
		*m = (struct p_ints){ list, n, true };
}

/* Kept as text: what it means is not this layer's. */
static void
take_raw(struct decoder *d, const struct param *p, struct jr v)
{
	struct buf text;

	buf_init(&text, d->cx->arena);
	jr_write(v, &text);
	*(struct p_json *)member(d, p) = (struct p_json){ buf_flat(&text), jr_len(v), true };
}

static void
take_json(struct decoder *d, const struct param *p, struct jr v)
{
	enum refusal why = ACCEPTED;
	struct p_int i = { 0, true };
	struct p_bool b = { false, true };
	struct p_num n = { 0, true };
	struct str s;

	switch (p->type) {
	case P_STR:
		if ((why = accept_str(v, &s)) == ACCEPTED)
			set_str(d, p, s, v);
		break;
	case P_INT:
		if ((why = accept_number(d, v, &i.v)) == ACCEPTED)
			*(struct p_int *)member(d, p) = i;
		break;
	case P_BOOL:
		why = d->what->dialect == DIALECT_REST ? accept_bool_strict(v, &b.v) : accept_bool(v, &b.v);
		if (why == ACCEPTED)
			*(struct p_bool *)member(d, p) = b;
		break;
	case P_STRS:
		take_strs(d, p, v);
		break;
	case P_INTS:
		take_ints(d, p, v);
		break;
	case P_NUM:
		if ((why = accept_num(v, &n.v)) == ACCEPTED)
			*(struct p_num *)member(d, p) = n;
		break;
	case P_JSON:
		take_raw(d, p, v);
		break;
	case P_JSON_LIST:
		if (v.type == JR_ARR)
			take_raw(d, p, v);
		else
			why = NOT_LIST;
		break;
	}
	if (why != ACCEPTED)
		problem(d, p, why, -1, v);
}

static void
take_text(struct decoder *d, const struct param *p, struct str v)
{
	enum refusal why = ACCEPTED;
	struct p_int i = { 0, true };
	struct p_bool b = { false, true };
	struct p_num n = { 0, true };
	struct strs list;

	switch (p->type) {
	case P_STR:
		set_str(d, p, v, JR_NONE);
		break;
	case P_INT:
		if ((why = accept_int_text(v, &i.v)) == ACCEPTED)
			*(struct p_int *)member(d, p) = i;
		break;
	case P_BOOL:
		if ((why = accept_bool_text(v, &b.v)) == ACCEPTED)
			*(struct p_bool *)member(d, p) = b;
		break;
	case P_STRS:
		if (bare_list(d, v, &list))
			*(struct p_strs *)member(d, p) = (struct p_strs){ list, true };
		else
			why = NOT_LIST;
		break;
	case P_INTS:
		take_ints_text(d, p, v, JR_NONE);
		break;
	case P_NUM:
		if ((why = accept_num_text(v, &n.v)) == ACCEPTED)
			*(struct p_num *)member(d, p) = n;
		break;
	case P_JSON:
	case P_JSON_LIST:
		why = p->type == P_JSON ? NOT_OBJECT : NOT_LIST;
		break;
	}
	if (why != ACCEPTED)
		decode_problem(&d->problems, (struct decode_problem){ .param = p, .name = str_c(p->name), .why = why,
		    .item = -1, .text = v });
}

/* The value that was not given: the default of the row. */
static void
take_default(struct decoder *d, const struct param *p)
{
	struct str def = p->def != NULL ? str_c(p->def) : STR("null");
	struct p_strs *list;

	if (str_eqc(def, "null"))
		return;
	switch (p->type) {
	case P_STR:
		must(def.n >= 2 && def.p[0] == '"');
		((struct p_str *)member(d, p))->v = str_sub(def, 1, def.n - 2);
		break;
	case P_INT:
		must(str_int(def, &((struct p_int *)member(d, p))->v));
		break;
	case P_BOOL:
		((struct p_bool *)member(d, p))->v = def.p[0] == 't';
		break;
	case P_NUM:
		must(str_double(def, &((struct p_num *)member(d, p))->v));
		break;
	case P_STRS:
	case P_INTS:
		must(str_eqc(def, "[]"));
		if (p->type == P_STRS) {
			list = member(d, p);
			list->v = (struct strs){ arena_array(d->cx->arena, struct str, 1), 0 };
		}
		break;
	case P_JSON:
	case P_JSON_LIST:
		((struct p_json *)member(d, p))->v = def;
		break;
	}
}

static void
take_row(struct decoder *d, size_t row)
{
	const struct param *p = &d->what->params[row];
	size_t i = d->what->npairs;
	struct jr v;

	while (i > 0) {
		const struct decode_pair *pair = &d->what->pairs[--i];

		if (!str_eqc(pair->name, p->name))
			continue;
		if (pair->value.n == 0 && (p->flags & P_PATH) == 0)
			break;
		d->seen[row] = true;
		take_text(d, p, pair->value);
		return;
	}
	v = jr_get(d->what->args, p->name);
	if (v.type == JR_ABSENT || (v.type == JR_NULL && (p->flags & P_REQUIRED) == 0))
		return;
	d->seen[row] = true;
	if ((p->flags & P_REFUSED) != 0)
		problem(d, p, NOT_SUPPORTED, -1, v);
	else
		take_json(d, p, v);
}

/* Aliases share a member: one of them given is enough. */
static bool
given(const struct decoder *d, const struct param *p)
{
	size_t i;

	for (i = 0; i < d->what->nparams; i++)
		if (d->what->params[i].off == p->off && d->seen[i])
			return true;
	return false;
}

static bool
unknown(struct str key, struct jr val, void *arg)
{
	struct decoder *d = arg;
	size_t i;

	for (i = 0; i < d->what->nparams; i++)
		if (str_eqc(key, d->what->params[i].name))
			return true;
	decode_problem(&d->problems, (struct decode_problem){ .name = key, .why = UNKNOWN_NAME, .item = -1, .got = val });
	return true;
}

int
decode_all(struct cx *cx, const struct decode *what)
{
	struct decoder d = { .cx = cx, .what = what };
	const struct param *p;
	size_t i;

	memset(what->in, 0, what->in_size);
	d.seen = arena_array(cx->arena, bool, what->nparams);
	decode_problems_init(&d.problems, cx->arena);
	if (what->args.type != JR_ABSENT && what->args.type != JR_NULL && what->args.type != JR_OBJ)
		decode_problem(&d.problems, (struct decode_problem){ .name = STR("arguments"), .why = NOT_OBJECT,
		    .item = -1, .got = what->args });
	for (i = 0; i < what->nparams; i++)
		take_row(&d, i);
	for (i = 0; i < what->nparams; i++) {
		p = &what->params[i];
		if (given(&d, p))
			continue;
		if ((p->flags & P_REQUIRED) != 0)
			problem(&d, p, MISSING, -1, JR_NONE);
		else
			take_default(&d, p);
	}
	if (what->dialect == DIALECT_MCP)
		jr_each(what->args, unknown, &d);
	return decode_report(cx, what, &d.problems);
}
