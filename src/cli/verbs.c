/*
 * verbs - the verbs that are no tools, and the help that lists all of them.
 */
#include <string.h>

#include "cli/toolverb.h"
#include "cli/cli.h"
#include "tool/tool.h"

const struct cli_verb cli_verbs[] = {
	{ "ctl", ctl_args, "Ask or tell the daemon, through its control socket",
	    "Returns when what was asked for is over: a reload or upgrade that failed says why and exits with 1. "
	    "Only the account of the master may connect.",
	    verb_ctl },
	{ "stat", "[-1] [SECONDS]", "Live counters and latencies, refreshed; -1 prints once",
	    "Read from the daemon's /metrics each second, or as often as SECONDS says.", verb_stat },
	{ "conf", "show|changed|check|defaults", "The settings: in force, changed, checked, all with their defaults",
	    "Reads the configuration as the daemon would, with -c and -o; show and changed name where each value comes from, and "
	    "print no secrets. defaults is a commented file to begin with.",
	    verb_conf },
	{ "archive", "verify|rebuild [DIRECTORY]", "Compare database and archive; write a new archive from the database",
	    "Both work on the files of this machine. verify may run beside the daemon; it names every file that is missing, "
	    "differs, or is not in the database, and exits with 1 when there is one. rebuild writes into a directory that does "
	    "not exist yet, or an archive without commits, by default storage_root, which no daemon may use meanwhile. See "
	    "agentmail-archive(5).",
	    verb_archive },
	{ "guard", "install|uninstall|status|check", "Git hooks that ask for reservations before a commit or push",
	    "install PROJECT REPOSITORY [--prepush] puts a pre-commit hook, and on request a pre-push hook, where that "
	    "repository keeps its hooks; a hook that is there goes on running after it. uninstall [REPOSITORY] takes both out "
	    "again, status [REPOSITORY] tells what lies there. check [--stdin-nul] [--advisory] [--repo DIR] reads paths, "
	    "separated by NUL, from standard input and exits with 1 when another agent than AGENT_NAME holds one of them "
	    "exclusively. The records are files of the archive's work tree: no daemon is needed.",
	    verb_guard },
	{ "completion", "bash|zsh", "Completion script for a shell", NULL, verb_completion },
	{ "man", "tools|conf|counters|verbs|signals", "Generated parts of the manual, as mdoc(7)", NULL, verb_man },
	{ "help", "[VERB]", "This text, or the options of a verb", NULL, verb_help },
	{ NULL, NULL, NULL, NULL, NULL },
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

static const struct cli_verb *
find_verb(const char *name)
{
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		if (strcmp(v->name, name) == 0)
			return v;
	return NULL;
}

static void
one_verb(const struct cli_verb *v)
{
	printf("agentmail %s %s\n\n%s.\n", v->name, v->args, v->help);
	if (v->more != NULL)
		printf("%s\n", v->more);
	for (const struct ctl_word *w = ctl_words; v->run == verb_ctl && w->word != NULL; w++)
		printf("  %-8s %s%s%s\n", w->word, w->help, w->signal != NULL ? "; " : "",
		    w->signal != NULL ? w->signal : "");
}

int
verb_help(struct cli *cli, int argc, char **argv)
{
	const struct tool *t = argc > 1 ? toolverb_find(argv[1]) : NULL;
	const struct cli_verb *own = argc > 1 ? find_verb(argv[1]) : NULL;

	if (t != NULL) {
		toolverb_help(t, stdout);
		return CLI_OK;
	}
	if (own != NULL) {
		one_verb(own);
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
