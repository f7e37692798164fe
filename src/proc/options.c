/*
 * options - from the command line to master_run. Called by agentmaild.c, and by
 * the test daemon of tests/proc with other roles.
 */
#include "proc/options.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "proc/account.h"
#include "proc/addr.h"
#include "proc/daemonise.h"
#include "proc/listener.h"
#include "proc/master.h"
#include "proc/title.h"

#define EXIT_USAGE 64

struct options {
	bool foreground, check;
	struct conf_source source;
	char *file;
	char **assignments;
};

static const char usage[] =
    "usage: agentmaild [-F] [-t] [-c FILE] [-o KEY=VALUE]...\n"
    "  -F            stay in the foreground\n"
    "  -t            check the configuration and exit\n"
    "  -c FILE       configuration file\n"
    "  -o KEY=VALUE  setting that beats file and environment\n"
    "  -V            version\n"
    "Started without -F, it returns when all processes are ready.\n";

/* parse - fills *o; -1: go on, else the exit code. */
static int
parse(int argc, char **argv, struct options *o)
{
	size_t n = 0;
	int c;

	o->assignments = calloc((size_t)argc + 1, sizeof(*o->assignments));
	must(o->assignments != NULL);
	o->source.environment = true;
	o->source.options = (const char *const *)o->assignments;
	while ((c = getopt(argc, argv, "Ftc:o:Vh")) != -1) {
		switch (c) {
		case 'F':
			o->foreground = true;
			break;
		case 't':
			o->check = true;
			break;
		case 'c':
			free(o->file);
			o->source.file = o->file = strdup(optarg);
			break;
		case 'o':
			o->assignments[n++] = strdup(optarg);
			break;
		case 'V':
			printf("agentmaild %s\n", AGENTMAIL_VERSION);
			return 0;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
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

	if (addr_all(c, addr, a, why) < 0 || listener_mode(c->unix_mode, &mode, a, why) != 0)
		return -1;
	return account_find(c, &account, a, why);
}

static struct conf *
load(const struct options *o)
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

static void
options_free(struct options *o)
{
	for (char **p = o->assignments; *p != NULL; p++)
		free(*p);
	free(o->assignments);
	free(o->file);
}

/* run - from the options to the end of the master; the exit code. */
static int
run(const struct options *o, const struct role *roles, int nroles)
{
	struct master_start start = { .source = &o->source, .roles = roles, .nroles = nroles, .foreground = o->foreground,
		.report_fd = -1 };
	struct conf *c = load(o);

	if (c == NULL)
		return EXIT_CONFIG;
	if (o->check) {
		printf("agentmaild: the configuration%s%" PRIstr " is fine\n", c->file.n > 0 ? " " : "", FSTR(c->file));
		conf_free(&c);
		return 0;
	}
	/* A new binary of an upgrade is in the background already, as far as its master was. */
	if (!o->foreground && getenv("AGENTMAILD_UPGRADE") == NULL) {
		start.report_fd = daemonise();
		if (start.report_fd < 0) {
			fprintf(stderr, "agentmaild: cannot fork\n");
			conf_free(&c);
			return EXIT_FAILURE;
		}
	}
	return master_run(&start, c);
}

int
daemon_main(int argc, char **argv, const struct role *roles, int nroles)
{
	struct options o = { 0 };
	int rc;

	title_init(argc, argv);
	standard_fds();
	rc = parse(argc, argv, &o);
	if (rc < 0)
		rc = run(&o, roles, nroles);
	options_free(&o);
	return rc;
}
