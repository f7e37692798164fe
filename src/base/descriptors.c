/*
 * descriptors - how many file descriptors are left, found by opening one: the kernel gives the
 * lowest that is free.
 *
 * Called by the readiness route and by the workers' clock. What it says, it says once until things
 * change.
 */
#include "base/descriptors.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"

/* The reference's bounds (contract/surface.md 6). */
#define WARN_PERCENT 30
#define ERROR_PERCENT 15

int
descriptors_free(void)
{
	struct rlimit limit;
	int fd = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return 0;
	close(fd);
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY || limit.rlim_cur == 0)
		return 100;
	/* The limit may have been lowered below what is open. */
	if ((rlim_t)fd >= limit.rlim_cur)
		return 0;
	return (int)((limit.rlim_cur - (rlim_t)fd) * 100 / limit.rlim_cur);
}

void
descriptors_watch(int *state)
{
	int percent = descriptors_free(), now = percent < ERROR_PERCENT ? 2 : percent < WARN_PERCENT ? 1 : 0;

	if (now > *state && now == 2)
		log_error(
		    "only %d %% of the file descriptors are free: raise the limit (LimitNOFILE, ulimit -n) or lower max_connections",
		    percent);
	else if (now > *state)
		log_warn("%d %% of the file descriptors are free", percent);
	else if (now == 0 && *state > 0)
		log_info("%d %% of the file descriptors are free again", percent);
	*state = now;
}
