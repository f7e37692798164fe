/*
 * instance - filling places. Called by the loop, and by child when a process ends.
 */
#include "master/instance.h"

#include <string.h>

#include "base/log.h"
#include "master/adoption.h"
#include "master/child.h"
#include "master/generation.h"
#include "master/reload.h"
#include "master/singleton.h"
#include "master/start.h"

void
instance_init(struct instance *inst, const struct role *role, int index)
{
	memset(inst, 0, sizeof(*inst));
	inst->role = role;
	inst->index = index;
	inst->slot = -1;
}

static void
fill(struct master *m, struct instance *inst)
{
	if (inst->child != NULL || inst->spawn_us > m->now_us)
		return;
	if (!child_spawn(m, m->serving, inst))
		inst->spawn_us = m->now_us + backoff_died(&inst->backoff, false, 0);
}

static bool
workers_wanted(const struct master *m)
{
	return m->phase != PHASE_STOPPING && m->next == NULL && !m->noaccept;
}

static bool
singletons_wanted(const struct master *m)
{
	return m->phase != PHASE_STOPPING && !m->handed_over && m->upgrade.state != UPGRADE_LINGER &&
	    m->upgrade.state != UPGRADE_UNDO;
}

void
instances_fill(struct master *m)
{
	for (int i = 0; workers_wanted(m) && i < m->serving->n; i++)
		fill(m, &m->serving->instance[i]);
	for (int i = 0; singletons_wanted(m) && i < m->nsingletons; i++)
		fill(m, &m->singleton[i]);
}

static int64_t
sooner(const struct instance *inst, int64_t due)
{
	return inst->child == NULL && inst->spawn_us < due ? inst->spawn_us : due;
}

int64_t
instances_due_us(const struct master *m)
{
	int64_t due = INT64_MAX;

	for (int i = 0; workers_wanted(m) && i < m->serving->n; i++)
		due = sooner(&m->serving->instance[i], due);
	for (int i = 0; singletons_wanted(m) && i < m->nsingletons; i++)
		due = sooner(&m->singleton[i], due);
	return due;
}

static void
plan_respawn(struct master *m, struct instance *inst, const struct child *c)
{
	int64_t wait = 0;

	if (c->asked == ASKED_NOTHING) {
		wait = backoff_died(&inst->backoff, c->was_ready, m->now_us - c->ready_us);
		inst->respawns++;
		if (m->phase != PHASE_STOPPING)
			log_info("%s starts again %s (%lld ms)", c->who, wait == 0 ? "at once" : "later",
			    (long long)(wait / 1000));
	}
	inst->spawn_us = m->now_us + wait;
}

void
instance_lost(struct master *m, struct child *c, int status)
{
	struct instance *inst = generation_find(m->next, c);

	adoption_forget(m->serving, c);
	if (inst != NULL) {
		inst->child = NULL;
		if (c->asked == ASKED_NOTHING)
			reload_failed(m, "a worker of the new generation ended before all were ready; see the log");
		return;
	}
	inst = generation_find(m->serving, c);
	if (inst == NULL)
		inst = singleton_find(m, c);
	if (inst == NULL)
		return;
	inst->child = NULL;
	plan_respawn(m, inst, c);
	if (m->phase == PHASE_STARTING && !c->was_ready && c->asked == ASKED_NOTHING)
		start_lost(m, c, status);
}

void
instance_vacate(struct master *m, struct child *c)
{
	struct instance *inst = generation_find(m->serving, c);

	adoption_forget(m->serving, c);
	if (inst != NULL) {
		inst->child = NULL;
		inst->spawn_us = m->now_us;
	}
}
