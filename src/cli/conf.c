/*
 * conf - `agentmail conf`: what is in force, what was changed, is it right, what is there.
 */
#include <string.h>

#include "base/json_write.h"
#include "cli/cli.h"
#include "conf/conf.h"

static const char *const origins[] = {
	[CONF_DEFAULT] = "default",
	[CONF_FILE] = "file",
	[CONF_ENV] = "environment",
	[CONF_OPTION] = "option",
};

static void
show_json(struct cli *cli, const struct conf *c, bool changed)
{
	struct buf b;
	struct jw w;
	struct str s;

	buf_init(&b, &cli->arena);
	jw_init(&w, &b, JW_COMPACT);
	jw_obj(&w);
	for (size_t i = 0; i < CONF_KEYS; i++) {
		if (changed && c->origin[i] == CONF_DEFAULT)
			continue;
		jw_kobj(&w, conf_table[i].key);
		jw_kstr(&w, "value", conf_text(c, &conf_table[i], &cli->arena, false));
		jw_kcstr(&w, "origin", origins[c->origin[i]]);
		jw_end(&w);
	}
	jw_end(&w);
	s = buf_flat(&b);
	printf("%.*s\n", FSTR(s));
}

static int
show(struct cli *cli, bool changed)
{
	struct conf *c = cli_conf(cli);

	if (c == NULL)
		return CLI_CONFIG;
	if (cli->json)
		show_json(cli, c, changed);
	for (size_t i = 0; !cli->json && i < CONF_KEYS; i++) {
		struct str value = conf_text(c, &conf_table[i], &cli->arena, false);

		if (!changed || c->origin[i] != CONF_DEFAULT)
			printf("%s = %.*s%s%s\n", conf_table[i].key, FSTR(value),
			    c->origin[i] == CONF_DEFAULT ? "" : "   # ",
			    c->origin[i] == CONF_DEFAULT ? "" : origins[c->origin[i]]);
	}
	conf_free(&c);
	return CLI_OK;
}

static int
check(struct cli *cli)
{
	struct conf *c = cli_conf(cli);

	if (c == NULL)
		return CLI_CONFIG;
	if (c->file.p != NULL)
		printf("%.*s: ok\n", FSTR(c->file));
	else
		printf("no file, defaults: ok\n");
	conf_free(&c);
	return CLI_OK;
}

int
verb_conf(struct cli *cli, int argc, char **argv)
{
	struct buf b;
	struct str s;

	for (int i = 1; i < argc; i++)
		if (strcmp(argv[i], "--json") == 0)
			cli->json = true;
	if (argc > 1 && strcmp(argv[1], "show") == 0)
		return show(cli, false);
	if (argc > 1 && strcmp(argv[1], "changed") == 0)
		return show(cli, true);
	if (argc > 1 && strcmp(argv[1], "check") == 0)
		return check(cli);
	if (argc > 1 && strcmp(argv[1], "defaults") == 0) {
		buf_init(&b, &cli->arena);
		conf_sample(&b);
		s = buf_flat(&b);
		fwrite(s.p, 1, s.n, stdout);
		return CLI_OK;
	}
	return cli_error(cli, CLI_USAGE, "expected show, changed, check or defaults");
}
