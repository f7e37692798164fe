/*
 * man - `agentmail man`: the parts of the manual that the tables know best, as mdoc(7): three whole pages, and lists
 * that stand inside pages written by hand. `make docs` puts them into docs/man, tests/lint/manuals.sh compares.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/toolverb.h"
#include "cli/cli.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "tool/tool.h"
#include "api/param_type.h"

/* When the tables behind the generated pages, or what is written round them, changed last. */
#define PAGES_DATE "November 30, 2026"
#define TEXT_WIDTH 78

/* Writes a word, escaped: a dot or quote at the start of a line would be a request. Returns its width. */
static size_t
put_word(struct str word, bool first)
{
	size_t width = word.n;

	if (first && (word.p[0] == '.' || word.p[0] == '\'')) {
		printf("\\&");
		width += 2;
	}
	for (size_t i = 0; i < word.n; i++) {
		if (word.p[i] == '\\') {
			printf("\\e");
			width++;
		} else {
			putchar(word.p[i]);
		}
	}
	return width;
}

/* "end." and "end.)" close a sentence; "e.g." closes one too, which costs no more than a line break. */
static bool
ends_sentence(struct str word)
{
	while (word.n > 1 && strchr(")\"'`", word.p[word.n - 1]) != NULL)
		word.n--;
	return word.n > 0 && strchr(".?!", word.p[word.n - 1]) != NULL;
}

/* Text as mdoc wants it: short lines, each sentence begins one. */
static void
text(struct str rest)
{
	struct str word;
	size_t column = 0;
	bool ended = false;

	while (str_next(&rest, ' ', &word)) {
		if (word.n == 0)
			continue;
		if (column > 0) {
			bool wrap = ended || column + 1 + word.n > TEXT_WIDTH;

			putchar(wrap ? '\n' : ' ');
			column = wrap ? 0 : column + 1;
		}
		column += put_word(word, column == 0);
		ended = ends_sentence(word);
	}
	putchar('\n');
}

/* A line of help: most have no full stop in their table. */
static void
sentence(const char *help)
{
	struct str s = str_c(help);
	struct arena a;

	arena_init(&a, 512);
	text(ends_sentence(s) ? s : arena_printf(&a, "%" PRIstr ".", FSTR(s)));
	arena_fini(&a);
}

static void
title(const char *page, const char *section, const char *name, const char *what)
{
	printf(".\\\" Made by `agentmail man`; change the table, not this page.\n"
	       ".Dd " PAGES_DATE "\n.Dt %s %s\n.Os\n.Sh NAME\n.Nm %s\n.Nd %s\n",
	    page, section, name, what);
}

static bool
has_params(const struct tool *t)
{
	for (size_t i = 0; i < t->op.nparams; i++)
		if (!(t->op.params[i].flags & P_REFUSED))
			return true;
	return false;
}

static void
tool_entry(const struct tool *t)
{
	printf(".Ss %s\n", t->op.name);
	text(str_c(t->op.desc));
	printf(".Pp\nCommand line:\n.Nm agentmail\n.Cm %s .\n%s.\n", t->cli,
	    t->op.flags & OP_WRITE ? "It writes" : "It reads");
	if (!has_params(t))
		return;
	printf(".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < t->op.nparams; i++) {
		const struct param *p = &t->op.params[i];

		if (p->flags & P_REFUSED)
			continue;
		printf(".It Ar %s : %s%s\n", p->name, param_types[p->type].manual,
		    p->flags & P_REQUIRED ? ", required" : "");
		sentence(p->desc != NULL ? p->desc : p->name);
		if (p->words != NULL)
			printf("(one of %s)\n", p->words);
		if (p->def != NULL && !(p->flags & P_REQUIRED))
			printf("Default: %s.\n", p->def);
	}
	printf(".El\n");
}

static void
tools_page(void)
{
	title("AGENTMAIL-TOOLS", "7", "agentmail-tools", "the tools that agents call");
	printf(".Sh DESCRIPTION\n"
	       "Every tool of\n.Xr agentmaild 8 ,\nin the order of tools/list.\n"
	       "Tools that write take an\n.Ar idempotency_key\nas well:\n"
	       "the same key with the same arguments answers once more and does nothing.\n"
	       ".Sh TOOLS\n");
	for (const struct tool *const *t = tool_registry; *t != NULL; t++)
		tool_entry(*t);
	printf(".Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

static void
conf_entry(const struct conf_row *row)
{
	printf(".It Ic %s No = %s\n", row->key, row->def[0] != '\0' ? row->def : "(empty)");
	sentence(row->help);
	if (row->words[0] != '\0')
		printf("(one of %s)\n", row->words);
	if (row->env[0] != '\0')
		printf("Environment: %s.\n", row->env);
	if (row->flags & CONF_RESTART)
		printf("Needs a restart.\n");
	if (conf_more(row) != NULL) {
		printf(".Pp\n");
		text(str_c(conf_more(row)));
	}
}

static void
conf_page(void)
{
	title("AGENTMAIL.CONF", "5", "agentmail.conf", "settings of agentmaild");
	printf(".Sh DESCRIPTION\n"
	       "The file has one\n.Ql key = value\nto a line;\n.Ql #\nbegins a comment, quotes are optional,\n"
	       ".Ql include = dir/*.conf\nreads further files in order.\n"
	       "Times are written 500ms, 30s, 5m or 24h, sizes 4096, 64k, 8m or 1g,\n"
	       "lists with spaces or commas.\n"
	       "An unknown key is an error.\n.Pp\n"
	       "Order of precedence: default, file, environment, option\n.Fl o .\n"
	       "Every key has the environment name AGENTMAIL_<KEY>;\nfurther names are given below.\n"
	       "Settings take effect at SIGHUP unless they need a restart.\n"
	       ".Sh SETTINGS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < CONF_KEYS; i++)
		conf_entry(&conf_table[i]);
	printf(".El\n.Sh KEYS WITHOUT MEANING\nThe environment of other servers may hold keys that stop nothing\n"
	       "and do nothing here:\n.Bl -tag -width Ds\n");
	for (const struct conf_foreign *f = conf_foreign_table; f->name != NULL; f++) {
		printf(".It %s\n", f->name);
		sentence(f->reason);
	}
	printf(".El\n.Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

static void
counters_page(void)
{
	title("AGENTMAIL-COUNTERS", "7", "agentmail-counters", "what agentmaild counts");
	printf(
	    ".Sh DESCRIPTION\nCounters of\n.Xr agentmaild 8 ,\nas\n.Ql agentmail stat\nand\n.Pa /metrics\nshow them (there with the prefix agentmail_).\n"
	    ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < C_COUNT; i++) {
		printf(".It %s\n", counter_table[i].name);
		sentence(counter_table[i].help);
		printf("(%s)\n", counter_table[i].gauge ? "gauge" : "counter");
	}
	printf(".El\n.Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

/* "verify|rebuild [DIRECTORY]" as the rest of an .It line. */
static void
arguments(struct arena *a, struct str args)
{
	struct str word;

	while (str_next(&args, ' ', &word)) {
		const char *sep = "";

		if (word.n > 2 && word.p[0] == '[') {
			word = str_sub(word, 1, word.n - 2);
			if (word.p[0] == '-')
				printf(" Oo Fl %.*s Oc", FSTR(str_sub(word, 1, word.n - 1)));
			else
				printf(" Oo Ar %.*s Oc", FSTR(str_lower(a, word)));
			continue;
		}
		printf(" Cm");
		for (struct str choice; str_next(&word, '|', &choice); sep = " |")
			printf("%s %.*s", sep, FSTR(choice));
	}
}

/* Inside agentmail(1): the verbs that are no tools. */
static void
verbs_list(void)
{
	struct arena a;

	arena_init(&a, 512);
	printf(".Bl -tag -width Ds\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		printf(".It Ic %s", v->name);
		arguments(&a, str_c(v->args));
		printf("\n");
		sentence(v->help);
		if (v->more != NULL)
			text(str_c(v->more));
		if (v->run != verb_ctl)
			continue;
		printf(".Bl -tag -width reload -compact\n");
		for (const struct ctl_word *w = ctl_words; w->word != NULL; w++) {
			printf(".It Cm %s\n", w->word);
			sentence(w->help);
		}
		printf(".El\n");
	}
	printf(".El\n");
	arena_fini(&a);
}

/* Inside agentmaild(8): what the master can be told. */
static void
signals_list(void)
{
	printf(".Bl -tag -width SIGWINCH\n");
	for (const struct ctl_word *w = ctl_words; w->word != NULL; w++) {
		if (w->signal != NULL)
			printf(".It Dv %s Pq Ic %s\n", w->signal, w->word);
		else
			printf(".It Pq Ic %s\n", w->word);
		text(str_c(w->manual));
	}
	printf(".El\n");
}

int
verb_man(struct cli *cli, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} pages[] = { { "tools", tools_page }, { "conf", conf_page }, { "counters", counters_page },
		{ "verbs", verbs_list }, { "signals", signals_list } };

	for (size_t i = 0; argc > 1 && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(argv[1], pages[i].name) == 0) {
			pages[i].print();
			return CLI_OK;
		}
	}
	return cli_error(cli, CLI_USAGE, "expected tools, conf, counters, verbs or signals");
}
