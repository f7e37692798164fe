/*
 * guard - `agentmail guard`: hooks that ask for reservations. Needs no server.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/path.h"
#include "cli/cli.h"
#include "cli/guard.h"
#include "conf/conf.h"
#include "guard/git.h"
#include "guard/guard.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/db.h"

#define TIMEOUT_US (10 * USEC)
#define SLUG_CUT 200

static int
why_not(struct cli *cli, const struct guard_why *why)
{
	return cli_error(cli,
	    why->error == 0            ? CLI_USAGE
		: why->error == EACCES ? CLI_NOPERM
				       : CLI_OS,
	    "%s", why->text);
}

/* The slug of a project by slug or path: 0, 1 when the database knows none, -1 when there is no database to ask. */
static int
ask_database(struct cli *cli, const struct conf *conf, struct str key, struct str *slug)
{
	struct str why;
	struct project p;
	struct db *db = db_open(conf, DB_READ, &cli->arena, &why);
	struct cx cx;
	int rc;

	if (db == NULL)
		return -1;
	cx_init(&cx, &cli->arena, conf);
	cx.db = db;
	cx.now = clock_wall_us();
	rc = project_lookup(&cx, key, &p);
	if (rc > 0)
		*slug = p.slug;
	db_close(&db);
	return rc > 0 ? 0 : 1;
}

static struct str
records_of(struct cli *cli, const struct conf *conf, struct str slug)
{
	return arena_printf(
	    &cli->arena, "%" PRIstr "/projects/%" PRIstr "/file_reservations", FSTR(conf->storage_root), FSTR(slug));
}

/* Without a database: the directory that the rule of slugs leads to (decision 3.40), the longer form first. */
struct str
guard_records_dir(struct cli *cli, const struct conf *conf, struct str top)
{
	char hex[SHA1_HEX + 1];
	struct str slug, plain = path_slug(&cli->arena, top), dir;

	if (ask_database(cli, conf, top, &slug) == 0)
		return records_of(cli, conf, slug);
	hash_sha1_hex(top, hex);
	slug = arena_printf(&cli->arena, "%" PRIstr "-%.8s", FSTR(str_cut_utf8(plain, SLUG_CUT)), hex);
	dir = records_of(cli, conf, slug);
	return access(arena_cstr(&cli->arena, dir), F_OK) == 0 ? dir : records_of(cli, conf, plain);
}

static struct str
own_program(struct cli *cli)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (n <= 0)
		return STR("agentmail");
	return arena_dup(&cli->arena, (struct str){ path, (size_t)n });
}

static int
install(struct cli *cli, int argc, char **argv)
{
	struct guard_install in = { .prepush = false };
	struct guard_why why;
	const char *word[2];
	struct conf *conf;
	struct str slug = STR_NONE, hook;
	int n = 0, rc;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--prepush") == 0 || strcmp(argv[i], "--no-prepush") == 0)
			in.prepush = argv[i][2] == 'p';
		else if (n < 2 && argv[i][0] != '-')
			word[n++] = argv[i];
		else
			return cli_error(cli, CLI_USAGE, "unexpected %s", argv[i]);
	}
	if (n < 2)
		return cli_error(cli, CLI_USAGE, "expected install PROJECT REPOSITORY [--prepush]");
	if ((conf = cli_conf(cli)) == NULL)
		return CLI_CONFIG;
	rc = ask_database(cli, conf, str_c(word[0]), &slug);
	if (rc < 0)
		slug = word[0][0] == '/' ? path_slug(&cli->arena, str_c(word[0])) : str_c(word[0]);
	in.records = records_of(cli, conf, slug);
	conf_free(&conf);
	if (rc > 0 || (rc < 0 && access(arena_cstr(&cli->arena, in.records), F_OK) != 0))
		return cli_error(
		    cli, CLI_USAGE, "no project is called %s: give the slug or path of one that agents use", word[0]);
	in.program = own_program(cli);
	if (!guard_place(word[1], clock_mono_us() + TIMEOUT_US, &cli->arena, &in.place, &why) ||
	    !guard_install(&in, &cli->arena, &hook, &why))
		return why_not(cli, &why);
	printf("%.*s\n", FSTR(hook));
	return CLI_OK;
}

static int
uninstall(struct cli *cli, int argc, char **argv)
{
	struct guard_place place;
	struct guard_why why;
	bool removed;

	if (argc > 1)
		return cli_error(cli, CLI_USAGE, "expected uninstall [REPOSITORY]");
	if (!guard_place(argc > 0 ? argv[0] : ".", clock_mono_us() + TIMEOUT_US, &cli->arena, &place, &why) ||
	    !guard_uninstall(&place, &cli->arena, &removed, &why))
		return why_not(cli, &why);
	printf("%s\n", removed ? "removed" : "there was no guard");
	return CLI_OK;
}

static int
status(struct cli *cli, int argc, char **argv)
{
	static const char *const modes[] = { "block", "warn", "off" };
	struct guard_place place;
	struct guard_why why;

	if (argc > 1)
		return cli_error(cli, CLI_USAGE, "expected status [REPOSITORY]");
	if (!guard_place(argc > 0 ? argv[0] : ".", clock_mono_us() + TIMEOUT_US, &cli->arena, &place, &why))
		return why_not(cli, &why);
	printf("hooks %.*s\nmode %s\n", FSTR(place.hooks), modes[guard_mode()]);
	for (enum guard_hook h = 0; h < GUARD_HOOKS; h++) {
		struct guard_state s = guard_state(&place, h, &cli->arena);

		printf("%s %s%s\n", guard_hook_names[h],
		    s.guarded      ? "guarded"
			: s.exists ? "not guarded"
				   : "absent",
		    s.original ? ", the hook that was there runs after it" : "");
	}
	return CLI_OK;
}

static const struct {
	const char *name;
	int (*run)(struct cli *cli, int argc, char **argv);
} verbs[] = {
	{ "install", install },
	{ "uninstall", uninstall },
	{ "status", status },
	{ "check", guard_check },
	{ "hook", guard_hook },
};

int
verb_guard(struct cli *cli, int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (strcmp(argv[1], verbs[i].name) == 0)
			return verbs[i].run(cli, argc - 2, argv + 2);
	return cli_error(cli, CLI_USAGE, "expected install PROJECT REPOSITORY, uninstall, status or check");
}
