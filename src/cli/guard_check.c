/*
 * guard_check - `agentmail guard check` and the hooks themselves: reads what changes and the
 * reservations, and decides.
 *
 * A hook never stops a commit because something could not be read: it says so and lets it pass.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/clock.h"
#include "cli/cli.h"
#include "cli/guard.h"
#include "conf/conf.h"
#include "guard/git.h"
#include "guard/guard.h"

#define TIMEOUT_US (30 * USEC)

static struct str
variable(const char *name)
{
	const char *v = getenv(name);

	return v == NULL ? STR_NONE : str_trim(str_c(v));
}

static bool
truthy(const char *name)
{
	static const char *const words[] = { "1", "true", "t", "yes", "y" };
	struct str v = variable(name);

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eqc_ci(v, words[i]))
			return true;
	return false;
}

enum guard_mode
guard_mode(void)
{
	struct str v = variable("AGENT_MAIL_GUARD_MODE");

	if (v.n == 0)
		v = variable("AGENT_MAIL_GUARD");
	if (str_eqc_ci(v, "off"))
		return GUARD_OFF;
	return str_eqc_ci(v, "warn") || str_eqc_ci(v, "advisory") || str_eqc_ci(v, "adv") ? GUARD_WARN : GUARD_BLOCK;
}

static struct str
read_input(struct cli *cli)
{
	struct buf b;
	char part[16384];
	size_t n;

	buf_init(&b, &cli->arena);
	while ((n = fread(part, 1, sizeof(part), stdin)) > 0)
		buf_put(&b, part, n);
	return buf_flat(&b);
}

static bool
ignores_case(const struct git *g, struct cli *cli)
{
	struct str v;

	return git_line(g, &cli->arena,
		   (const char *const[]){ "config", "--type=bool", "--get", "core.ignorecase", NULL }, &v) &&
	    str_eqc(v, "true");
}

/* Conflicts are on stderr now; does the commit stop? */
static int
verdict(struct cli *cli, const struct git *g, const struct guard_records *records, const struct str_list *paths,
    bool advisory)
{
	size_t n = records->n == 0 || paths->n == 0
	    ? 0
	    : guard_report(records, paths, ignores_case(g, cli), &cli->arena, stderr);

	if (n == 0)
		return CLI_OK;
	fputs("AGENT_MAIL_GUARD=warn only tells of conflicts, AGENT_MAIL_BYPASS=1 lets this one pass\n", stderr);
	return advisory ? CLI_OK : CLI_REFUSED;
}

int
guard_check(struct cli *cli, int argc, char **argv)
{
	bool advisory = false;
	struct git g = { .dir = ".", .deadline = clock_mono_us() + TIMEOUT_US };
	struct guard_records records;
	struct guard_place place;
	struct guard_why why;
	struct conf *conf;
	struct str_list paths;
	struct str dir;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--advisory") == 0)
			advisory = true;
		else if (strcmp(argv[i], "--repo") == 0 && i + 1 < argc)
			g.dir = argv[++i];
		else if (strcmp(argv[i], "--stdin-nul") != 0)
			return cli_error(cli, CLI_USAGE, "expected check [--stdin-nul] [--advisory] [--repo DIR]");
	}
	if (variable("AGENT_NAME").n == 0) {
		fputs("[guard] AGENT_NAME environment variable is required.\n", stderr);
		return CLI_REFUSED;
	}
	if (!guard_place(g.dir, g.deadline, &cli->arena, &place, &why))
		return cli_error(cli, CLI_USAGE, "%s", why.text);
	if ((conf = cli_conf(cli)) == NULL)
		return CLI_CONFIG;
	dir = guard_records_dir(cli, conf, place.top);
	conf_free(&conf);
	guard_split(&cli->arena, read_input(cli), &paths);
	guard_records(arena_cstr(&cli->arena, dir), variable("AGENT_NAME"), clock_wall_us(), &cli->arena, &records);
	return verdict(cli, &g, &records, &paths, advisory);
}

struct hook_words {
	enum guard_hook hook;
	const char *records, *remote;
};

static bool
hook_words(int argc, char **argv, struct hook_words *w)
{
	*w = (struct hook_words){ .hook = GUARD_HOOKS, .remote = "origin" };
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--records") == 0 && i + 1 < argc)
			w->records = argv[++i];
		else if (w->hook == GUARD_HOOKS && strcmp(argv[i], "pre-commit") == 0)
			w->hook = GUARD_PRE_COMMIT;
		else if (w->hook == GUARD_HOOKS && strcmp(argv[i], "pre-push") == 0)
			w->hook = GUARD_PRE_PUSH;
		else if (w->hook == GUARD_PRE_PUSH) {
			w->remote = argv[i];
			break;
		}
	}
	return w->hook != GUARD_HOOKS && w->records != NULL;
}

int
guard_hook(struct cli *cli, int argc, char **argv)
{
	struct git g = { .deadline = clock_mono_us() + TIMEOUT_US };
	enum guard_mode mode = guard_mode();
	struct str agent = variable("AGENT_NAME");
	struct guard_records records;
	struct hook_words w;
	struct str_list paths;
	const char *name;

	if (!hook_words(argc, argv, &w))
		return cli_error(cli, CLI_USAGE, "expected hook pre-commit|pre-push --records DIR");
	name = guard_hook_names[w.hook];
	if (mode == GUARD_OFF)
		return CLI_OK;
	if (truthy("AGENT_MAIL_BYPASS")) {
		fprintf(stderr, "[%s] bypass enabled via AGENT_MAIL_BYPASS=1\n", name);
		return CLI_OK;
	}
	guard_records(w.records, agent.n > 0 ? agent : STR_NONE, clock_wall_us(), &cli->arena, &records);
	if (!records.readable) {
		fprintf(
		    stderr, "[%s] file_reservation guard: %s cannot be read, nothing was checked\n", name, w.records);
		return CLI_OK;
	}
	if (agent.n == 0)
		fprintf(stderr,
		    "[%s] AGENT_NAME environment variable is required. Every reservation counts as another's.\n", name);
	if (records.n == 0)
		return CLI_OK;
	if (w.hook == GUARD_PRE_COMMIT ? !guard_commit_paths(&g, &cli->arena, &paths)
				       : !guard_push_paths(&g, &cli->arena, w.remote, read_input(cli), &paths))
		fprintf(stderr, "[%s] file_reservation guard: git did not tell all changes\n", name);
	return verdict(cli, &g, &records, &paths, mode == GUARD_WARN);
}
