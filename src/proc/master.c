/*
 * master - set-up and loop. Called by agentmaild.c with the table of roles.
 *
 * One turn: bury the dead, obey signals in a fixed order, move every state
 * machine one step, sleep in ppoll, the only place where signals come in. No
 * HTTP, no SQLite, no libgit2, no libev; nothing here waits for anybody.
 */
#include "proc/master.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/helper_query.h"
#include "ipc/archive_notice.h"
#include "proc/child.h"
#include "proc/control.h"
#include "proc/crew.h"
#include "proc/daemonise.h"
#include "proc/logfile.h"
#include "proc/notify.h"
#include "proc/pollset.h"
#include "proc/reload.h"
#include "proc/secret.h"
#include "proc/sig.h"
#include "proc/sockets.h"
#include "proc/stop.h"
#include "proc/title.h"
#include "proc/upgrade.h"

#define TURN USEC            /* longest sleep: heartbeats are compared that often */
#define RETIRE_TURN (USEC / 5)

static void
file_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < r.rlim_max) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int
directories(struct master *m, const struct conf *c, struct arena *a, struct str *why)
{
	struct str log = logfile_path(c, m->start->foreground, a);

	if (account_find(c, &m->account, a, why) != 0 ||
	    account_directory(&m->account, "state_dir", c->state_dir, a, why) != 0 ||
	    account_directory_of(&m->account, "database", c->database, a, why) != 0 ||
	    account_directory_of(&m->account, "storage_root", c->storage_root, a, why) != 0 ||
	    account_directory_of(&m->account, "pid_file", c->pid_file, a, why) != 0 ||
	    account_directory_of(&m->account, "control_socket", c->control_socket, a, why) != 0)
		return -1;
	return str_eqc(log, "stderr") ? 0 : account_directory_of(&m->account, "log_file", log, a, why);
}

static int
shared_memory(struct master *m, const struct conf *c, struct arena *a, struct str *why)
{
	unsigned char key[SECRET_SIZE];
	/* Two generations and two of every other role, with room for one that drains long. */
	int n = 3 * conf_workers(c) + 8;

	m->nwake = n < SHM_SLOTS_MAX ? n : SHM_SLOTS_MAX;
	m->shm = shm_new(m->nwake);
	for (int i = 0; i < SHM_SLOTS_MAX; i++)
		m->child[i].slot = i;
	for (int i = 0; i < m->nwake; i++)
		if ((m->wake[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) < 0) {
			*why = arena_printf(a, "eventfd: %s", strerror(errno));
			return -1;
		}
	if (m->shm == NULL || order_pipe(m->order) != 0 || helper_query_pair(m->query) != 0) {
		*why = arena_printf(a, "shared memory: %s", strerror(errno));
		return -1;
	}
	if (secret_load(c->database, &m->account, key, a, why) != 0)
		return -1;
	shm_set_secret(m->shm, key);
	return 0;
}

/* prepare - with sockets from the old master or the service manager, if there are any. Takes c over. */
static int
prepare(struct master *m, struct conf *c, struct arena *a, struct str *why)
{
	struct sockets *given = NULL;

	*why = STR_NONE;
	if (!upgrade_inherit(m, &given, a, why))
		given = sockets_activated(a, why);
	if (why->n > 0 || directories(m, c, a, why) != 0 || pidfile_open(&m->pidfile, c->pid_file, a, why) != 0 ||
	    logfile_open(c, m->start->foreground, a, why) != 0 || shared_memory(m, c, a, why) != 0) {
		conf_free(&c);
		return -1;
	}
	m->crew = crew_new(m, c, given, a, why);
	if (m->crew == NULL)
		return -1;
	sockets_commit(m->crew->sockets, &given);
	return 0;
}

static void
obey(struct master *m, unsigned flags)
{
	if (flags & SIG_REAP)
		child_reap(m);
	if (flags & SIG_FAST)
		stop_begin(m, STOP_FAST);
	if (flags & SIG_STOP)
		stop_begin(m, STOP_GRACEFUL);
	if (flags & SIG_LEAVE)
		stop_begin(m, STOP_NO_DEADLINE);
	if (m->phase == PHASE_STOPPING)
		return;
	if (flags & SIG_RELOAD)
		m->reload_wanted = true;
	if (flags & SIG_REOPEN) {
		control_began(m, SIG_REOPEN);
		reload_reopen(m);
	}
	if (flags & SIG_UPGRADE)
		upgrade_begin(m);
	if (flags & SIG_NOACCEPT)
		stop_accepting(m);
}

/* One step of everything that goes on; false when the daemon is over. */
static bool
step(struct master *m)
{
	child_watch(m);
	upgrade_step(m);
	if (m->phase == PHASE_STOPPING)
		return !stop_step(m);
	crew_fill(m);
	if (m->phase == PHASE_STARTING)
		start_step(m);
	if (m->reload_wanted)
		reload_begin(m);
	reload_step(m);
	crew_adopt(m);
	return true;
}

static void
on_old_master(struct master *m, void *arg, short events)
{
	char text[64];
	int code, rc = report_read(m->report_fd, &code, text, sizeof(text));

	(void)arg;
	(void)events;
	if (rc < 0)
		return;
	if (m->handed_over)
		log_info("upgrade: archiver and keeper start");
	m->handed_over = false;
	if (rc == 0) {
		close(m->report_fd);
		m->report_fd = -1;
	}
}

static void
sleep_until_something(struct master *m)
{
	static struct pollset ps;
	int64_t wait = crew_due_us(m) - clock_mono_us();

	ps.n = 0;
	child_poll(m, &ps);
	control_poll(m, &ps);
	upgrade_poll(m, &ps);
	if (m->handed_over || (m->report_fd >= 0 && m->phase != PHASE_STARTING))
		pollset_add(&ps, m->report_fd, POLLIN, on_old_master, NULL);
	if (wait > TURN)
		wait = TURN;
	if (sockets_retired(m->crew->sockets) >= 0 && wait > RETIRE_TURN)
		wait = RETIRE_TURN;
	pollset_wait(&ps, m, &m->sleeping, wait > 0 ? wait : 0);
}

static void
feed_watchdog(struct master *m)
{
	if (notify_watchdog_us() == 0 || m->now_us - m->watchdog_us < notify_watchdog_us())
		return;
	m->watchdog_us = m->now_us;
	notify_send("WATCHDOG=1");
}

static void
loop(struct master *m)
{
	m->start_us = m->now_us = clock_mono_us();
	do {
		sleep_until_something(m);
		m->now_us = clock_mono_us();
		obey(m, sig_take());
		feed_watchdog(m);
	} while (step(m));
}

static void
end(struct master *m)
{
	bool handed = upgrade_succeeded(m);

	log_info("stopped");
	sockets_close(&m->crew->sockets, !handed);
	crew_free(&m->crew);
	pidfile_close(&m->pidfile);
	shm_free(&m->shm);
	/* Last: clients of `ctl stop` take the end of their connection for the end of the daemon. */
	control_end(m);
}

int
master_run(const struct master_start *start, struct conf *conf)
{
	static struct master master = { .pidfile = { .fd = -1 }, .upgrade = { .fd = -1 }, .report_fd = -1 };
	struct master *m = &master;
	struct arena a;
	struct str why;

	m->start = start;
	m->pid = getpid();
	m->report_fd = start->report_fd;
	umask(027);
	file_limit();
	sig_master(&m->sleeping);
	notify_init();
	log_who("master", 0);
	arena_init(&a, 4096);
	if (prepare(m, conf, &a, &why) != 0) {
		log_error("cannot start: %" PRIstr, FSTR(why));
		report(m->report_fd, EXIT_CONFIG, arena_cstr(&a, why));
		pidfile_close(&m->pidfile);
		arena_fini(&a);
		return EXIT_CONFIG;
	}
	why = conf_foreign_set(&a);
	title_set("agentmaild", "master");
	log_info("agentmaild %s starts", AGENTMAIL_VERSION);
	if (why.n > 0)
		log_warn("the environment has keys without meaning here: %" PRIstr "; see docs/COMPATIBILITY.md", FSTR(why));
	arena_fini(&a);
	crew_solos(m);
	control_open(m);
	loop(m);
	end(m);
	return m->exit_code;
}
