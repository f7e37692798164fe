/*
 * toon - the layout of a value as TOON: which form it takes, and its lines (contract/toon.md 2.5
 * to 2.7).
 *
 * Keys, strings and numbers are toon_scalar's.
 */
#include "base/toon.h"

#include "base/toon_scalar.h"

/* A column of a table; with `sub` a group of columns. */
struct column {
	struct str key;
	struct column *sub;
	size_t nsub;
};

/* Objects of the same shape, shown as rows. */
struct table {
	struct jr *rows;
	struct str *names; /* of the rows of a keyed table; else NULL */
	size_t n;
	struct column *columns;
	size_t ncolumns;
};

struct toon {
	struct buf *out;
	struct arena *a;
	bool some; /* a line was begun */
};

struct members {
	struct str *keys;
	struct jr *values;
	size_t n;
};

static bool
is_scalar(struct jr v)
{
	return v.type != JR_OBJ && v.type != JR_ARR;
}

static bool
all_scalar(struct jr list)
{
	for (size_t i = 0; i < jr_len(list); i++)
		if (!is_scalar(jr_at(list, i)))
			return false;
	return true;
}

static bool
take_member(struct str key, struct jr val, void *arg)
{
	struct members *m = arg;

	m->keys[m->n] = key;
	m->values[m->n++] = val;
	return true;
}

static struct members
members_of(struct toon *t, struct jr object)
{
	struct members m = { .keys = arena_array(t->a, struct str, jr_len(object)),
		.values = arena_array(t->a, struct jr, jr_len(object)) };

	jr_each(object, take_member, &m);
	return m;
}

static bool columns_of(struct toon *t, const struct jr *rows, size_t n, struct column **columns, size_t *ncolumns);

/* Does every row have a value of one kind for `key`: scalars, or objects that are columns themselves? */
static bool
column_of(struct toon *t, const struct jr *rows, size_t n, struct str key, struct column *c)
{
	struct jr *values = arena_array(t->a, struct jr, n);
	bool scalar = true, object = true;

	*c = (struct column){ .key = key };
	for (size_t i = 0; i < n; i++) {
		values[i] = jr_get(rows[i], key.p);
		if (values[i].type == JR_ABSENT)
			return false;
		scalar = scalar && is_scalar(values[i]);
		object = object && values[i].type == JR_OBJ;
		if (!scalar && !object)
			return false;
	}
	return scalar || columns_of(t, values, n, &c->sub, &c->nsub);
}

static bool
columns_of(struct toon *t, const struct jr *rows, size_t n, struct column **columns, size_t *ncolumns)
{
	struct members first;

	for (size_t i = 0; i < n; i++)
		if (rows[i].type != JR_OBJ || jr_len(rows[i]) == 0 || jr_len(rows[i]) != jr_len(rows[0]))
			return false;
	if (n == 0)
		return false;
	first = members_of(t, rows[0]);
	*columns = arena_array(t->a, struct column, first.n);
	*ncolumns = first.n;
	for (size_t i = 0; i < first.n; i++)
		if (!column_of(t, rows, n, first.keys[i], &(*columns)[i]))
			return false;
	return true;
}

static bool
table_of_list(struct toon *t, struct jr list, struct table *table)
{
	size_t i, n = jr_len(list);

	*table = (struct table){ .rows = arena_array(t->a, struct jr, n), .n = n };
	for (i = 0; i < n; i++)
		table->rows[i] = jr_at(list, i);
	return columns_of(t, table->rows, n, &table->columns, &table->ncolumns);
}

static bool
table_of_object(struct toon *t, struct jr object, struct table *table)
{
	struct members m = members_of(t, object);

	*table = (struct table){ .rows = m.values, .names = m.keys, .n = m.n };
	return m.n >= 2 && columns_of(t, m.values, m.n, &table->columns, &table->ncolumns);
}

static void
begin_line(struct toon *t, size_t depth)
{
	if (t->some)
		buf_putc(t->out, '\n');
	t->some = true;
	for (size_t i = 0; i < depth; i++)
		buf_cstr(t->out, "  ");
}

static void
put_columns(struct toon *t, const struct column *c, size_t n)
{
	buf_putc(t->out, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_putc(t->out, ',');
		toon_key(t->out, c[i].key);
		if (c[i].sub != NULL)
			put_columns(t, c[i].sub, c[i].nsub);
	}
	buf_putc(t->out, '}');
}

static void
put_cells(struct toon *t, struct jr row, const struct column *c, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct jr v = jr_get(row, c[i].key.p);

		if (i > 0)
			buf_putc(t->out, ',');
		if (c[i].sub != NULL)
			put_cells(t, v, c[i].sub, c[i].nsub);
		else
			toon_scalar(t->out, v);
	}
}

static void
put_table(struct toon *t, const struct table *table, size_t depth)
{
	buf_printf(t->out, "[%zu%s]", table->n, table->names != NULL ? ":" : "");
	put_columns(t, table->columns, table->ncolumns);
	buf_putc(t->out, ':');
	for (size_t i = 0; i < table->n; i++) {
		begin_line(t, depth + 1);
		if (table->names != NULL) {
			toon_key(t->out, table->names[i]);
			buf_cstr(t->out, ": ");
		}
		put_cells(t, table->rows[i], table->columns, table->ncolumns);
	}
}

/* [N]: and the values on the same line. */
static void
put_inline(struct toon *t, struct jr list)
{
	buf_printf(t->out, "[%zu]:", jr_len(list));
	for (size_t i = 0; i < jr_len(list); i++) {
		buf_putc(t->out, i > 0 ? ',' : ' ');
		toon_scalar(t->out, jr_at(list, i));
	}
}

static void put_member(struct toon *t, struct str key, struct jr v, size_t depth);
static void put_items(struct toon *t, struct jr list, size_t depth);

/* What follows the hyphen on a line at `depth`. */
static void
put_item(struct toon *t, struct jr v, size_t depth)
{
	struct members m;

	if (v.type == JR_OBJ && jr_len(v) == 0)
		return;
	buf_putc(t->out, ' ');
	if (is_scalar(v)) {
		toon_scalar(t->out, v);
	} else if (v.type == JR_ARR && all_scalar(v)) {
		put_inline(t, v);
	} else if (v.type == JR_ARR) {
		put_items(t, v, depth);
	} else {
		m = members_of(t, v);
		put_member(t, m.keys[0], m.values[0], depth + 1);
		for (size_t i = 1; i < m.n; i++) {
			begin_line(t, depth + 1);
			put_member(t, m.keys[i], m.values[i], depth + 1);
		}
	}
}

/* [N]: and one item a line, also where a table would do. */
static void
put_items(struct toon *t, struct jr list, size_t depth)
{
	buf_printf(t->out, "[%zu]:", jr_len(list));
	for (size_t i = 0; i < jr_len(list); i++) {
		begin_line(t, depth + 1);
		buf_putc(t->out, '-');
		put_item(t, jr_at(list, i), depth + 1);
	}
}

/* A list that is not empty, behind its key or at the root. */
static void
put_list(struct toon *t, struct jr list, size_t depth)
{
	struct table table;

	if (all_scalar(list))
		put_inline(t, list);
	else if (table_of_list(t, list, &table))
		put_table(t, &table, depth);
	else
		put_items(t, list, depth);
}

static void
put_members(struct toon *t, struct jr object, size_t depth)
{
	struct members m = members_of(t, object);

	for (size_t i = 0; i < m.n; i++) {
		begin_line(t, depth);
		put_member(t, m.keys[i], m.values[i], depth);
	}
}

static void
put_member(struct toon *t, struct str key, struct jr v, size_t depth)
{
	struct table table;

	toon_key(t->out, key);
	if (is_scalar(v)) {
		buf_cstr(t->out, ": ");
		toon_scalar(t->out, v);
	} else if (v.type == JR_ARR && jr_len(v) == 0) {
		buf_cstr(t->out, ": []");
	} else if (v.type == JR_ARR) {
		put_list(t, v, depth);
	} else if (table_of_object(t, v, &table)) {
		put_table(t, &table, depth);
	} else {
		buf_putc(t->out, ':');
		put_members(t, v, depth + 1);
	}
}

void
toon_write(struct jr v, struct buf *out)
{
	struct toon t = { .out = out, .a = out->arena };
	struct table table;

	if (v.type == JR_OBJ && !table_of_object(&t, v, &table)) {
		put_members(&t, v, 0);
		return;
	}
	t.some = true;
	if (v.type == JR_OBJ)
		put_table(&t, &table, 0);
	else if (v.type == JR_ARR && jr_len(v) == 0)
		buf_cstr(out, "[]");
	else if (v.type == JR_ARR)
		put_list(&t, v, 0);
	else if (v.type == JR_STR && str_starts(jr_str(v), STR("\xef\xbb\xbf")))
		toon_quoted(out, jr_str(v));
	else
		toon_scalar(out, v);
}
