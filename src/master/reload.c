/*
 * reload - HUP. Parse everything, start a whole generation from it on the same
 * sockets, wait for its READY messages, then let the old one finish. Until the
 * last of them is there the old generation serves as if nothing had happened.
 */
#include "master/reload.h"

#include "base/log.h"
#include "conf/conf.h"
#include "master/child.h"
#include "master/control.h"
#include "master/generation.h"
#include "master/singleton.h"
#include "master/sockets.h"
#include "master/upgrade.h"
#include "proc/logfile.h"
#include "proc/notify.h"
#include "proc/sig.h"

/* Who sent HUP after WINCH wants to be served: by the configuration that still holds, if not by the new one. */
static void
refuse(struct master *m, const char *why)
{
	log_error("reload: nothing was changed: %s", why);
	notify_send("READY=1\nSTATUS=Reload refused: %s", why);
	control_answer(m, DO_RELOAD, false, why);
	if (m->noaccept && m->upgrade.state == UPGRADE_NONE) {
		m->noaccept = false;
		log_info("workers come back as they were");
	}
}

static void
warn_restart(const struct conf *old, const struct conf *now, struct arena *a)
{
	struct str_list keys = conf_needs_restart(old, now, a);

	for (size_t i = 0; i < keys.n; i++)
		log_warn("reload: %" PRIstr " has changed, and takes effect at the next start only", FSTR(keys.v[i]));
}

static struct generation *
build(struct master *m, struct arena *a, struct str *why)
{
	struct conf *conf = conf_load(m->start->source, a, why);

	if (conf == NULL)
		return NULL;
	warn_restart(m->serving->conf, conf, a);
	return generation_new(m, conf, m->serving->sockets, a, why);
}

void
reload_begin(struct master *m)
{
	struct arena a;
	struct str why;

	if (m->phase != PHASE_SERVING || m->next != NULL || sockets_retired(m->serving->sockets) >= 0 ||
	    m->upgrade.state == UPGRADE_WAITING || m->upgrade.state == UPGRADE_UNDO || m->report_fd >= 0)
		return;
	m->reload_wanted = false;
	log_info("reload: begun");
	control_began(m, DO_RELOAD);
	notify_reloading();
	reload_reopen(m);
	arena_init(&a, 4096);
	m->next = build(m, &a, &why);
	if (m->next == NULL)
		refuse(m, arena_cstr(&a, why));
	arena_fini(&a);
	if (m->next == NULL)
		return;
	m->reload_deadline_us = m->now_us + m->next->conf->ready_timeout;
	if (!generation_start_next(m))
		reload_failed(m, "a worker of the new generation cannot be started; see the log");
}

void
reload_failed(struct master *m, const char *why)
{
	struct generation *gen = m->next;

	m->next = NULL;
	generation_ask(m, gen, ASKED_DIE, 0);
	sockets_abandon(&gen->sockets);
	generation_free(&gen);
	refuse(m, why);
}

static void
take_over(struct master *m)
{
	struct generation *old = m->serving;
	struct arena a;

	m->serving = m->next;
	m->next = NULL;
	m->noaccept = false;
	generation_ask(m, old, ASKED_DRAIN, old->conf->drain_timeout);
	sockets_commit(m->serving->sockets, &old->sockets);
	arena_init(&a, 512);
	if (!str_eq(logfile_path(old->conf, m->start->foreground, &a),
		logfile_path(m->serving->conf, m->start->foreground, &a)))
		reload_reopen(m);
	log_set((enum log_level)m->serving->conf->log_level, (enum log_format)m->serving->conf->log_format);
	log_info("reload: generation %u serves on %" PRIstr, m->serving->number,
	    FSTR(sockets_text(m->serving->sockets, &a)));
	notify_send("READY=1\nSTATUS=Serving on %" PRIstr, FSTR(sockets_text(m->serving->sockets, &a)));
	control_answer(m, DO_RELOAD, true, "the new generation serves");
	arena_fini(&a);
	generation_free(&old);
	upgrade_taken_back(m);
	singletons_count(m);
	if (m->upgrade.state == UPGRADE_NONE)
		singletons_drain(m);
}

void
reload_step(struct master *m)
{
	if (m->next == NULL)
		return;
	if (generation_serves(m->next))
		take_over(m);
	else if (m->now_us >= m->reload_deadline_us)
		reload_failed(m, "the new generation was not ready within ready_timeout");
}

void
reload_reopen(struct master *m)
{
	struct arena a;
	struct str why;

	arena_init(&a, 512);
	if (logfile_reopen(m->serving->conf, m->start->foreground, &a, &why) != 0)
		log_error("%" PRIstr, FSTR(why));
	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid != 0)
			child_tell(m, &m->child[i], CH_REOPEN, 0, log_fd());
	control_answer(m, DO_REOPEN, true, "the log is open anew");
	arena_fini(&a);
}
