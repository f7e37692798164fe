/*
 * status - what `agentmail ctl status` shows, from the scoreboard and the table of children.
 */
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/json_write.h"
#include "conf/conf.h"
#include "ipc/health.h"
#include "master/control.h"
#include "master/sockets.h"

static const char *const phases[] = { "starting", "serving", "stopping" };
static const char *const states[] = { "empty", "starting", "ready", "draining", "dead" };

static const char *
phase_name(const struct master *m)
{
	if (m->phase == PHASE_SERVING && m->next != NULL)
		return "reloading";
	if (m->phase == PHASE_SERVING && m->upgrade.state != UPGRADE_NONE)
		return "upgrading";
	return phases[m->phase];
}

static void
process(struct master *m, const struct child *c, struct jw *w)
{
	struct slot *s = shm_slot(m->shm, c->slot);

	jw_obj(w);
	jw_kcstr(w, "role", c->role->name);
	jw_kint(w, "index", c->index);
	jw_kint(w, "pid", c->pid);
	jw_kint(w, "generation", c->generation);
	jw_kcstr(w, "state", states[c->state]);
	jw_kint(w, "uptime_s", (m->now_us - c->started_us) / USEC);
	jw_kint(w, "respawns", atomic_load(&s->respawns));
	jw_kint(w, "slot", c->slot);
	jw_kint(w, "requests", (int64_t)counter_get(s, C_requests_total));
	jw_kint(w, "connections", (int64_t)counter_get(s, C_connections_open));
	jw_end(w);
}

static void
archive(struct master *m, struct jw *w)
{
	const struct child *c = NULL;
	struct slot *s;

	for (int i = 0; i < m->nsingletons; i++)
		if (strcmp(m->singleton[i].role->name, "archiver") == 0)
			c = m->singleton[i].child;
	jw_key(w, "archive");
	if (c == NULL) {
		jw_null(w);
		return;
	}
	s = shm_slot(m->shm, c->slot);
	jw_obj(w);
	jw_kint(w, "backlog", (int64_t)counter_get(s, C_archive_backlog));
	jw_kint(w, "lag_us", (int64_t)counter_get(s, C_archive_lag_us));
	jw_kint(w, "through", (int64_t)counter_get(s, C_archive_through));
	jw_end(w);
}

void
control_status(struct master *m, struct buf *out)
{
	struct jw w;

	jw_init(&w, out, JW_COMPACT);
	jw_obj(&w);
	jw_kcstr(&w, "version", AGENTMAIL_VERSION);
	jw_kint(&w, "pid", getpid());
	jw_kint(&w, "uptime_s", (clock_wall_us() - shm_started_us(m->shm)) / USEC);
	jw_kcstr(&w, "phase", phase_name(m));
	jw_kint(&w, "generation", m->serving->number);
	jw_kstr(&w, "listen", sockets_text(m->serving->sockets, out->arena));
	jw_kint(&w, "waiting", sockets_waiting(m->serving->sockets));
	jw_kstr(&w, "config", m->serving->conf->file);
	archive(m, &w);
	/* By what the workers have published: the master opens no database. */
	health_write_published(m->shm, clock_mono_us(), &w);
	jw_karr(&w, "processes");
	for (int i = 0; i < m->nslots; i++)
		if (m->child[i].pid != 0)
			process(m, &m->child[i], &w);
	jw_end(&w);
	jw_end(&w);
}
