/*
 * operation_call - decodes, keeps the first answer to a key, runs, picks fields, adds warnings: once for everything that can be called.
 */
#include "api/operation_call.h"

#include <string.h>

#include "api/fields.h"
#include "store/cx.h"

const struct param operation_extras[EXTRAS] = {
	[EXTRA_FORMAT] = PARAM(operation_extras, format, P_STR, P_UNLISTED, "json or toon"),
	[EXTRA_FIELDS] = PARAM(operation_extras, fields, P_STRS, P_BARE | P_PLAIN, "members wanted of each row"),
	[EXTRA_KEY] = PARAM(operation_extras, idempotency_key, P_STR, P_PLAIN, "repeat safely with the same key"),
};

/* Which of them a dialect has among its arguments. */
static const bool has_extra[][EXTRAS] = {
	[DIALECT_MCP] = { [EXTRA_FORMAT] = true, [EXTRA_FIELDS] = true, [EXTRA_KEY] = true },
	[DIALECT_REST] = { false },
	[DIALECT_TEXT] = { [EXTRA_FORMAT] = true },
};

/* How answers are written: REST has times without a zone (decision 3.17). */
static const unsigned styles[] = {
	[DIALECT_MCP] = JW_COMPACT,
	[DIALECT_REST] = JW_COMPACT | JW_NAIVE_TIME,
	[DIALECT_TEXT] = JW_COMPACT,
};

bool
operation_takes(const struct operation *op, enum operation_extra extra)
{
	switch (extra) {
	case EXTRA_FORMAT: return (op->flags & OP_NO_FORMAT) == 0;
	case EXTRA_FIELDS: return (op->flags & OP_LIST) != 0 || op->rows != NULL;
	default: return (op->flags & OP_WRITE) != 0 || op->writes != NULL;
	}
}

void
operation_call_init(struct operation_call *c, struct cx *cx, const struct operation *op)
{
	*c = (struct operation_call){ .cx = cx, .op = op };
}

/* The operation's own table followed by the extras, whose offsets lie behind its struct. */
static void
whole_table(const struct operation *op, size_t shift, struct arena *a, struct decode *what)
{
	struct param *table = arena_array(a, struct param, op->nparams + EXTRAS);

	if (op->nparams > 0)
		memcpy(table, op->params, op->nparams * sizeof(*table));
	what->nparams = op->nparams;
	for (int i = 0; i < EXTRAS; i++) {
		if (!has_extra[what->dialect][i] || !operation_takes(op, (enum operation_extra)i))
			continue;
		table[what->nparams] = operation_extras[i];
		table[what->nparams++].off += shift;
	}
	what->params = table;
}

static int
choose_format(struct operation_call *c, enum dialect dialect)
{
	struct str given = c->extras->format.v;
	enum format wish;

	if (format_parse(given, &wish)) {
		c->format = format_choose(c->cx->conf, wish);
		return 0;
	}
	if (dialect == DIALECT_TEXT)
		return fail(c->cx, ERR_INVALID_FORMAT, FORMAT_BAD, FSTR(str_cut_chars(given, 60)));
	return fail(c->cx, ERR_INVALID_ARGUMENT,
	    "Invalid argument value: " FORMAT_BAD ". Check that all parameters have valid values.",
	    FSTR(str_cut_chars(given, 60)));
}

static int
take_key(struct operation_call *c, const struct operation_input *input)
{
	struct str given = c->extras->idempotency_key.set ? c->extras->idempotency_key.v : input->key;

	if (!operation_takes(c->op, EXTRA_KEY))
		return 0;
	if (idem_key(c->cx, given, &c->idem.key) != 0)
		return -1;
	if (c->idem.key.p == NULL)
		return 0;
	c->idem.name = c->op->name;
	c->idem.project = input->project.p != NULL ? input->project : operation_argument(c, P_PROJECT);
	idem_print(c->cx, c->op->params, c->op->nparams, input->args, input->beside, c->idem.print);
	return 0;
}

int
operation_decode(struct operation_call *c, const struct operation_input *input)
{
	size_t shift = (c->op->in_size + 15) & ~(size_t)15;
	struct decode what = { .where = c->op->name,
		.dialect = input->dialect,
		.args = input->args,
		.pairs = input->pairs,
		.npairs = input->npairs,
		.in_size = shift + sizeof(struct operation_extras) };

	c->style = styles[input->dialect];
	whole_table(c->op, shift, c->cx->arena, &what);
	what.in = c->in = arena_get(c->cx->arena, what.in_size);
	c->extras = (struct operation_extras *)((char *)c->in + shift);
	if (decode_all(c->cx, &what) != 0) {
		c->rejected = true;
		return -1;
	}
	if (choose_format(c, input->dialect) != 0 || fields_check(c->cx, c->op, &c->extras->fields.v) != 0 ||
	    take_key(c, input) != 0)
		return -1;
	c->ready = true;
	return 0;
}

const struct param *
operation_param(const struct operation *op, enum param_flag flag)
{
	for (size_t i = 0; i < op->nparams; i++)
		if ((op->params[i].flags & flag) != 0)
			return &op->params[i];
	return NULL;
}

struct str
operation_argument(const struct operation_call *c, enum param_flag flag)
{
	const struct param *p = operation_param(c->op, flag);

	return p != NULL ? ((const struct p_str *)((const char *)c->in + p->off))->v : STR_NONE;
}

bool
operation_writes(const struct operation_call *c)
{
	if (c->op->writes != NULL)
		return c->op->writes(c->in);
	return (c->op->flags & OP_WRITE) != 0;
}

int
operation_query(struct operation_call *c, struct buf *query)
{
	return c->op->query(c->cx, c->in, query);
}

bool
operation_is_object(const struct operation_call *c)
{
	return c->value.first != NULL && c->value.first->used > 0 && c->value.first->p[0] == '{';
}

bool
operation_has_notes(const struct operation_call *c)
{
	return c->replay || c->cx->warnings != NULL;
}

void
operation_notes(const struct operation_call *c, struct jw *w)
{
	if (c->replay) {
		jw_kbool(w, "idempotent_replay", true);
		return;
	}
	jw_karr(w, "warnings");
	for (const struct cx_warning *warning = c->cx->warnings; warning != NULL; warning = warning->next)
		jw_str(w, warning->text);
	jw_end(w);
}

/* What came beside the answer goes into it, if it is an object. */
static void
add_notes(struct operation_call *c)
{
	struct str old;
	struct jw w;

	if (!operation_has_notes(c) || !operation_is_object(c))
		return;
	old = buf_flat(&c->value);
	buf_init(&c->value, c->cx->arena);
	jw_reopen(&w, &c->value, old);
	operation_notes(c, &w);
	jw_end(&w);
}

static int
run_once(struct operation_call *c)
{
	struct jw w;

	if (c->op->document != NULL) {
		c->document = (struct document){ .type = NULL };
		buf_init(&c->document.body, c->cx->arena);
		return c->op->document(c->cx, c->in, &c->document);
	}
	jw_init(&w, &c->value, c->style);
	if (c->op->run(c->cx, c->in, &w) != 0)
		return -1;
	return c->extras->fields.set ? fields_pick(c->cx, c->op, &c->value, &c->extras->fields.v) : 0;
}

int
operation_run(struct operation_call *c)
{
	bool keyed = c->idem.key.p != NULL && operation_writes(c);
	struct str first;
	int rc = 0;

	buf_init(&c->value, c->cx->arena);
	c->replay = false;
	if (keyed && (rc = idem_find(c->cx, &c->idem, &first)) < 0)
		return -1;
	c->replay = rc > 0;
	if (c->replay)
		buf_ref(&c->value, first);
	else if (run_once(c) != 0)
		return -1;
	if (c->op->archived == NULL)
		add_notes(c);
	return keyed && !c->replay && !c->cx->refused ? idem_store(c->cx, &c->idem, buf_flat(&c->value)) : 0;
}

int
operation_archived(struct operation_call *c)
{
	struct str first = buf_flat(&c->value);
	struct jw w;

	buf_init(&c->value, c->cx->arena);
	jw_init(&w, &c->value, c->style);
	if (c->op->archived(c->cx, first, &w) != 0)
		return -1;
	add_notes(c);
	return 0;
}
