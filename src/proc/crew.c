/*
 * crew - posts and adoption. Called by the loop, by child when a process ends,
 * by reload and upgrade.
 *
 * Adoption is worked out anew in every turn from who serves now, and only the
 * difference is sent: so no order of crashes, respawns and reloads can leave a
 * socket without somebody who accepts.
 */
#include "proc/crew.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "proc/child.h"
#include "proc/reload.h"
#include "proc/sockets.h"
#include "proc/stop.h"

#define RETIRE_IDLE USEC           /* a retired socket's queue must be empty so long */
#define RETIRE_LIMIT (10 * USEC)   /* and this is the end in any case */

static const struct role *
listening_role(const struct master *m)
{
	for (int i = 0; i < m->start->nroles; i++)
		if (m->start->roles[i].listens)
			return &m->start->roles[i];
	log_panic("no role listens");
}

static void
post_init(struct post *p, const struct role *role, int index)
{
	memset(p, 0, sizeof(*p));
	p->role = role;
	p->index = index;
	p->slot = -1;
}

struct crew *
crew_new(struct master *m, struct conf *conf, const struct sockets *old, struct arena *a, struct str *why)
{
	const struct role *role = listening_role(m);
	struct crew *crew = calloc(1, sizeof(*crew));

	must(crew != NULL);
	crew->conf = conf;
	crew->n = role->count(conf);
	must(crew->n > 0 && crew->n <= LISTENER_FDS);
	crew->sockets = sockets_new(old, conf, &m->account, a, why);
	if (crew->sockets == NULL) {
		crew_free(&crew);
		return NULL;
	}
	crew->generation = ++m->generation;
	for (int i = 0; i < crew->n; i++)
		post_init(&crew->post[i], role, i);
	return crew;
}

void
crew_free(struct crew **crew)
{
	conf_free(&(*crew)->conf);
	free(*crew);
	*crew = NULL;
}

void
crew_solos(struct master *m)
{
	for (int i = 0; i < m->start->nroles; i++) {
		const struct role *role = &m->start->roles[i];
		int n = role->listens ? 0 : role->count(m->crew->conf);

		for (int k = 0; k < n; k++) {
			must(m->nsolo < SOLO_MAX);
			post_init(&m->solo[m->nsolo++], role, k);
		}
	}
}

static void
fill(struct master *m, struct post *p)
{
	if (p->child != NULL || p->spawn_us > m->now_us)
		return;
	if (!child_spawn(m, m->crew, p))
		p->spawn_us = m->now_us + backoff_died(&p->backoff, false, 0);
}

static bool
workers_wanted(const struct master *m)
{
	return m->phase != PHASE_STOPPING && m->next == NULL && !m->noaccept;
}

static bool
solos_wanted(const struct master *m)
{
	return m->phase != PHASE_STOPPING && !m->handed_over && m->upgrade.state != UPGRADE_LINGER &&
	    m->upgrade.state != UPGRADE_UNDO;
}

void
crew_fill(struct master *m)
{
	for (int i = 0; workers_wanted(m) && i < m->crew->n; i++)
		fill(m, &m->crew->post[i]);
	for (int i = 0; solos_wanted(m) && i < m->nsolo; i++)
		fill(m, &m->solo[i]);
}

bool
crew_start_next(struct master *m)
{
	for (int i = 0; i < m->next->n; i++)
		if (!child_spawn(m, m->next, &m->next->post[i]))
			return false;
	return true;
}

bool
crew_serves(const struct crew *crew)
{
	for (int i = 0; i < crew->n; i++)
		if (!child_serves(crew->post[i].child))
			return false;
	return true;
}

bool
crew_solos_serve(const struct master *m)
{
	for (int i = 0; i < m->nsolo; i++)
		if (!child_serves(m->solo[i].child))
			return false;
	return true;
}

static struct post *
post_of(struct crew *crew, const struct child *c)
{
	for (int i = 0; crew != NULL && i < crew->n; i++)
		if (crew->post[i].child == c)
			return &crew->post[i];
	return NULL;
}

static struct post *
solo_of(struct master *m, const struct child *c)
{
	for (int i = 0; i < m->nsolo; i++)
		if (m->solo[i].child == c)
			return &m->solo[i];
	return NULL;
}

static void
forget_adopter(struct crew *crew, const struct child *c)
{
	for (int i = 0; crew != NULL && i <= crew->n; i++)
		if (crew->adopter[i] == c)
			crew->adopter[i] = NULL;
}

static void
plan_respawn(struct master *m, struct post *p, const struct child *c)
{
	int64_t wait = 0;

	if (c->asked == ASKED_NOTHING) {
		wait = backoff_died(&p->backoff, c->was_ready, m->now_us - c->ready_us);
		p->respawns++;
		if (m->phase != PHASE_STOPPING)
			log_info("%s starts again %s (%lld ms)", c->who, wait == 0 ? "at once" : "later", (long long)(wait / 1000));
	}
	p->spawn_us = m->now_us + wait;
}

void
crew_lost(struct master *m, struct child *c, int status)
{
	struct post *p;

	forget_adopter(m->crew, c);
	if ((p = post_of(m->next, c)) != NULL) {
		p->child = NULL;
		if (c->asked == ASKED_NOTHING)
			reload_failed(m, "a worker of the new generation ended before all were ready; see the log");
		return;
	}
	if ((p = post_of(m->crew, c)) == NULL && (p = solo_of(m, c)) == NULL)
		return;
	p->child = NULL;
	plan_respawn(m, p, c);
	if (m->phase == PHASE_STARTING && !c->was_ready && c->asked == ASKED_NOTHING)
		start_lost(m, c, status);
}

void
crew_vacate(struct master *m, struct child *c)
{
	struct post *p = post_of(m->crew, c);

	forget_adopter(m->crew, c);
	if (p != NULL) {
		p->child = NULL;
		p->spawn_us = m->now_us;
	}
}

/* next_serving - whoever serves, looking from `index` on in a ring; NULL when nobody does. */
static struct child *
next_serving(const struct crew *crew, int index)
{
	for (int i = 1; i <= crew->n; i++) {
		struct child *c = crew->post[(index + i) % crew->n].child;

		if (child_serves(c))
			return c;
	}
	return NULL;
}

static void
adopt(struct master *m, struct crew *crew, int index, bool orphan)
{
	struct child *now = crew->adopter[index], *want = NULL;

	if (orphan)
		want = child_serves(now) ? now : next_serving(crew, index);
	if (want == now)
		return;
	if (now != NULL)
		child_tell(m, now, CH_RELEASE, index, -1);
	if (want != NULL) {
		child_tell(m, want, CH_ADOPT, index, -1);
		log_info("%s accepts for %s %d", want->who, index < crew->n ? "worker" : "the retired sockets,", index);
	}
	crew->adopter[index] = want;
}

static void
retire(struct master *m, struct crew *crew)
{
	if (crew->retire_since_us == 0)
		crew->retire_since_us = crew->retire_idle_us = m->now_us;
	if (!sockets_retired_idle(crew->sockets))
		crew->retire_idle_us = m->now_us;
	if (m->now_us - crew->retire_idle_us < RETIRE_IDLE && m->now_us - crew->retire_since_us < RETIRE_LIMIT)
		return;
	adopt(m, crew, crew->n, false);
	sockets_drop_retired(crew->sockets);
	crew->retire_since_us = 0;
	log_info("retired sockets are closed");
}

void
crew_adopt(struct master *m)
{
	struct crew *crew = m->crew;

	if (m->phase != PHASE_SERVING || m->noaccept)
		return;
	for (int i = 0; i < crew->n; i++)
		adopt(m, crew, i, !child_serves(crew->post[i].child));
	if (sockets_retired(crew->sockets) < 0)
		return;
	adopt(m, crew, crew->n, true);
	/* While the old master of an upgrade lives it may take everything back. */
	if (m->report_fd < 0)
		retire(m, crew);
}

static int64_t
sooner(const struct post *p, int64_t due)
{
	return p->child == NULL && p->spawn_us < due ? p->spawn_us : due;
}

int64_t
crew_due_us(const struct master *m)
{
	int64_t due = INT64_MAX;

	for (int i = 0; workers_wanted(m) && i < m->crew->n; i++)
		due = sooner(&m->crew->post[i], due);
	for (int i = 0; solos_wanted(m) && i < m->nsolo; i++)
		due = sooner(&m->solo[i], due);
	return due;
}

int64_t
crew_drain_us(const struct master *m)
{
	return m->crew->conf->drain_timeout;
}
