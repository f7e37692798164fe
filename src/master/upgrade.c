/*
 * upgrade - the old master's side of a binary upgrade, and the little that the
 * new one does differently from a plain start.
 */
#include "master/upgrade.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "master/child.h"
#include "master/control.h"
#include "master/generation.h"
#include "master/pollset.h"
#include "master/singleton.h"
#include "master/sockets.h"
#include "master/stop.h"
#include "proc/daemonise.h"
#include "proc/notify.h"
#include "proc/sig.h"
#include "proc/title.h"

#define READY_LIMIT (30 * USEC)
#define ENV_REPORT "AGENTMAILD_UPGRADE"
#define ENV_SOCKETS "AGENTMAILD_SOCKETS"

static void
keep_open(int fd, void *arg)
{
	(void)arg;
	fcntl(fd, F_SETFD, 0);
}

/* become - in the forked process: the new binary with our command line, sockets and report channel. */
static void __attribute__((noreturn)) become(struct master *m, int fd)
{
	char *const *argv = title_argv();
	char number[16];
	struct arena a;

	arena_init(&a, 4096);
	sig_default();
	snprintf(number, sizeof(number), "%d", fd);
	setenv(ENV_REPORT, number, 1);
	setenv(ENV_SOCKETS, arena_cstr(&a, sockets_export(m->serving->sockets, &a)), 1);
	unsetenv("WATCHDOG_PID");
	sockets_each(m->serving->sockets, keep_open, NULL);
	keep_open(fd, NULL);
	execvp(argv[0], argv);
	report(fd, EXIT_FAILURE, arena_cstr(&a, arena_printf(&a, "cannot start %s: %s", argv[0], strerror(errno))));
	_exit(EXIT_FAILURE);
}

static void
refuse(struct master *m, const char *why)
{
	log_error("upgrade: %s", why);
	control_answer(m, DO_UPGRADE, false, why);
}

void
upgrade_begin(struct master *m)
{
	int fd[2] = { -1, -1 };

	control_began(m, DO_UPGRADE);
	if (m->phase != PHASE_SERVING || m->next != NULL || m->upgrade.state != UPGRADE_NONE || m->report_fd >= 0) {
		refuse(m, "not now: a start, stop, reload or upgrade is under way");
		return;
	}
	if (title_argv() == NULL || socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fd) != 0 ||
	    pidfile_set_aside(&m->pidfile) != 0) {
		refuse(m, strerror(errno));
		close(fd[0]);
		close(fd[1]);
		return;
	}
	m->upgrade.pid = fork();
	if (m->upgrade.pid == 0)
		become(m, fd[1]);
	close(fd[1]);
	m->upgrade.fd = fd[0];
	m->upgrade.state = UPGRADE_WAITING;
	m->upgrade.gone = m->upgrade.stopped = false;
	m->upgrade.deadline_us = m->now_us + READY_LIMIT;
	log_info("upgrade: started %s as process %ld", title_argv()[0], (long)m->upgrade.pid);
}

static void
forget_new(struct master *m)
{
	if (m->upgrade.fd >= 0)
		close(m->upgrade.fd);
	m->upgrade.fd = -1;
}

/* undo - the new master is gone or must go; ours gets its name back once it is. */
static void
undo(struct master *m, const char *why)
{
	refuse(m, why);
	if (m->upgrade.pid > 0)
		kill(m->upgrade.pid, m->upgrade.state == UPGRADE_WAITING ? SIGTERM : SIGQUIT);
	m->upgrade.deadline_us = m->now_us + READY_LIMIT;
	m->upgrade.state = UPGRADE_UNDO;
}

/* undone - no process of the new master's is left. */
static void
undone(struct master *m)
{
	m->upgrade.state = UPGRADE_NONE;
	forget_new(m);
	if (pidfile_put_back(&m->pidfile) != 0)
		log_error("upgrade: cannot rename the pidfile back: %s", strerror(errno));
	control_open(m);
	notify_send("MAINPID=%ld\nREADY=1\nSTATUS=Serving; an upgrade was undone", (long)getpid());
	log_info("upgrade: undone");
	if (m->noaccept) {
		m->noaccept = false;
		m->reload_wanted = true;
	}
}

static void
linger(struct master *m)
{
	int64_t wait = m->serving->conf->upgrade_linger;

	log_info("upgrade: process %ld serves; this one leaves in %lld ms, unless HUP takes everything back",
	    (long)m->upgrade.pid, (long long)(wait / 1000));
	notify_send("MAINPID=%ld", (long)m->upgrade.pid);
	m->upgrade.state = UPGRADE_LINGER;
	m->upgrade.deadline_us = m->now_us + wait;
	m->noaccept = true;
	control_answer(m, DO_UPGRADE, true, "the new binary serves");
	control_close(m);
	generation_ask(m, m->serving, ASKED_DRAIN, 0);
	singletons_drain(m);
}

static void
on_report(struct master *m, void *arg, short events)
{
	char text[1024] = "the new binary ended before it was ready; see the log";
	int code = EXIT_FAILURE, rc = report_read(m->upgrade.fd, &code, text, sizeof(text));

	(void)arg;
	(void)events;
	if (rc < 0)
		return;
	if (m->upgrade.state == UPGRADE_WAITING && rc == 1 && code == 0)
		linger(m);
	else if (m->upgrade.state == UPGRADE_WAITING)
		undo(m, text);
	else
		forget_new(m);
}

void
upgrade_poll(struct master *m, struct pollset *ps)
{
	if (m->upgrade.state != UPGRADE_NONE)
		pollset_add(ps, m->upgrade.fd, POLLIN, on_report, NULL);
}

/* alone_again - the new master has ended while this one lingered: told to, then the daemon shall stop; else it died. */
static void
alone_again(struct master *m)
{
	if (!m->upgrade.stopped) {
		undo(m, "the new master has ended");
	} else if (m->phase == PHASE_SERVING) {
		log_info("upgrade: the new master was stopped: this one ends as well");
		stop_begin(m, STOP_GRACEFUL);
	}
}

/* say_go - archiver and keeper have left: the new master may start its own. */
static void
say_go(struct master *m)
{
	report(m->upgrade.fd, 0, "go");
	log_info("upgrade: the archive is handed over");
	m->upgrade.gone = true;
}

void
upgrade_step(struct master *m)
{
	switch (m->upgrade.state) {
	case UPGRADE_NONE: break;
	case UPGRADE_WAITING:
		if (m->now_us >= m->upgrade.deadline_us)
			undo(m, "the new binary was not ready in 30 s");
		break;
	case UPGRADE_LINGER:
		if (!m->upgrade.gone && singletons_gone(m))
			say_go(m);
		if (m->upgrade.pid == 0)
			alone_again(m);
		else if (m->now_us >= m->upgrade.deadline_us && m->upgrade.gone && m->next == NULL &&
		    !m->reload_wanted && m->phase == PHASE_SERVING)
			stop_begin(m, STOP_NO_DEADLINE);
		break;
	case UPGRADE_UNDO:
		if (m->upgrade.pid == 0)
			undone(m);
		else if (m->now_us >= m->upgrade.deadline_us)
			kill(m->upgrade.pid, SIGKILL);
		break;
	}
}

void
upgrade_stop(struct master *m)
{
	if (m->upgrade.state == UPGRADE_WAITING && m->upgrade.pid > 0)
		kill(m->upgrade.pid, SIGTERM);
}

void
upgrade_taken_back(struct master *m)
{
	if (m->upgrade.state == UPGRADE_LINGER)
		undo(m, "taken back by HUP");
}

bool
upgrade_succeeded(const struct master *m)
{
	return m->upgrade.state == UPGRADE_LINGER && m->upgrade.pid > 0;
}

bool
upgrade_inherit(struct master *m, struct sockets **sockets, struct arena *a, struct str *why)
{
	const char *fd = getenv(ENV_REPORT), *list = getenv(ENV_SOCKETS);

	if (fd == NULL || list == NULL)
		return false;
	m->report_fd = (int)strtol(fd, NULL, 10);
	fcntl(m->report_fd, F_SETFD, FD_CLOEXEC);
	m->handed_over = true;
	*sockets = sockets_import(str_c(list), a, why);
	unsetenv(ENV_REPORT);
	unsetenv(ENV_SOCKETS);
	return true;
}
