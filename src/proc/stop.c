/*
 * stop - first start and last stop: the two moments when somebody waits for an
 * exit code.
 */
#include "proc/stop.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "proc/child.h"
#include "proc/control.h"
#include "proc/crew.h"
#include "proc/daemonise.h"
#include "proc/logfile.h"
#include "proc/notify.h"
#include "proc/reload.h"
#include "proc/sockets.h"
#include "proc/upgrade.h"

#define FAST_LIMIT (5 * USEC)

static const char *const words[] = { "finishing what runs", "finishing what runs, without a deadline", "fast" };

static void
ask_next_crew(struct master *m)
{
	for (int i = 0; m->next != NULL && i < m->next->n; i++)
		if (m->next->post[i].child != NULL)
			child_ask(m, m->next->post[i].child, ASKED_FAST, FAST_LIMIT);
}

void
stop_begin(struct master *m, enum stop_how how)
{
	bool again = m->phase == PHASE_STOPPING;

	if (again && m->stop_how == STOP_FAST)
		return;
	if (m->phase == PHASE_STARTING)
		start_failed(m, EXIT_FAILURE, "stopped before it was ready");
	m->stop_how = again ? STOP_FAST : how;
	m->phase = PHASE_STOPPING;
	log_info("stopping: %s", words[m->stop_how]);
	notify_send("STOPPING=1\nSTATUS=Stopping: %s", words[m->stop_how]);
	ask_next_crew(m);
	upgrade_stop(m);
}

void
stop_accepting(struct master *m)
{
	control_began(m, SIG_NOACCEPT);
	if (m->phase != PHASE_SERVING) {
		log_warn("workers stay: the start is not over");
		control_answer(m, SIG_NOACCEPT, false, "not now: the start is not over");
		return;
	}
	if (m->next != NULL)
		reload_failed(m, "WINCH: no workers are wanted");
	m->noaccept = true;
	log_info("workers finish and leave; HUP brings them back");
	for (int i = 0; i < m->crew->n; i++)
		if (m->crew->post[i].child != NULL)
			child_ask(m, m->crew->post[i].child, ASKED_DRAIN, 0);
	control_answer(m, SIG_NOACCEPT, true, "workers finish and leave");
}

/* first_to_go - lowest stop_order among the living; INT32_MAX when nobody lives. */
static int
first_to_go(const struct master *m)
{
	int order = INT32_MAX;

	for (int i = 0; i < m->nwake; i++)
		if (m->child[i].pid != 0 && m->child[i].role->stop_order < order)
			order = m->child[i].role->stop_order;
	return order;
}

bool
stop_step(struct master *m)
{
	int order = first_to_go(m);

	for (int i = 0; i < m->nwake; i++) {
		struct child *c = &m->child[i];

		if (c->pid == 0 || c->role->stop_order != order)
			continue;
		if (m->stop_how == STOP_FAST)
			child_ask(m, c, ASKED_FAST, FAST_LIMIT);
		else
			child_ask(m, c, ASKED_DRAIN, m->stop_how == STOP_GRACEFUL ? crew_drain_us(m) : 0);
	}
	return order == INT32_MAX;
}

void
start_done(struct master *m)
{
	struct arena a;

	m->phase = PHASE_SERVING;
	arena_init(&a, 512);
	log_info("serving on %" PRIstr " with %d workers", FSTR(sockets_text(m->crew->sockets, &a)), m->crew->n);
	notify_send("READY=1\nMAINPID=%ld\nSTATUS=Serving on %" PRIstr, (long)getpid(),
	    FSTR(sockets_text(m->crew->sockets, &a)));
	arena_fini(&a);
	report(m->report_fd, 0, "");
	if (m->handed_over)
		return;
	if (m->report_fd >= 0) {
		close(m->report_fd);
		m->report_fd = -1;
		detach();
	}
}

void
start_failed(struct master *m, int code, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	log_error("cannot start: %s", text);
	report(m->report_fd, code, text);
	notify_send("STATUS=Cannot start: %s", text);
	m->exit_code = code;
	m->stop_how = STOP_FAST;
	m->phase = PHASE_STOPPING;
}

void
start_lost(struct master *m, const struct child *c, int status)
{
	struct arena a;

	m->start_losses++;
	/* What the last one ended with is what the start ends with, should it come to that. */
	m->start_code = WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SYSTEM ? EXIT_SYSTEM : EXIT_FAILURE;
	if (!WIFEXITED(status) || WEXITSTATUS(status) != EXIT_CONFIG)
		return;
	arena_init(&a, 512);
	start_failed(m, EXIT_CONFIG, "%s refuses the configuration%s%s (log: %" PRIstr ")", c->who,
	    c->err.last[0] != '\0' ? ": " : "", c->err.last,
	    FSTR(logfile_path(m->crew->conf, m->start->foreground, &a)));
	arena_fini(&a);
}

void
start_step(struct master *m)
{
	/* After a hand-over the archive belongs to the old master until we serve: its roles come later. */
	if (crew_serves(m->crew) && (m->handed_over || crew_solos_serve(m))) {
		start_done(m);
		return;
	}
	if (m->start_losses > 0 && m->now_us - m->start_us > m->crew->conf->ready_timeout)
		start_failed(m, m->start_code, "%d processes ended before they were ready, within ready_timeout; see the log",
		    m->start_losses);
}
