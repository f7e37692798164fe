/*
 * generation - the role that listens, as often as the configuration wants it.
 */
#include "master/generation.h"

#include <stdlib.h>

#include "base/log.h"
#include "conf/conf.h"
#include "master/child.h"
#include "master/instance.h"
#include "master/slots.h"
#include "master/sockets.h"

static const struct role *
listening_role(const struct master *m)
{
	const struct program *program = m->start->program;

	for (int i = 0; i < program->nroles; i++)
		if (program->roles[i].listens)
			return &program->roles[i];
	log_panic("no role listens");
}

static int
find_accounts(const struct master *m, struct generation *gen, struct arena *a, struct str *why)
{
	const struct program *program = m->start->program;

	must(program->nroles <= ROLES_MAX);
	for (int i = 0; i < program->nroles; i++)
		if (account_find_role(gen->conf, &program->roles[i], &gen->account[i], a, why) != 0)
			return -1;
	return 0;
}

struct generation *
generation_new(struct master *m, struct conf *conf, const struct sockets *old, struct arena *a, struct str *why)
{
	const struct role *role = listening_role(m);
	struct generation *gen = calloc(1, sizeof(*gen));

	must(gen != NULL);
	gen->conf = conf;
	gen->n = role->count(conf);
	must(gen->n > 0 && gen->n <= LISTENER_FDS);
	if (find_accounts(m, gen, a, why) == 0)
		gen->sockets = sockets_new(old, conf, &m->account, a, why);
	if (gen->sockets == NULL) {
		generation_free(&gen);
		return NULL;
	}
	gen->number = ++m->generation;
	for (int i = 0; i < gen->n; i++)
		instance_init(&gen->instance[i], role, i);
	return gen;
}

void
generation_free(struct generation **gen)
{
	conf_free(&(*gen)->conf);
	free(*gen);
	*gen = NULL;
}

bool
generation_start_next(struct master *m)
{
	if (!slots_reserve(m, m->next->n))
		return false;
	for (int i = 0; i < m->next->n; i++)
		if (!child_spawn(m, m->next, &m->next->instance[i]))
			return false;
	return true;
}

bool
generation_serves(const struct generation *gen)
{
	for (int i = 0; i < gen->n; i++)
		if (!child_serves(gen->instance[i].child))
			return false;
	return true;
}

void
generation_ask(struct master *m, const struct generation *gen, enum asked how, int64_t limit_us)
{
	for (int i = 0; i < gen->n; i++)
		if (gen->instance[i].child != NULL)
			child_ask(m, gen->instance[i].child, how, limit_us);
}

struct instance *
generation_find(struct generation *gen, const struct child *c)
{
	for (int i = 0; gen != NULL && i < gen->n; i++)
		if (gen->instance[i].child == c)
			return &gen->instance[i];
	return NULL;
}

int64_t
drain_limit_us(const struct master *m)
{
	return m->serving->conf->drain_timeout;
}
