/*
 * completion - scripts for bash and zsh, from the tables of verbs and tools.
 */
#include <string.h>

#include "cli/toolverb.h"
#include "cli/cli.h"
#include "tool/tool.h"

static void
put_verbs(void)
{
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++)
		printf("%s ", v->name);
	for (const struct tool *const *t = tool_registry; *t != NULL; t++)
		printf("%s ", (*t)->cli);
}

static void
put_options(struct cli *cli, const struct tool *t)
{
	struct toolverb_params all = toolverb_params(&cli->arena, t);

	for (size_t i = 0; i < all.n; i++)
		printf("--%.*s ", FSTR(toolverb_option(&cli->arena, &all.v[i])));
	printf("--json --help");
}

/* The words after a verb: options of a tool, or the alternatives of a row's args. */
static void
put_cases(struct cli *cli, const char *indent, const char *variable)
{
	for (const struct tool *const *t = tool_registry; *t != NULL; t++) {
		printf("%s%s) %s='", indent, (*t)->cli, variable);
		put_options(cli, *t);
		printf("' ;;\n");
	}
	for (const struct cli_verb *v = cli_verbs; v->name != NULL; v++) {
		struct str rest = str_c(v->args), word;

		if (str_chr(rest, '|') < 0)
			continue;
		printf("%s%s) %s='", indent, v->name, variable);
		while (str_next(&rest, '|', &word)) {
			ptrdiff_t space = str_chr(word, ' ');

			printf("%.*s ", FSTR(space >= 0 ? str_sub(word, 0, (size_t)space) : word));
		}
		printf("' ;;\n");
	}
}

static void
bash(struct cli *cli)
{
	printf(
	    "# bash completion of agentmail(1); made by `agentmail completion bash`\n"
	    "_agentmail() {\n\tlocal verb='' words='' i\n"
	    "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	    "\t\tcase ${COMP_WORDS[i]} in -u|-c|-o) ((i++)) ;; -*) ;; *) verb=${COMP_WORDS[i]}; break ;; esac\n\tdone\n"
	    "\tcase $verb in\n\t'') words='");
	put_verbs();
	printf("' ;;\n");
	put_cases(cli, "\t", "words");
	printf("\tesac\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\")\n}\n"
	       "complete -o default -F _agentmail agentmail\n");
}

/* `words` is zsh's own name for the command line, so ours is `choices`. */
static void
zsh(struct cli *cli)
{
	printf("#compdef agentmail\n# made by `agentmail completion zsh`\n"
	       "_agentmail() {\n\tlocal verb='' choices='' i\n"
	       "\tfor ((i = 2; i < CURRENT; i++)); do\n"
	       "\t\tcase ${words[i]} in -u|-c|-o) ((i++)) ;; -*) ;; *) verb=${words[i]}; break ;; esac\n\tdone\n"
	       "\tcase $verb in\n\t'') choices='");
	put_verbs();
	printf("' ;;\n");
	put_cases(cli, "\t", "choices");
	printf("\tesac\n\tcompadd -- ${=choices}\n}\n_agentmail \"$@\"\n");
}

int
verb_completion(struct cli *cli, int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "bash") == 0)
		bash(cli);
	else if (argc > 1 && strcmp(argv[1], "zsh") == 0)
		zsh(cli);
	else
		return cli_error(cli, CLI_USAGE, "expected bash or zsh");
	return CLI_OK;
}
