/*
 * agentmaild - the daemon: the table of its roles. Everything else is in proc/.
 */
#include "archive/archiver.h"
#include "conf/conf.h"
#include "helper/helper.h"
#include "keeper/keeper.h"
#include "proc/options.h"
#include "proc/role.h"
#include "worker/worker.h"

static int
one(const struct conf *conf)
{
	(void)conf;
	return 1;
}

/* Archiver and keeper go after the workers: what those commit last still reaches Git and the search index. */
static const struct role roles[] = {
	{ .name = "worker", .count = conf_workers, .numbered = true, .listens = true, .run = worker_run },
	{ .name = "archiver", .count = one, .archives = true, .stop_order = 1, .nice = 5, .run = archiver_run },
	{ .name = "helper", .count = one, .helps = true, .stop_order = 1, .nice = 5, .run = helper_run },
	{ .name = "keeper", .count = one, .stop_order = 1, .nice = 10, .run = keeper_run },
};

int
main(int argc, char **argv)
{
	return daemon_main(argc, argv, roles, sizeof(roles) / sizeof(roles[0]));
}
