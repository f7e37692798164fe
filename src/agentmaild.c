/*
 * agentmaild - the daemon: the tables of its roles and of the pipes between them.
 */
#include "archive/archiver.h"
#include "conf/conf.h"
#include "helper/helper.h"
#include "ipc/helper_query.h"
#include "ipc/archive_notice.h"
#include "keeper/keeper.h"
#include "master/daemon.h"
#include "worker/worker.h"

static int
one(const struct conf *conf)
{
	return 1;
}

/* Archiver and keeper go after the workers: what those commit last still reaches Git and the search index. */
static const struct role roles[] = {
	{ .name = "worker",
	    .count = conf_workers,
	    .numbered = true,
	    .listens = true,
	    .run = role_main,
	    .ops = &worker_ops,
	    .arg = &worker_app },
	{ .name = "archiver", .count = one, .stop_order = 1, .nice = 5, .run = role_main, .ops = &archiver_ops },
	{ .name = "helper", .count = one, .stop_order = 1, .nice = 5, .run = role_main, .ops = &helper_ops },
	{ .name = "keeper", .count = one, .stop_order = 1, .nice = 10, .run = role_main, .ops = &keeper_ops },
};

static const struct role_pipe pipes[] = {
	{ .name = "archive_notices", .reader = "archiver", .make = archive_notice_pipe },
	{ .name = "helper_queries", .reader = "helper", .make = helper_query_pair },
};

int
main(int argc, char **argv)
{
	static const struct program program = {
		.roles = roles,
		.nroles = sizeof(roles) / sizeof(roles[0]),
		.pipes = pipes,
		.npipes = sizeof(pipes) / sizeof(pipes[0]),
	};

	return daemon_main(argc, argv, &program);
}
