/*
 * roled - a daemon with a role of its own: what docs/HACKING.md says under "Add a
 * role" is all there is to "clock".
 *
 * Workers are the real ones. There are llm_parallel - 1 clocks, so that a reload
 * can change their number; started as root they are somebody else's.
 */
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "ipc/archive_notice.h"
#include "master/daemon.h"
#include "worker/worker.h"

static int
clock_start(struct process *p)
{
	log_info("clock %d runs as %ld with %s", p->env->index, (long)getuid(),
	    child_pipe(p->env, "ticks") >= 0 ? "its pipe" : "no pipe");
	return 0;
}

static const struct role_ops clock_ops = { .start = clock_start };

static int
clocks(const struct conf *conf)
{
	return (int)conf->llm_parallel - 1;
}

static struct str
nobody(const struct conf *conf)
{
	return STR("nobody");
}

/* clang-format off */
static const struct role roles[] = {
	{ .name = "worker", .count = conf_workers, .numbered = true, .listens = true, .run = role_main, .ops = &worker_ops,
	    .arg = &worker_app },
	{ .name = "clock", .count = clocks, .numbered = true, .stop_order = 1, .nice = 3, .user = nobody, .run = role_main,
	    .ops = &clock_ops },
};
/* clang-format on */

static const struct role_pipe pipes[] = {
	{ .name = "ticks", .reader = "clock", .make = archive_notice_pipe },
};

int
main(int argc, char **argv)
{
	static const struct program program = { .roles = roles, .nroles = 2, .pipes = pipes, .npipes = 1 };

	return daemon_main(argc, argv, &program);
}
