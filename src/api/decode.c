/*
 * decode - walks a parameter table, takes each value with its accept function, and fills defaults.
 *
 * Every problem is collected before anything is reported: first those of the parameters in order
 * of the table, then names that nobody knows.
 */
#include "api/decode.h"

#include <string.h>

#include "store/cx.h"
#include "api/decode_report.h"
#include "api/param_type.h"

struct decoder {
	struct cx *cx;
	const struct decode *what;
	bool *seen; /* per row: a value was given, good or bad */
	struct decode_problems problems;
};

static void
refused(const struct param_value *pv, enum refusal why, ptrdiff_t item, struct jr got, struct str text)
{
	struct decoder *d = pv->arg;

	decode_problem(&d->problems,
	    (struct decode_problem){
		.param = pv->param, .name = str_c(pv->param->name), .why = why, .item = item, .got = got, .text = text });
}

static struct param_value
value_of(struct decoder *d, const struct param *p)
{
	return (struct param_value){ .arena = d->cx->arena,
		.param = p,
		.member = (char *)d->what->in + p->off,
		.strict = d->what->dialect == DIALECT_REST,
		.refuse = refused,
		.arg = d };
}

/* A value that was not given: the default of the row, if it may be absent. */
static void
take_absent(struct decoder *d, const struct param *p)
{
	struct param_value pv = value_of(d, p);

	if ((p->flags & P_REQUIRED) != 0)
		refused(&pv, MISSING, -1, JR_NONE, STR_NONE);
	else if (p->def != NULL && strcmp(p->def, "null") != 0)
		param_types[p->type].from_default(&pv, str_c(p->def));
}

static void
take_row(struct decoder *d, size_t row)
{
	const struct param *p = &d->what->params[row];
	struct param_value pv = value_of(d, p);
	size_t i = d->what->npairs;
	struct jr v;

	while (i > 0) {
		const struct decode_pair *pair = &d->what->pairs[--i];

		if (!str_eqc(pair->name, p->name))
			continue;
		if (pair->value.n == 0 && (p->flags & P_PATH) == 0)
			break;
		d->seen[row] = true;
		param_types[p->type].from_text(&pv, pair->value);
		return;
	}
	v = jr_get(d->what->args, p->name);
	if (v.type == JR_ABSENT || (v.type == JR_NULL && (p->flags & P_REQUIRED) == 0))
		return;
	d->seen[row] = true;
	if ((p->flags & P_REFUSED) != 0)
		refused(&pv, NOT_SUPPORTED, -1, v, STR_NONE);
	else
		param_types[p->type].from_json(&pv, v);
}

/* Parameters with the same offset are aliases: the argument is there if any of them was given. */
static bool
given(const struct decoder *d, const struct param *p)
{
	for (size_t i = 0; i < d->what->nparams; i++)
		if (d->what->params[i].off == p->off && d->seen[i])
			return true;
	return false;
}

static bool
unknown(struct str key, struct jr val, void *arg)
{
	struct decoder *d = arg;

	for (size_t i = 0; i < d->what->nparams; i++)
		if (str_eqc(key, d->what->params[i].name))
			return true;
	decode_problem(
	    &d->problems, (struct decode_problem){ .name = key, .why = UNKNOWN_NAME, .item = -1, .got = val });
	return true;
}

int
decode_all(struct cx *cx, const struct decode *what)
{
	struct decoder d = { .cx = cx, .what = what };

	memset(what->in, 0, what->in_size);
	d.seen = arena_array(cx->arena, bool, what->nparams);
	decode_problems_init(&d.problems, cx->arena);
	if (what->args.type != JR_ABSENT && what->args.type != JR_NULL && what->args.type != JR_OBJ)
		decode_problem(&d.problems,
		    (struct decode_problem){
			.name = STR("arguments"), .why = NOT_OBJECT, .item = -1, .got = what->args });
	for (size_t i = 0; i < what->nparams; i++)
		take_row(&d, i);
	for (size_t i = 0; i < what->nparams; i++)
		if (!given(&d, &what->params[i]))
			take_absent(&d, &what->params[i]);
	if (what->dialect == DIALECT_MCP)
		jr_each(what->args, unknown, &d);
	return decode_report(cx, what, &d.problems);
}
