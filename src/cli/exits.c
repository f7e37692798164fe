/*
 * exits - what the exit codes mean (sysexits(3) where it has one), and how
 * errors are said.
 */
#include <stdarg.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/print.h"
#include "conf/conf.h"

const struct cli_exit_row cli_exit_table[] = {
	{ CLI_OK, "done" },
	{ CLI_REFUSED, "the server understood and refused, or a check found a difference" },
	{ CLI_USAGE, "the command line is wrong" },
	{ CLI_UNAVAILABLE, "nobody answers: agentmaild does not run, or not there" },
	{ CLI_SOFTWARE, "an answer that this program does not understand" },
	{ CLI_OS, "the system refused something: a file, memory" },
	{ CLI_TEMPORARY, "busy or rate limited: try again later" },
	{ CLI_NOPERM, "credentials are missing or wrong" },
	{ CLI_CONFIG, "the configuration is wrong" },
	{ 0, NULL },
};

int
cli_error(const struct cli *cli, int code, const char *fmt, ...)
{
	struct arena a;
	struct str text;
	va_list ap;

	arena_init(&a, 512);
	va_start(ap, fmt);
	text = arena_vprintf(&a, fmt, ap);
	va_end(ap);
	fflush(stdout);
	fprintf(stderr, "agentmail%s%s: %.*s\n", cli->verb ? " " : "", cli->verb ? cli->verb : "",
	    FSTR(print_safe(&a, text, true)));
	arena_fini(&a);
	return code;
}

struct conf *
cli_conf(struct cli *cli)
{
	struct conf_source src = { cli->config, cli->options, true };
	struct str why;
	struct conf *c = conf_load(&src, &cli->arena, &why);

	if (c == NULL)
		cli_error(cli, CLI_CONFIG, "%.*s", FSTR(why));
	return c;
}
