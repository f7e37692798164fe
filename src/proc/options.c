/*
 * options - getopt, and the checks of a configuration that need more than its table.
 */
#include "proc/options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "proc/account.h"
#include "proc/addr.h"

#define EXIT_USAGE 64

static const char usage[] = "usage: agentmaild [-F] [-t] [-c FILE] [-o KEY=VALUE]...\n"
			    "  -F            stay in the foreground\n"
			    "  -t            check the configuration and exit\n"
			    "  -c FILE       configuration file\n"
			    "  -o KEY=VALUE  setting that beats file and environment\n"
			    "  -V            version\n"
			    "Started without -F, it returns when all processes are ready.\n";

int
options_parse(struct options *o, int argc, char **argv)
{
	size_t n = 0;
	int c;

	*o = (struct options){ 0 };
	o->assignments = calloc((size_t)argc + 1, sizeof(*o->assignments));
	must(o->assignments != NULL);
	o->source.environment = true;
	o->source.options = (const char *const *)o->assignments;
	while ((c = getopt(argc, argv, "Ftc:o:Vh")) != -1) {
		switch (c) {
		case 'F': o->foreground = true; break;
		case 't': o->check = true; break;
		case 'c':
			free(o->file);
			o->source.file = o->file = strdup(optarg);
			break;
		case 'o': o->assignments[n++] = strdup(optarg); break;
		case 'V': printf("agentmaild %s\n", AGENTMAIL_VERSION); return 0;
		case 'h': fputs(usage, stdout); return 0;
		default: fputs(usage, stderr); return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "agentmaild: unexpected argument: %s\n%s", argv[optind], usage);
		return EXIT_USAGE;
	}
	return -1;
}

/* check - what the table of settings cannot know by itself. */
static int
check(const struct conf *c, struct arena *a, struct str *why)
{
	struct addr addr[ADDR_MAX];
	struct account account;
	int mode;

	if (addr_all(c, addr, a, why) < 0 || addr_unix_mode(c->unix_mode, &mode, a, why) != 0)
		return -1;
	return account_find(c, &account, a, why);
}

struct conf *
options_load(const struct options *o)
{
	struct arena a;
	struct str why;
	struct conf *c;

	arena_init(&a, 4096);
	c = conf_load(&o->source, &a, &why);
	if (c != NULL && check(c, &a, &why) != 0)
		conf_free(&c);
	if (c == NULL)
		fprintf(stderr, "agentmaild: %" PRIstr "\n", FSTR(why));
	arena_fini(&a);
	return c;
}

void
options_free(struct options *o)
{
	for (char **p = o->assignments; *p != NULL; p++)
		free(*p);
	free(o->assignments);
	free(o->file);
}
