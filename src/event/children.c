/*
 * children - fork, a heap of deadlines, and a signalfd that tells of ends.
 *
 * SIGCHLD is blocked in the parent and read from the descriptor; several ends may
 * come as one signal, so that each child of the table is asked for. A child gets
 * an empty mask back before anything of its own runs.
 */
#include "event/children.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* Between the deadline's signal and SIGKILL. */
#define GRACE_US USEC

static void
mask(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(how, &set, NULL);
}

/* The loop's timer follows the earliest deadline. */
static void
follow(struct children *t)
{
	if (t->deadlines.n == 0)
		loop_timer_stop(&t->timer);
	else
		loop_timer_set(&t->timer, timer_heap_next(&t->deadlines) - loop_now(t->loop));
}

static void
on_deadline(void *arg)
{
	struct children *t = arg;
	int64_t now = loop_now(t->loop);
	struct timer_node *node;

	while ((node = timer_heap_pop(&t->deadlines, now)) != NULL) {
		struct child_process *p =
		    (struct child_process *)((char *)node - offsetof(struct child_process, deadline));

		kill(p->pid, p->warned ? SIGKILL : t->signal);
		p->warned = true;
		timer_heap_set(&t->deadlines, node, now + GRACE_US);
	}
	follow(t);
}

static void
forget(struct children *t, struct child_process *p)
{
	timer_heap_remove(&t->deadlines, &p->deadline);
	LIST_REMOVE(p, entry);
	t->n--;
	p->pid = 0;
}

/* 1 with its status when it is over, 0 while it runs. */
static int
over(const struct child_process *p, int *status, int options)
{
	pid_t pid;

	do
		pid = waitpid(p->pid, status, options);
	while (pid < 0 && errno == EINTR);
	/* Nobody else may wait for it: then it counts as failed. */
	if (pid < 0)
		*status = 1 << 8;
	return pid != 0;
}

static void
on_signal(void *arg)
{
	struct children *t = arg;
	struct signalfd_siginfo info;
	struct child_process *p, *next;
	int status;

	while (read(t->fd, &info, sizeof(info)) > 0)
		continue;
	for (p = LIST_FIRST(&t->list); p != NULL; p = next) {
		next = LIST_NEXT(p, entry);
		if (!over(p, &status, WNOHANG))
			continue;
		forget(t, p);
		p->ended(p, status);
	}
	follow(t);
}

void
children_init(struct children *t, struct loop *l, int deadline_signal)
{
	sigset_t set;

	*t = (struct children){ .loop = l, .signal = deadline_signal };
	LIST_INIT(&t->list);
	mask(SIG_BLOCK);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	t->fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (t->fd < 0)
		log_fatal(71, "no descriptor for the ends of children");
	loop_io_init(&t->io, l, t->fd, LOOP_READ, on_signal, t);
	loop_io_start(&t->io);
	loop_timer_init(&t->timer, l, on_deadline, t);
}

void
children_fini(struct children *t)
{
	struct child_process *p;
	int status;

	LIST_FOREACH (p, &t->list, entry)
		kill(p->pid, SIGKILL);
	while ((p = LIST_FIRST(&t->list)) != NULL) {
		over(p, &status, 0);
		forget(t, p);
	}
	loop_io_stop(&t->io);
	loop_timer_stop(&t->timer);
	timer_heap_fini(&t->deadlines);
	close(t->fd);
	mask(SIG_UNBLOCK);
}

static void __attribute__((noreturn)) live(pid_t parent, int (*run)(void *arg), void *arg)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	signal(SIGTERM, SIG_DFL);
	signal(SIGALRM, SIG_DFL);
	mask(SIG_UNBLOCK);
	/* _exit: nothing that was inherited is to be closed in an orderly way. */
	_exit(run(arg));
}

bool
children_start(struct children *t, struct child_process *p, int (*run)(void *arg), void *arg, int64_t limit_us,
    void (*ended)(struct child_process *p, int status))
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0)
		live(parent, run, arg);
	p->pid = pid;
	p->warned = false;
	p->ended = ended;
	LIST_INSERT_HEAD(&t->list, p, entry);
	t->n++;
	if (limit_us > 0) {
		timer_heap_set(&t->deadlines, &p->deadline, loop_now(t->loop) + limit_us);
		follow(t);
	}
	return true;
}
