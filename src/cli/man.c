/*
 * man - `agentmail man`: the parts of the manual that the tables know best, as
 * mdoc(7). docs/man holds what this prints; a lint test compares them.
 */
#include <string.h>

#include "cli/toolverb.h"
#include "cli/cli.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "tool/tool.h"
#include "api/param_type.h"

/* A text line: a dot or quote at its start would be a request. */
static void
text(const char *s)
{
	if (s[0] == '.' || s[0] == '\'')
		printf("\\&");
	for (; *s != '\0'; s++) {
		if (*s == '\\')
			printf("\\e");
		else
			putchar(*s);
	}
	putchar('\n');
}

static void
title(const char *page, const char *section, const char *name, const char *what)
{
	printf(".\\\" Made by `agentmail man`; change the table, not this page.\n"
	       ".Dd $Mdocdate$\n.Dt %s %s\n.Os agentmail\n.Sh NAME\n.Nm %s\n.Nd %s\n", page, section, name, what);
}

static void
tool_entry(const struct tool *t)
{
	printf(".Ss %s\n", t->op.name);
	text(t->op.desc);
	printf(".Pp\nCommand line:\n.Nm agentmail\n.Cm %s .\n%s.\n", t->cli,
	    t->op.flags & OP_WRITE ? "It writes" : "It reads");
	printf(".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < t->op.nparams; i++) {
		const struct param *p = &t->op.params[i];

		if (p->flags & P_REFUSED)
			continue;
		printf(".It Ar %s : %s%s\n", p->name, param_types[p->type].manual, p->flags & P_REQUIRED ? ", required" : "");
		text(p->desc != NULL ? p->desc : p->name);
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
	       "Tools that write take an\n.Ar idempotency_key\nas well: the same key with the same arguments answers once more and does nothing.\n"
	       ".Sh TOOLS\n");
	for (const struct tool *const *t = tool_registry; *t != NULL; t++)
		tool_entry(*t);
	printf(".Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

static void
conf_entry(const struct conf_row *row)
{
	printf(".It Ic %s No = %s\n", row->key, row->def[0] != '\0' ? row->def : "(empty)");
	text(row->help);
	if (row->words[0] != '\0')
		printf("(one of %s)\n", row->words);
	if (row->env[0] != '\0')
		printf("Environment: %s.\n", row->env);
	if (row->flags & CONF_RESTART)
		printf("Needs a restart.\n");
}

static void
conf_page(void)
{
	title("AGENTMAIL.CONF", "5", "agentmail.conf", "settings of agentmaild");
	printf(".Sh DESCRIPTION\n"
	       "The file has one\n.Ql key = value\nto a line;\n.Ql #\nbegins a comment, quotes are optional,\n"
	       ".Ql include = dir/*.conf\nreads further files in order.\n"
	       "Times are written 500ms, 30s, 5m or 24h, sizes 4096, 64k, 8m or 1g, lists with spaces or commas.\n"
	       "An unknown key is an error.\n.Pp\n"
	       "Order of precedence: default, file, environment, option\n.Fl o .\n"
	       "Every key has the environment name AGENTMAIL_<KEY>; further names are given below.\n"
	       "Settings take effect at SIGHUP unless they need a restart.\n.Pp\n"
	       "What durability means:\na successful answer says that the change and its archive order are in the database.\n"
	       "With\n.Ic full\nthat survives power loss; with\n.Ic process\nit survives the death of any process, and the last commits may be\n"
	       "lost when the power fails.\nThe Git commit follows, in the same order, exactly once.\n"
	       ".Sh SETTINGS\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < CONF_KEYS; i++)
		conf_entry(&conf_table[i]);
	printf(".El\n.Sh KEYS WITHOUT MEANING\nThe environment of other servers may hold keys that stop nothing and do nothing here:\n.Bl -tag -width Ds\n");
	for (const struct conf_foreign *f = conf_foreign_table; f->name != NULL; f++) {
		printf(".It %s\n", f->name);
		text(f->reason);
	}
	printf(".El\n.Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

static void
counters_page(void)
{
	title("AGENTMAIL-COUNTERS", "7", "agentmail-counters", "what agentmaild counts");
	printf(".Sh DESCRIPTION\nCounters of\n.Xr agentmaild 8 ,\nas\n.Ql agentmail stat\nand\n.Pa /metrics\nshow them (there with the prefix agentmail_).\n"
	       ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < C_COUNT; i++) {
		printf(".It %s\n", counter_table[i].name);
		text(counter_table[i].help);
		printf("(%s)\n", counter_table[i].gauge ? "gauge" : "counter");
	}
	printf(".El\n.Sh SEE ALSO\n.Xr agentmail 1 ,\n.Xr agentmaild 8\n");
}

int
verb_man(struct cli *cli, int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*print)(void);
	} pages[] = { { "tools", tools_page }, { "conf", conf_page }, { "counters", counters_page } };

	for (size_t i = 0; argc > 1 && i < sizeof(pages) / sizeof(pages[0]); i++) {
		if (strcmp(argv[1], pages[i].name) == 0) {
			pages[i].print();
			return CLI_OK;
		}
	}
	return cli_error(cli, CLI_USAGE, "expected tools, conf or counters");
}
