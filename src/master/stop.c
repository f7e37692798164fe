/*
 * stop - roles leave in the order of their rows, the next when the one before is gone.
 */
#include "master/stop.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/log.h"
#include "master/child.h"
#include "master/control.h"
#include "master/generation.h"
#include "master/reload.h"
#include "master/start.h"
#include "master/upgrade.h"
#include "proc/notify.h"

#define FAST_LIMIT (5 * USEC)

static const char *const words[] = { "finishing what runs", "finishing what runs, without a deadline", "fast" };

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
	if (m->next != NULL)
		generation_ask(m, m->next, ASKED_FAST, FAST_LIMIT);
	upgrade_stop(m);
}

void
stop_accepting(struct master *m)
{
	control_began(m, DO_NOACCEPT);
	if (m->phase != PHASE_SERVING) {
		log_warn("workers stay: the start is not over");
		control_answer(m, DO_NOACCEPT, false, "not now: the start is not over");
		return;
	}
	if (m->next != NULL)
		reload_failed(m, "WINCH: no workers are wanted");
	m->noaccept = true;
	log_info("workers finish and leave; HUP brings them back");
	generation_ask(m, m->serving, ASKED_DRAIN, 0);
	control_answer(m, DO_NOACCEPT, true, "workers finish and leave");
}

/* first_to_go - lowest stop_order among the living; INT32_MAX when nobody lives. */
static int
first_to_go(const struct master *m)
{
	int order = INT32_MAX;

	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid != 0 && m->child[i].role->stop_order < order)
			order = m->child[i].role->stop_order;
	return order;
}

bool
stop_step(struct master *m)
{
	int order = first_to_go(m);

	for (int i = 0; i < m->nslots; i++) {
		struct child *c = &m->child[i];

		if (c->pid == 0 || c->role->stop_order != order)
			continue;
		if (m->stop_how == STOP_FAST)
			child_ask(m, c, ASKED_FAST, FAST_LIMIT);
		else
			child_ask(m, c, ASKED_DRAIN, m->stop_how == STOP_GRACEFUL ? drain_limit_us(m) : 0);
	}
	return order == INT32_MAX;
}
