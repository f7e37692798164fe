/*
 * conf_table - the rows of conf.def as data, and what is made from them:
 * look-up, the commented sample file. Values are conf_value's, files conf_load's.
 */
#include "conf/conf.h"

#include <string.h>

/* Of a paragraph in the sample file. */
#define SAMPLE_WIDTH 100

#define CONF_SECTION(title)
#define CONF_MORE(key, text)
#define CONF(k, ty, d, lo, hi, fl, e, w, h) \
	[CONF_KEY_##k] = { #k, CONF_##ty, d, lo, hi, fl, e, w, h, offsetof(struct conf, k) },
#define RELOAD CONF_RELOAD
#define RESTART CONF_RESTART
#define SECRET CONF_SECRET
const struct conf_row conf_table[CONF_KEYS] = {
#include "conf/conf.def"
};
#undef CONF
#undef CONF_MORE

/* What the manual says beyond `help`. Aside, so that a row stays small. */
static const char *const more[CONF_KEYS] = {
#define CONF(k, ty, d, lo, hi, fl, e, w, h)
#define CONF_MORE(k, text) [CONF_KEY_##k] = text,
#include "conf/conf.def"
#undef CONF
#undef CONF_MORE
#undef CONF_SECTION
};

/* Sections in order: the title, or NULL and a key. */
static const struct {
	const char *title;
	int key;
} outline[] = {
#define CONF_MORE(key, text)
#define CONF_SECTION(t) { t, -1 },
#define CONF(k, ty, d, lo, hi, fl, e, w, h) { NULL, CONF_KEY_##k },
#include "conf/conf.def"
#undef CONF
#undef CONF_MORE
#undef CONF_SECTION
};

const struct conf_row *
conf_find(struct str key)
{
	for (size_t i = 0; i < CONF_KEYS; i++)
		if (str_eqc(key, conf_table[i].key))
			return &conf_table[i];
	return NULL;
}

const char *
conf_more(const struct conf_row *row)
{
	return more[row - conf_table];
}

/* Text as comment lines. */
static void
sample_text(struct buf *out, const char *text)
{
	struct str rest = str_c(text), word;
	size_t column = 0;

	while (str_next(&rest, ' ', &word)) {
		if (column == 0 || column + 1 + word.n > SAMPLE_WIDTH) {
			buf_cstr(out, column == 0 ? "#" : "\n#");
			column = 1;
		}
		buf_putc(out, ' ');
		buf_str(out, word);
		column += 1 + word.n;
	}
	buf_cstr(out, "\n");
}

static void
sample_row(struct buf *out, const struct conf_row *row)
{
	struct str words = str_c(row->words), word;
	const char *sep = "";

	buf_printf(out, "# %s", row->help);
	if (words.n > 0) {
		buf_cstr(out, " (");
		while (str_next(&words, '|', &word)) {
			buf_cstr(out, sep);
			buf_str(out, word);
			sep = ", ";
		}
		buf_cstr(out, ")");
	}
	buf_cstr(out, row->flags & CONF_RESTART ? ". Needs a restart.\n" : ".\n");
	if (conf_more(row) != NULL)
		sample_text(out, conf_more(row));
	if (row->env[0] != '\0')
		buf_printf(out, "# Environment: %s\n", row->env);
	buf_printf(out, "#%s =%s%s\n\n", row->key, row->def[0] != '\0' ? " " : "", row->def);
}

void
conf_sample(struct buf *out)
{
	buf_cstr(out,
	    "# agentmail.conf - settings of agentmaild, each with its default.\n"
	    "#\n"
	    "# key = value; '#' begins a comment; include = DIR/*.conf reads further files.\n"
	    "# Times: 500ms, 30s, 5m, 24h. Sizes: 64k, 8m, 1g. Lists: spaces or commas.\n"
	    "# Every key can be given as AGENTMAIL_<KEY> in the environment and as -o key=value;\n"
	    "# the order is default < file < environment < -o. `agentmaild -t` checks,\n"
	    "# SIGHUP reloads. See agentmail.conf(5).\n\n");
	for (size_t i = 0; i < sizeof(outline) / sizeof(outline[0]); i++) {
		if (outline[i].title != NULL)
			buf_printf(out, "#### %s\n\n", outline[i].title);
		else
			sample_row(out, &conf_table[outline[i].key]);
	}
}
