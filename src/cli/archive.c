/*
 * archive - `agentmail archive verify|rebuild`: works on the files of this
 * machine, without the daemon.
 */
#include <string.h>

#include "base/json_write.h"
#include "cli/archive_rebuild.h"
#include "cli/archive_verify.h"
#include "cli/cli.h"
#include "conf/conf.h"

struct report {
	struct cli *cli;
	struct buf list; /* with -j: an array under construction */
	struct jw w;
};

static void
start_report(struct report *r, struct cli *cli)
{
	r->cli = cli;
	buf_init(&r->list, &cli->arena);
	jw_init(&r->w, &r->list, JW_COMPACT);
	jw_arr(&r->w);
}

static void
say_difference(void *arg, const char *kind, struct str path, struct str about)
{
	struct report *r = arg;

	if (!r->cli->json) {
		printf("%-8s %.*s: %.*s\n", kind, FSTR(path), FSTR(about));
		return;
	}
	jw_obj(&r->w);
	jw_kcstr(&r->w, "kind", kind);
	jw_kstr(&r->w, "path", path);
	jw_kstr(&r->w, "about", about);
	jw_end(&r->w);
}

static void
say_unwritten(void *arg, struct str what, const char *why)
{
	say_difference(arg, "failed", what, str_c(why));
}

struct number {
	const char *name;
	int64_t value;
};

/* The numbers and the list as one object, or the numbers as a line. */
static void
finish_report(struct report *r, const char *list, const struct number *numbers, size_t n)
{
	struct buf b;
	struct jw w;

	jw_end(&r->w);
	if (!r->cli->json) {
		for (size_t i = 0; i < n; i++)
			printf("%s%lld %s", i ? ", " : "", (long long)numbers[i].value, numbers[i].name);
		printf("\n");
		return;
	}
	buf_init(&b, &r->cli->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	for (size_t i = 0; i < n; i++)
		jw_kint(&w, numbers[i].name, numbers[i].value);
	jw_key(&w, list);
	jw_raw_buf(&w, &r->list);
	jw_end(&w);
	printf("%.*s\n", FSTR(buf_flat(&b)));
}

static int
verify(struct cli *cli, const struct conf *conf)
{
	struct verify_result v;
	struct report r;
	struct str why;

	start_report(&r, cli);
	if (archive_verify(conf, say_difference, &r, &v, &cli->arena, &why) != 0)
		return cli_error(cli, CLI_OS, "%.*s", FSTR(why));
	finish_report(&r, "differences",
	    (const struct number[]){ { "messages", v.messages }, { "profiles", v.profiles },
		{ "reservations", v.reservations }, { "files", v.files }, { "pending", v.pending },
		{ "removed", v.removed }, { "missing", v.missing }, { "differing", v.differing },
		{ "unknown", v.unknown }, { "failed", v.failed } },
	    10);
	return verify_differences(&v) > 0 ? CLI_REFUSED : CLI_OK;
}

static int
rebuild(struct cli *cli, const struct conf *conf, const char *dir)
{
	struct rebuild_result b;
	struct report r;
	struct str why;

	start_report(&r, cli);
	if (archive_rebuild(conf, dir ? str_c(dir) : conf->storage_root, say_unwritten, &r, &b, &cli->arena, &why) != 0)
		return cli_error(cli, CLI_OS, "%.*s", FSTR(why));
	finish_report(&r, "unwritten",
	    (const struct number[]){ { "messages", b.messages }, { "profiles", b.profiles },
		{ "reservations", b.reservations }, { "commits", b.commits }, { "pending", b.pending },
		{ "removed", b.removed }, { "failed", b.failed } },
	    7);
	return b.failed > 0 ? CLI_REFUSED : CLI_OK;
}

int
verb_archive(struct cli *cli, int argc, char **argv)
{
	bool rebuilds = argc > 1 && strcmp(argv[1], "rebuild") == 0;
	struct conf *conf;
	int rc;

	if (argc < 2 || argc > 2 + rebuilds || (!rebuilds && strcmp(argv[1], "verify") != 0))
		return cli_error(cli, CLI_USAGE, "expected verify, or rebuild [DIRECTORY]");
	conf = cli_conf(cli);
	if (conf == NULL)
		return CLI_CONFIG;
	rc = rebuilds ? rebuild(cli, conf, argc > 2 ? argv[2] : NULL) : verify(cli, conf);
	conf_free(&conf);
	return rc;
}
