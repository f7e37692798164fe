/*
 * agentmail - the command line: global options, then a verb. A verb is a row of
 * cli_verbs or a tool.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/likeness.h"
#include "base/log.h"
#include "cli/toolverb.h"
#include "cli/cli.h"

#define OPTIONS_MAX 64

static int
usage(struct cli *cli, const char *why, const char *what)
{
	return cli_error(cli, CLI_USAGE, "%s%s\n  agentmail help lists the verbs", why, what);
}

static const struct cli_verb *
find_verb(const char *name)
{
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static int
unknown_verb(struct cli *cli, const char *name, const char *const *names, size_t n)
{
	ptrdiff_t near = str_nearest(str_c(name), names, n, 0.5);

	return cli_error(cli, CLI_USAGE, "no such verb: %s%s%s%s\n  agentmail help lists the verbs", name,
	    near >= 0 ? ", did you mean " : "", near >= 0 ? names[near] : "", near >= 0 ? "?" : "");
}

static int
run_verb(struct cli *cli, int argc, char **argv)
{
	const struct cli_verb *v = find_verb(argv[0]);
	const struct tool *t = toolverb_find(argv[0]);
	const char *names[256];
	size_t n = 0;

	if (v != NULL || t != NULL)
		cli->verb = argv[0];
	if (v != NULL)
		return v->run(cli, argc, argv);
	if (t != NULL)
		return toolverb_run(cli, t, argc, argv);
	for (v = cli_verbs; v->name != NULL; v++)
		names[n++] = v->name;
	n = toolverb_names(names, n, sizeof(names) / sizeof(names[0]));
	return unknown_verb(cli, argv[0], names, n);
}

static void
look_at_terminal(struct cli *cli)
{
	struct winsize w;

	cli->tty = isatty(1);
	cli->columns = ioctl(1, TIOCGWINSZ, &w) == 0 && w.ws_col > 20 ? w.ws_col : 100;
}

int
main(int argc, char **argv)
{
	static const char *options[OPTIONS_MAX + 1];
	struct cli cli = { .options = options };
	int c, noptions = 0, rc;
	const char *url = getenv("AGENTMAIL_URL");

	setlocale(LC_CTYPE, "");
	arena_init(&cli.arena, 4096);
	cli.url = url != NULL && url[0] != '\0' ? url : NULL;
	look_at_terminal(&cli);
	log_who("agentmail", 0);
	log_set(LOG_LEVEL_WARN, LOG_FORMAT_TEXT);
	while ((c = getopt(argc, argv, "+u:c:o:jhV")) != -1) {
		if (c == 'u')
			cli.url = optarg;
		else if (c == 'c')
			cli.config = optarg;
		else if (c == 'o' && noptions < OPTIONS_MAX)
			options[noptions++] = optarg;
		else if (c == 'j')
			cli.json = true;
		else if (c == 'h')
			return verb_help(&cli, 0, NULL);
		else if (c == 'V')
			return puts("agentmail " AGENTMAIL_VERSION) < 0;
		else
			return usage(
			    &cli, "usage: agentmail [-u URL] [-c FILE] [-o KEY=VALUE] [-j] VERB [ARGUMENTS]", "");
	}
	if (optind >= argc)
		return usage(&cli, "a verb is missing", "");
	argc -= optind;
	argv += optind;
	if (strcmp(argv[0], "--help") == 0)
		argv[0] += 2;
	rc = run_verb(&cli, argc, argv);
	if (fflush(stdout) != 0 && rc == CLI_OK)
		rc = cli_error(&cli, CLI_OS, "cannot write the output");
	arena_fini(&cli.arena);
	return rc;
}
