/*
 * verbs - the verbs that are no tools, and the help that lists all of them.
 */
#include <string.h>

#include "cli/toolverb.h"
#include "cli/cli.h"
#include "tool/tool.h"

const struct cli_verb cli_verbs[] = {
	{ "ctl", "status|reload|reopen|stop|quit|upgrade", "Ask or tell the daemon, through its control socket", verb_ctl },
	{ "stat", "[-1] [SECONDS]", "Live counters and latencies, refreshed; -1 prints once", verb_stat },
	{ "conf", "show|changed|check|defaults", "The settings: in force, changed, checked, all with their defaults", verb_conf },
	{ "archive", "verify|rebuild [DIRECTORY]", "Compare database and archive; write a new archive from the database", verb_archive },
	{ "guard", "install|uninstall|status|check", "Git hooks that ask for reservations before a commit or push", verb_guard },
	{ "completion", "bash|zsh", "Completion script for a shell", verb_completion },
	{ "man", "tools|conf|counters", "Generated parts of the manual, as mdoc(7)", verb_man },
	{ "help", "[VERB]", "This text, or the options of a verb", verb_help },
	{ NULL, NULL, NULL, NULL },
};

static void
list_tools(FILE *out)
{
	const char *cluster = "";

	for (const struct tool *const *t = tool_registry; *t != NULL; t++) {
		if (strcmp(cluster, (*t)->cluster) != 0)
			fprintf(out, "\n%s\n", (*t)->cluster);
		cluster = (*t)->cluster;
		fprintf(out, "  %-20s %s\n", (*t)->cli, (*t)->title);
	}
}

int
verb_help(struct cli *cli, int argc, char **argv)
{
	const struct tool *t = argc > 1 ? toolverb_find(argv[1]) : NULL;

	if (t != NULL) {
		toolverb_help(t, stdout);
		return CLI_OK;
	}
	if (argc > 1)
		return cli_error(cli, CLI_USAGE, "no such verb: %s", argv[1]);
	printf("agentmail [-u URL] [-c FILE] [-o KEY=VALUE] [-j] VERB [ARGUMENTS]\n\n"
	       "  -u URL   the daemon: http://host:port or unix:/path (default: AGENTMAIL_URL, else the configuration)\n"
	       "  -c FILE  configuration    -o KEY=VALUE  one setting    -j  JSON    -V  version\n\nThe daemon\n");
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		printf("  %-20s %s\n  %20s   %s\n", v->name, v->args, "", v->help);
	list_tools(stdout);
	printf("\nagentmail VERB --help shows the options of a verb. Exit codes:\n");
	for (const struct cli_exit_row *e = cli_exit_table; e->meaning != NULL; e++)
		printf("  %3d  %s\n", e->code, e->meaning);
	return CLI_OK;
}
