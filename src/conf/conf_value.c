/*
 * conf_value - one setting from text and back: an accept and a print function
 * per type.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit time_units[] = {
	{ "us", 1 },
	{ "ms", 1000 },
	{ "s", USEC },
	{ "", USEC },
	{ "m", 60 * USEC },
	{ "h", 3600 * USEC },
	{ "d", 86400 * USEC },
	{ NULL, 0 },
};
static const struct unit size_units[] = {
	{ "", 1 },
	{ "k", 1024 },
	{ "m", 1024 * 1024 },
	{ "g", INT64_C(1) << 30 },
	{ "t", INT64_C(1) << 40 },
	{ NULL, 0 },
};

/* Other spellings that scripts of the reference use. */
/* clang-format off */
static const char *const synonyms[][2] = {
	{ "true", "yes" }, { "1", "yes" }, { "on", "yes" }, { "t", "yes" }, { "y", "yes" },
	{ "false", "no" }, { "0", "no" }, { "off", "no" }, { "f", "no" }, { "n", "no" },
	/* LOG_JSON_ENABLED. */
	{ "yes", "json" }, { "true", "json" }, { "1", "json" }, { "on", "json" }, { "t", "json" }, { "y", "json" },
	{ "no", "text" }, { "false", "text" }, { "0", "text" }, { "off", "text" }, { "f", "text" }, { "n", "text" },
	{ "warning", "warn" }, { "critical", "error" },
};
/* clang-format on */

static bool
take_units(struct str text, const struct unit *units, int64_t *out)
{
	size_t digits = 0;
	int64_t n;
	struct str unit;

	while (
	    digits < text.n && ((text.p[digits] >= '0' && text.p[digits] <= '9') || (digits == 0 && text.p[0] == '-')))
		digits++;
	if (!str_int(str_sub(text, 0, digits), &n))
		return false;
	unit = str_trim(str_sub(text, digits, text.n));
	for (const struct unit *u = units; u->name != NULL; u++)
		if (str_eqc_ci(unit, u->name))
			return !__builtin_mul_overflow(n, u->factor, out);
	return false;
}

static int
word_index(const char *words, struct str text)
{
	struct str rest = str_c(words), word;

	for (int i = 0; str_next(&rest, '|', &word); i++)
		if (str_eq_ci(word, text))
			return i;
	return -1;
}

static int
take_word(const char *words, struct str text)
{
	int i = word_index(words, text);

	for (size_t k = 0; i < 0 && k < sizeof(synonyms) / sizeof(synonyms[0]); k++)
		if (str_eqc_ci(text, synonyms[k][0]))
			i = word_index(words, str_c(synonyms[k][1]));
	return i;
}

static struct str_list
take_list(struct str text, struct arena *a)
{
	struct str_list list = { arena_array(a, struct str, text.n / 2 + 1), 0 };
	size_t i = 0, from;

	while (i < text.n) {
		while (i < text.n && strchr(" \t,", text.p[i]) != NULL)
			i++;
		for (from = i; i < text.n && strchr(" \t,", text.p[i]) == NULL;)
			i++;
		if (i > from)
			list.v[list.n++] = arena_dup(a, str_sub(text, from, i - from));
	}
	return list;
}

static int
refuse(struct arena *a, struct str *why, const struct conf_row *row, struct str value, const char *expected)
{
	if (row->flags & CONF_SECRET)
		value = STR("***");
	*why = arena_printf(a, "%s: '%.*s' is not %s", row->key, FSTR(value), expected);
	return -1;
}

static int
set_number(struct conf *c, const struct conf_row *row, struct str value, struct arena *a, struct str *why)
{
	bool time = row->type == CONF_TIME, ok;
	int64_t v, scale = time ? USEC : 1;

	if (row->type == CONF_INT)
		ok = str_int(value, &v);
	else
		ok = take_units(value, time ? time_units : size_units, &v);
	if (!ok)
		return refuse(a, why, row, value,
		    time                         ? "a time such as 500ms, 30s, 5m or 24h"
			: row->type == CONF_SIZE ? "a size such as 4096, 64k or 8m"
						 : "a whole number");
	if (v < 0 || v < row->min * scale || v > row->max * scale) {
		*why = arena_printf(a, "%s: %.*s is out of range: %lld to %lld%s", row->key, FSTR(value),
		    (long long)row->min, (long long)row->max, time ? " seconds" : "");
		return -1;
	}
	memcpy((char *)c + row->offset, &v, sizeof(v));
	return 0;
}

static int
set_fraction(struct conf *c, const struct conf_row *row, struct str value, struct arena *a, struct str *why)
{
	char *text = arena_cstr(a, value), *end;
	double v = strtod(text, &end);

	if (end == text || *end != '\0' || strspn(text, "0123456789.") != value.n)
		return refuse(a, why, row, value, "a number such as 0.5");
	if (v < (double)row->min || v > (double)row->max) {
		*why = arena_printf(a, "%s: %.*s is out of range: %lld to %lld", row->key, FSTR(value),
		    (long long)row->min, (long long)row->max);
		return -1;
	}
	memcpy((char *)c + row->offset, &v, sizeof(v));
	return 0;
}

int
conf_set(struct conf *c, const char *key, struct str value, enum conf_origin origin, struct arena *a, struct str *why)
{
	const struct conf_row *row = conf_find(str_c(key));
	char *at;
	int word;

	if (row == NULL) {
		*why = arena_printf(a, "unknown setting '%s'", key);
		return -1;
	}
	at = (char *)c + row->offset;
	switch (row->type) {
	case CONF_STR: *(struct str *)(void *)at = arena_dup(&c->arena, value.p ? value : STR("")); break;
	case CONF_LIST: *(struct str_list *)(void *)at = take_list(value, &c->arena); break;
	case CONF_BOOL:
		if ((word = take_word("no|yes", value)) < 0)
			return refuse(a, why, row, value, "yes or no");
		*(bool *)at = word;
		break;
	case CONF_ENUM:
		if ((word = take_word(row->words, value)) < 0)
			return refuse(a, why, row, value, arena_cstr(a, arena_printf(a, "one of %s", row->words)));
		*(int *)(void *)at = word;
		break;
	case CONF_NUM:
		if (set_fraction(c, row, value, a, why) != 0)
			return -1;
		break;
	default:
		if (set_number(c, row, value, a, why) != 0)
			return -1;
	}
	c->origin[row - conf_table] = (unsigned char)origin;
	return 0;
}

/* In the largest unit that leaves no remainder; zero is written in seconds or bytes. */
static struct str
units_text(int64_t v, const struct unit *units, int64_t plain, struct arena *a)
{
	const struct unit *best = units;

	for (const struct unit *u = units; u->name != NULL; u++) {
		bool fits = v == 0 ? u->factor == plain : v % u->factor == 0;

		if (fits && (u->factor > best->factor || (u->factor == best->factor && u->name[0] != '\0')))
			best = u;
	}
	return arena_printf(a, "%lld%s", (long long)(v / best->factor), best->name);
}

static struct str
list_text(const struct str_list *list, struct arena *a)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			buf_putc(&b, ' ');
		buf_str(&b, list->v[i]);
	}
	return buf_flat(&b);
}

static struct str
word_text(const char *words, int index)
{
	struct str rest = str_c(words), word = STR("");

	while (index-- >= 0 && str_next(&rest, '|', &word))
		continue;
	return word;
}

struct str
conf_text(const struct conf *c, const struct conf_row *row, struct arena *a, bool secrets)
{
	const void *at = (const char *)c + row->offset;

	switch (row->type) {
	case CONF_STR:
		if ((row->flags & CONF_SECRET) && !secrets && ((const struct str *)at)->n > 0)
			return STR("***");
		return *(const struct str *)at;
	case CONF_LIST: return list_text(at, a);
	case CONF_BOOL: return *(const bool *)at ? STR("yes") : STR("no");
	case CONF_ENUM: return word_text(row->words, *(const int *)at);
	case CONF_TIME: return units_text(*(const int64_t *)at, time_units, USEC, a);
	case CONF_SIZE: return units_text(*(const int64_t *)at, size_units, 1, a);
	case CONF_NUM: return arena_printf(a, "%g", *(const double *)at);
	case CONF_INT: break;
	}
	return arena_printf(a, "%lld", (long long)*(const int64_t *)at);
}

struct str_list
conf_needs_restart(const struct conf *old, const struct conf *now, struct arena *a)
{
	struct str_list list = { arena_array(a, struct str, CONF_KEYS), 0 };

	for (size_t i = 0; i < CONF_KEYS; i++) {
		const struct conf_row *row = &conf_table[i];

		if ((row->flags & CONF_RESTART) && !str_eq(conf_text(old, row, a, true), conf_text(now, row, a, true)))
			list.v[list.n++] = str_c(row->key);
	}
	return list;
}

int
conf_workers(const struct conf *c)
{
	long n = c->workers > 0 ? (long)c->workers : sysconf(_SC_NPROCESSORS_ONLN);

	return n < 1 ? 1 : n > 128 ? 128 : (int)n;
}
