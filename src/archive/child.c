/*
 * child - forks the archiver's children and looks after them: one that fails is reported,
 * never waited for.
 */
#include "archive/child.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"

/* Nothing of the archiver's goes along: not its lock, not the master's channel. */
static void
leave_home(int keep)
{
	if (keep > 3)
		close_range(3, (unsigned)keep - 1, 0);
	close_range(keep >= 3 ? (unsigned)keep + 1 : 3, ~0u, 0);
}

pid_t
child_start(int niceness, int (*fn)(void *arg), void *arg)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0) {
		log_warn("archive: no child: %s", strerror(errno));
		return 0;
	}
	if (pid > 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGTERM, SIG_DFL);
	leave_home(log_fd());
	if (setpriority(PRIO_PROCESS, 0, niceness) != 0)
		log_debug("nice: %s", strerror(errno));
	/* _exit: nothing that was inherited is to be closed in an orderly way. */
	_exit(fn(arg) == 0 ? 0 : 1);
}

int
child_ended(pid_t pid)
{
	int status;
	pid_t got = waitpid(pid, &status, WNOHANG);

	if (got == 0 || (got < 0 && errno == EINTR))
		return 0;
	return got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 1 : -1;
}

void
child_kill(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
}
