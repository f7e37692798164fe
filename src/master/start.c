/*
 * start - from the first fork to the moment when somebody who waits for it is told.
 */
#include "master/start.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "conf/conf.h"
#include "master/generation.h"
#include "master/singleton.h"
#include "master/sockets.h"
#include "proc/daemonise.h"
#include "proc/logfile.h"
#include "proc/notify.h"

static void
start_done(struct master *m)
{
	struct arena a;

	m->phase = PHASE_SERVING;
	arena_init(&a, 512);
	log_info("serving on %" PRIstr " with %d workers", FSTR(sockets_text(m->serving->sockets, &a)), m->serving->n);
	notify_send("READY=1\nMAINPID=%ld\nSTATUS=Serving on %" PRIstr, (long)getpid(),
	    FSTR(sockets_text(m->serving->sockets, &a)));
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
	    FSTR(logfile_path(m->serving->conf, m->start->foreground, &a)));
	arena_fini(&a);
}

void
start_step(struct master *m)
{
	/* After a hand-over the archive belongs to the old master until we serve: its roles come later. */
	if (generation_serves(m->serving) && (m->handed_over || singletons_serve(m))) {
		start_done(m);
		return;
	}
	if (m->start_losses > 0 && m->now_us - m->start_us > m->serving->conf->ready_timeout)
		start_failed(m, m->start_code,
		    "%d processes ended before they were ready, within ready_timeout; see the log", m->start_losses);
}
