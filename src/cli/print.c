/*
 * print - shows any JSON value to people: lists of objects as tables, objects as lines, times as
 * "5 min ago".
 *
 * Control bytes are escaped, whoever wrote the text: mail must not be able to steer a terminal.
 */
#include "cli/print.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

#define COLUMNS_MAX 16
#define CELL_MAX 60

void
print_json(struct jr v, FILE *out)
{
	struct arena a;
	struct buf b;
	struct str s;

	arena_init(&a, 1024);
	buf_init(&b, &a);
	jr_write(v, &b);
	s = buf_flat(&b);
	fwrite(s.p, 1, s.n, out);
	fputc('\n', out);
	arena_fini(&a);
}

void
print_relative(int64_t us, int64_t now_us, char out[24])
{
	static const struct {
		int64_t seconds;
		const char *unit;
	} units[] = { { 86400, "d" }, { 3600, "h" }, { 60, "m" }, { 1, "s" } };
	int64_t diff = (us - now_us) / USEC, n = diff < 0 ? -diff : diff;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (n < units[i].seconds)
			continue;
		snprintf(
		    out, 24, diff < 0 ? "%lld%s ago" : "in %lld%s", (long long)(n / units[i].seconds), units[i].unit);
		return;
	}
	snprintf(out, 24, "now");
}

static bool
is_time_key(struct str key)
{
	return str_ends(key, STR("_ts")) || str_ends(key, STR("_at")) || str_eqc(key, "created") ||
	    str_eqc(key, "timestamp");
}

struct str
print_safe(struct arena *a, struct str s, bool lines)
{
	char *p = arena_cstr(a, s);

	for (size_t i = 0; i < s.n; i++) {
		if (lines && (p[i] == '\n' || p[i] == '\t'))
			continue;
		if ((unsigned char)p[i] < 0x20 || p[i] == 0x7f)
			p[i] = p[i] == '\n' ? ' ' : '?';
	}
	return (struct str){ p, s.n };
}

static bool
take_first(struct str key, struct jr val, void *arg)
{
	(void)key;
	*(struct jr *)arg = val;
	return false;
}

/* What stands first in an object names it: an agent, a path. */
static struct jr
first_member(struct jr v)
{
	struct jr first = JR_NONE;

	jr_each(v, take_first, &first);
	return first;
}

/* One value on one line; objects inside a row are shown by what names them. */
static struct str
cell(struct cli *cli, struct str key, struct jr v)
{
	struct buf b;
	int64_t us;
	char relative[24];

	if (v.type == JR_NULL || v.type == JR_ABSENT)
		return STR("-");
	if (v.type == JR_STR && is_time_key(key) && clock_parse_iso(jr_str(v), &us)) {
		print_relative(us, clock_wall_us(), relative);
		return arena_dup(&cli->arena, str_c(relative));
	}
	buf_init(&b, &cli->arena);
	if (v.type == JR_ARR && jr_len(v) == 0)
		return STR("-");
	if (v.type == JR_STR) {
		buf_str(&b, jr_str(v));
	} else if (v.type == JR_ARR) {
		for (size_t i = 0; i < jr_len(v); i++)
			buf_printf(&b, "%s%.*s", i > 0 ? ", " : "", FSTR(cell(cli, key, jr_at(v, i))));
	} else if (v.type == JR_OBJ && first_member(v).type != JR_OBJ) {
		buf_str(&b, cell(cli, key, first_member(v)));
	} else {
		jr_write(v, &b);
	}
	return print_safe(&cli->arena, buf_flat(&b), false);
}

struct columns {
	struct str key[COLUMNS_MAX];
	size_t width[COLUMNS_MAX];
	size_t n;
};

static bool
add_column(struct str key, struct jr val, void *arg)
{
	struct columns *c = arg;

	/* Long texts have no place in a table; --json shows them. */
	if (val.type == JR_OBJ || str_starts(key, STR("body")) || str_ends(key, STR("_token")))
		return true;
	if (c->n < COLUMNS_MAX)
		c->key[c->n++] = key;
	return c->n < COLUMNS_MAX;
}

/* Printed width; other scripts may be wider than counted, then the column shifts. */
static size_t
width_of(struct str s)
{
	size_t n = str_chars(s);

	return n > CELL_MAX ? CELL_MAX : n;
}

static void
put_cell(FILE *out, struct str s, size_t width, bool last)
{
	size_t n = str_chars(s);

	if (n > CELL_MAX) {
		s = str_cut_chars(s, CELL_MAX - 3);
		fprintf(out, "%.*s...", FSTR(s));
		n = CELL_MAX;
	} else {
		fprintf(out, "%.*s", FSTR(s));
	}
	for (; !last && n < width + 2; n++)
		fputc(' ', out);
}

static void
print_table(struct cli *cli, struct jr rows, FILE *out)
{
	struct columns c = { .n = 0 };
	size_t n = jr_len(rows);

	jr_each(jr_at(rows, 0), add_column, &c);
	for (size_t k = 0; k < c.n; k++) {
		char *key = arena_cstr(&cli->arena, c.key[k]);

		c.width[k] = c.key[k].n;
		for (size_t i = 0; i < n; i++) {
			size_t w = width_of(cell(cli, c.key[k], jr_get(jr_at(rows, i), key)));

			c.width[k] = w > c.width[k] ? w : c.width[k];
		}
		put_cell(out, str_upper(&cli->arena, c.key[k]), c.width[k], k + 1 == c.n);
	}
	fputc('\n', out);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < c.n; k++)
			put_cell(out, cell(cli, c.key[k], jr_get(jr_at(rows, i), arena_cstr(&cli->arena, c.key[k]))),
			    c.width[k], k + 1 == c.n);
		fputc('\n', out);
	}
}

struct lines {
	struct cli *cli;
	FILE *out;
	size_t width;
	bool measure;
	int depth;
};

static bool
is_table(struct jr v)
{
	return v.type == JR_ARR && jr_len(v) > 0 && jr_at(v, 0).type == JR_OBJ;
}

static void print_object(struct cli *cli, struct jr v, FILE *out, int depth);

static bool
print_member(struct str key, struct jr val, void *arg)
{
	struct lines *l = arg;

	if (l->measure) {
		l->width = key.n > l->width ? key.n : l->width;
		return true;
	}
	fprintf(l->out, "%*s", l->depth * 2, "");
	if (is_table(val)) {
		fprintf(l->out, "%.*s:\n", FSTR(key));
		print_table(l->cli, val, l->out);
	} else if (val.type == JR_OBJ && jr_len(val) > 0) {
		fprintf(l->out, "%.*s:\n", FSTR(key));
		print_object(l->cli, val, l->out, l->depth + 1);
	} else if (str_starts(key, STR("body")) && val.type == JR_STR) {
		fprintf(l->out, "%.*s:\n%.*s\n", FSTR(key), FSTR(print_safe(&l->cli->arena, jr_str(val), true)));
	} else {
		fprintf(l->out, "%.*s%*s  %.*s\n", FSTR(key), (int)(l->width - key.n), "", FSTR(cell(l->cli, key, val)));
	}
	return true;
}

static void
print_object(struct cli *cli, struct jr v, FILE *out, int depth)
{
	struct lines l = { cli, out, 0, true, depth };

	jr_each(v, print_member, &l);
	l.measure = false;
	jr_each(v, print_member, &l);
}

void
print_people(struct cli *cli, struct jr v, FILE *out)
{
	if (is_table(v))
		print_table(cli, v, out);
	else if (v.type == JR_ARR && jr_len(v) == 0)
		fprintf(out, "nothing\n");
	else if (v.type == JR_OBJ)
		print_object(cli, v, out, 0);
	else
		fprintf(out, "%.*s\n", FSTR(cell(cli, STR(""), v)));
}
