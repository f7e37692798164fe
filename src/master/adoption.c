/*
 * adoption - worked out anew in every turn from who serves now, and only the
 * difference is sent: so no order of crashes, respawns and reloads can leave a
 * socket without somebody who accepts.
 */
#include "master/adoption.h"

#include "base/clock.h"
#include "base/log.h"
#include "master/child.h"
#include "master/sockets.h"

#define RETIRE_IDLE USEC         /* a retired socket's queue must be empty so long */
#define RETIRE_LIMIT (10 * USEC) /* and this is the end in any case */

void
adoption_forget(struct generation *gen, const struct child *c)
{
	for (int i = 0; i <= gen->n; i++)
		if (gen->adopter[i] == c)
			gen->adopter[i] = NULL;
}

/* Whoever serves, looking from `index` on in a ring; NULL when nobody does. */
static struct child *
next_serving(const struct generation *gen, int index)
{
	for (int i = 1; i <= gen->n; i++) {
		struct child *c = gen->instance[(index + i) % gen->n].child;

		if (child_serves(c))
			return c;
	}
	return NULL;
}

static void
log_adopted(const struct generation *gen, const struct child *c, int index)
{
	if (index < gen->n)
		log_info("%s accepts for worker %d", c->who, index);
	else
		log_info("%s accepts what still waits in the retired sockets", c->who);
}

static void
adopt(struct master *m, struct generation *gen, int index, bool orphan)
{
	struct child *now = gen->adopter[index], *want = NULL;

	if (orphan)
		want = child_serves(now) ? now : next_serving(gen, index);
	if (want == now)
		return;
	if (now != NULL)
		child_tell(m, now, CH_RELEASE, index, -1);
	if (want != NULL) {
		child_tell(m, want, CH_ADOPT, index, -1);
		log_adopted(gen, want, index);
	}
	gen->adopter[index] = want;
}

static void
retire(struct master *m, struct generation *gen)
{
	if (gen->retire_since_us == 0)
		gen->retire_since_us = gen->retire_idle_us = m->now_us;
	if (!sockets_retired_idle(gen->sockets))
		gen->retire_idle_us = m->now_us;
	if (m->now_us - gen->retire_idle_us < RETIRE_IDLE && m->now_us - gen->retire_since_us < RETIRE_LIMIT)
		return;
	adopt(m, gen, gen->n, false);
	sockets_drop_retired(gen->sockets);
	gen->retire_since_us = 0;
	log_info("retired sockets are closed");
}

void
adoption_step(struct master *m)
{
	struct generation *gen = m->serving;

	if (m->phase != PHASE_SERVING || m->noaccept)
		return;
	for (int i = 0; i < gen->n; i++)
		adopt(m, gen, i, !child_serves(gen->instance[i].child));
	if (sockets_retired(gen->sockets) < 0)
		return;
	adopt(m, gen, gen->n, true);
	/* While the old master of an upgrade lives it may take everything back. */
	if (m->report_fd < 0)
		retire(m, gen);
}
