/*
 * singleton - the instances of roles that do not listen, one after the other as
 * the rows of the program have them.
 */
#include "master/singleton.h"

#include <string.h>

#include "base/log.h"
#include "master/child.h"
#include "master/generation.h"
#include "master/instance.h"

static struct instance *
find(struct instance *list, int n, const struct role *role, int index)
{
	for (int i = 0; i < n; i++)
		if (list[i].role == role && list[i].index == index)
			return &list[i];
	return NULL;
}

/* What is no longer wanted, but runs: the process finishes, and nobody takes its place. */
static void
leave(struct master *m, const struct instance *old, int nold)
{
	for (int i = 0; i < nold; i++)
		if (old[i].child != NULL && find(m->singleton, m->nsingletons, old[i].role, old[i].index) == NULL)
			child_ask(m, old[i].child, ASKED_DRAIN, drain_limit_us(m));
}

void
singletons_count(struct master *m)
{
	static struct instance old[SHM_SLOTS_MAX];
	const struct program *program = m->start->program;
	int nold = m->nsingletons;

	memcpy(old, m->singleton, (size_t)nold * sizeof(*old));
	m->nsingletons = 0;
	for (int i = 0; i < program->nroles; i++) {
		const struct role *role = &program->roles[i];
		int n = role->listens ? 0 : role->count(m->serving->conf);

		for (int k = 0; k < n; k++) {
			struct instance *was = find(old, nold, role, k), *inst = &m->singleton[m->nsingletons++];

			must(m->nsingletons <= SHM_SLOTS_MAX);
			if (was != NULL)
				*inst = *was;
			else
				instance_init(inst, role, k);
		}
	}
	leave(m, old, nold);
}

bool
singletons_serve(const struct master *m)
{
	for (int i = 0; i < m->nsingletons; i++)
		if (!child_serves(m->singleton[i].child))
			return false;
	return true;
}

void
singletons_drain(struct master *m)
{
	for (int i = 0; i < m->nsingletons; i++)
		if (m->singleton[i].child != NULL)
			child_ask(m, m->singleton[i].child, ASKED_DRAIN, drain_limit_us(m));
}

bool
singletons_gone(const struct master *m)
{
	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid != 0 && !m->child[i].role->listens)
			return false;
	return true;
}

struct instance *
singleton_find(struct master *m, const struct child *c)
{
	for (int i = 0; i < m->nsingletons; i++)
		if (m->singleton[i].child == c)
			return &m->singleton[i];
	return NULL;
}
