/*
 * child_main - common start of every child, called by child_spawn right after fork.
 *
 * Everything but a list of descriptors is closed: the master's ends of the other
 * channels (or no child would see its end), the locked pidfile (or the lock
 * would outlive the master), control clients, the way to the first process.
 */
#include "master/child_main.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "ipc/channel.h"
#include "master/sockets.h"
#include "proc/sig.h"
#include "proc/title.h"

#define KEEP_MAX (ADDR_MAX * LISTENER_FDS + SHM_SLOTS_MAX + 16)

struct keep {
	int fd[KEEP_MAX];
	int n;
};

static struct channel_msg leave; /* what SIGTERM sends */
static int leave_fd = -1;

/*
 * on_term - a child does not decide to go: it asks the master, who finds somebody
 * to accept in the meantime. Without a master (this is also PR_SET_PDEATHSIG)
 * the closed channel ends the role's loop; the alarm is for one that hangs.
 */
static void
on_term(int number)
{
	int saved = errno;

	(void)number;
	if (send(leave_fd, &leave, sizeof(leave), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		alarm(5);
	errno = saved;
}

static void
keep_fd(int fd, void *arg)
{
	struct keep *k = arg;

	if (fd >= 0 && k->n < KEEP_MAX)
		k->fd[k->n++] = fd;
}

static int
by_number(const void *x, const void *y)
{
	return *(const int *)x - *(const int *)y;
}

static void
close_all_but(struct keep *k)
{
	unsigned from = 0;

	qsort(k->fd, (size_t)k->n, sizeof(k->fd[0]), by_number);
	for (int i = 0; i < k->n; i++) {
		if ((unsigned)k->fd[i] > from)
			close_range(from, (unsigned)k->fd[i] - 1, 0);
		from = (unsigned)k->fd[i] + 1;
	}
	close_range(from, ~0u, 0);
}

/* The role's own end. */
static int
pipe_end(const struct master *m, const struct role *role, int i)
{
	return m->pipe[i][strcmp(m->start->program->pipes[i].reader, role->name) == 0 ? 0 : 1];
}

static void
descriptors(const struct master *m, const struct generation *gen, const struct role *role, int channel, int err)
{
	static struct keep k;
	int null = open("/dev/null", O_RDONLY);

	dup2(null, 0);
	dup2(err, 1);
	dup2(err, 2);
	for (int i = 0; i <= 2; i++)
		keep_fd(i, &k);
	keep_fd(channel, &k);
	keep_fd(log_fd(), &k);
	for (int i = 0; i < m->start->program->npipes; i++)
		keep_fd(pipe_end(m, role, i), &k);
	for (int i = 0; i < m->nslots; i++)
		keep_fd(m->wake[i], &k);
	if (role->listens)
		sockets_each(gen->sockets, keep_fd, &k);
	close_all_but(&k);
}

static void
core_limit(int64_t size)
{
	struct rlimit r;

	if (size <= 0 || getrlimit(RLIMIT_CORE, &r) != 0)
		return;
	r.rlim_cur = r.rlim_max == RLIM_INFINITY || (rlim_t)size < r.rlim_max ? (rlim_t)size : r.rlim_max;
	setrlimit(RLIMIT_CORE, &r);
}

static void
show(const struct child *c)
{
	char comm[16];

	if (c->role->numbered) {
		snprintf(comm, sizeof(comm), "am-%.6s %d", c->role->name, c->index);
		title_set(comm, "%s %d", c->role->name, c->index);
	} else {
		snprintf(comm, sizeof(comm), "am-%.12s", c->role->name);
		title_set(comm, "%s", c->role->name);
	}
	log_who(c->who, c->generation);
}

static void
drop(const struct master *m, const struct generation *gen, const struct role *role)
{
	const struct account *account = &gen->account[role - m->start->program->roles];

	if (role->nice != 0 && setpriority(PRIO_PROCESS, 0, role->nice) != 0)
		log_warn("cannot set the priority: %s", strerror(errno));
	if (account_become(account) != 0)
		log_fatal(EXIT_SYSTEM, "cannot become %s: %s", account->set ? account->name : "unprivileged",
		    strerror(errno));
	/* After the change of account, which clears it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != m->pid)
		_exit(0);
}

void
child_main(struct master *m, const struct generation *gen, const struct child *c, int channel, int err)
{
	const struct role *role = c->role;
	struct channel_msg hello = {
		.kind = CH_HELLO, .generation = c->generation, .slot = c->slot, .a = CHANNEL_VERSION
	};
	struct child_env env = { .conf = gen->conf,
		.shm = m->shm,
		.slot = c->slot,
		.index = c->index,
		.generation = c->generation,
		.channel = channel,
		.wake_fds = m->wake,
		.role = role };

	leave_fd = channel;
	leave = hello;
	leave.kind = CH_LEAVE;
	sig_child(on_term);
	descriptors(m, gen, role, channel, err);
	show(c);
	log_set((enum log_level)gen->conf->log_level, (enum log_format)gen->conf->log_format);
	core_limit(gen->conf->core_size);
	drop(m, gen, role);
	if (role->listens) {
		env.listen_fds = sockets_of_worker(gen->sockets, c->index);
		env.sockets = sockets_table(gen->sockets, &env.nsockets);
	}
	for (int i = 0; i < m->start->program->npipes; i++) {
		env.pipe[i].name = m->start->program->pipes[i].name;
		env.pipe[i].fd = pipe_end(m, role, i);
	}
	channel_send(channel, &hello, -1);
	exit(role->run(&env));
}
