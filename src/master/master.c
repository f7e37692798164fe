/*
 * master - set-up and loop. Called by agentmaild.c with the table of roles.
 *
 * One turn: reap the dead, handle signals in a fixed order, move every state
 * machine one step, sleep in ppoll, the only place where signals come in. No
 * HTTP, no SQLite, no libgit2, no libev; nothing here waits for anybody.
 */
#include "master/master.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "master/adoption.h"
#include "master/child.h"
#include "master/control.h"
#include "master/generation.h"
#include "master/instance.h"
#include "master/pollset.h"
#include "master/reload.h"
#include "master/singleton.h"
#include "master/slots.h"
#include "master/sockets.h"
#include "master/start.h"
#include "master/stop.h"
#include "master/upgrade.h"
#include "proc/daemonise.h"
#include "proc/logfile.h"
#include "proc/notify.h"
#include "proc/secret.h"
#include "proc/sig.h"
#include "proc/title.h"

#define TURN USEC /* longest sleep: heartbeats are compared that often */
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

/* As many as the roles want; what a reload needs beside them comes with it. */
static int
processes(const struct program *program, const struct conf *c)
{
	int n = 0;

	for (int i = 0; i < program->nroles; i++)
		n += program->roles[i].count(c);
	return n;
}

static int
shared_memory(struct master *m, const struct conf *c, struct arena *a, struct str *why)
{
	unsigned char key[SECRET_SIZE];

	if (slots_init(m, processes(m->start->program, c)) != 0) {
		*why = arena_printf(a, "shared memory: %s", strerror(errno));
		return -1;
	}
	if (secret_load(c->database, &m->account, key, a, why) != 0)
		return -1;
	shm_set_secret(m->shm, key);
	return 0;
}

static int
pipes(struct master *m, struct arena *a, struct str *why)
{
	const struct program *program = m->start->program;

	must(program->npipes <= ROLE_PIPES_MAX);
	for (int i = 0; i < program->npipes; i++)
		if (program->pipes[i].make(m->pipe[i]) != 0) {
			*why = arena_printf(a, "pipe %s: %s", program->pipes[i].name, strerror(errno));
			return -1;
		}
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
	    logfile_open(c, m->start->foreground, a, why) != 0 || shared_memory(m, c, a, why) != 0 ||
	    pipes(m, a, why) != 0) {
		conf_free(&c);
		return -1;
	}
	m->serving = generation_new(m, c, given, a, why);
	if (m->serving == NULL)
		return -1;
	sockets_commit(m->serving->sockets, &given);
	return 0;
}

static void
handle_signals(struct master *m, unsigned flags)
{
	if (flags & DO_REAP)
		child_reap(m);
	if (flags & DO_FAST)
		stop_begin(m, STOP_FAST);
	if (flags & DO_STOP)
		stop_begin(m, STOP_GRACEFUL);
	if (flags & DO_LEAVE)
		stop_begin(m, STOP_NO_DEADLINE);
	if (m->phase == PHASE_STOPPING)
		return;
	if (flags & DO_RELOAD)
		m->reload_wanted = true;
	if (flags & DO_REOPEN) {
		control_began(m, DO_REOPEN);
		reload_reopen(m);
	}
	if (flags & DO_UPGRADE)
		upgrade_begin(m);
	if (flags & DO_NOACCEPT)
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
	instances_fill(m);
	if (m->phase == PHASE_STARTING)
		start_step(m);
	if (m->reload_wanted)
		reload_begin(m);
	reload_step(m);
	adoption_step(m);
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
	int64_t wait = instances_due_us(m) - clock_mono_us();

	ps.n = 0;
	child_poll(m, &ps);
	control_poll(m, &ps);
	upgrade_poll(m, &ps);
	if (m->handed_over || (m->report_fd >= 0 && m->phase != PHASE_STARTING))
		pollset_add(&ps, m->report_fd, POLLIN, on_old_master, NULL);
	if (wait > TURN)
		wait = TURN;
	if (sockets_retired(m->serving->sockets) >= 0 && wait > RETIRE_TURN)
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
		handle_signals(m, sig_take());
		feed_watchdog(m);
	} while (step(m));
}

static void
end(struct master *m)
{
	bool handed = upgrade_succeeded(m);

	log_info("stopped");
	sockets_close(&m->serving->sockets, !handed);
	generation_free(&m->serving);
	pidfile_close(&m->pidfile);
	shm_free(&m->shm);
	/* Last: clients of `ctl stop` take the end of their connection for the end of the daemon. */
	control_end(m);
}

int
master_run(const struct master_start *start, struct conf *conf)
{
	static struct master master; /* zeroes: 700 KB of room for processes that no file needs to hold */
	struct master *m = &master;
	struct arena a;
	struct str why;

	m->pidfile.fd = m->upgrade.fd = -1;
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
		log_warn(
		    "the environment has keys without meaning here: %" PRIstr "; see docs/COMPATIBILITY.md", FSTR(why));
	arena_fini(&a);
	singletons_count(m);
	control_open(m);
	loop(m);
	end(m);
	return m->exit_code;
}
