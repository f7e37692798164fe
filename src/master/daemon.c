/*
 * daemon - from the command line to master_run. Called by agentmaild.c, and by
 * the test daemons of tests/proc with other roles.
 */
#include "master/daemon.h"

#include <stdio.h>
#include <stdlib.h>

#include "conf/conf.h"
#include "master/master.h"
#include "proc/daemonise.h"
#include "proc/options.h"
#include "proc/role.h"
#include "proc/title.h"

/* From the options to the end of the master; the exit code. */
static int
run(const struct options *o, const struct program *program)
{
	struct master_start start = {
		.source = &o->source, .program = program, .foreground = o->foreground, .report_fd = -1
	};
	struct conf *c = options_load(o);

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
daemon_main(int argc, char **argv, const struct program *program)
{
	struct options o;
	int rc;

	title_init(argc, argv);
	standard_fds();
	rc = options_parse(&o, argc, argv);
	if (rc < 0)
		rc = run(&o, program);
	options_free(&o);
	return rc;
}
