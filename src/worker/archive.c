/*
 * archive - reads from the scoreboard how far Git has come, and lets answers go that waited for
 * it. The bus only says when to look.
 */
#include "worker/archive.h"

#include <string.h>

#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "proc/role.h"
#include "worker/state.h"

static int64_t
through(struct shm *shm)
{
	int64_t best = 0, v;
	int i;

	for (i = 0; i < shm_nslots(shm); i++) {
		struct slot *s = shm_slot(shm, i);

		if (strcmp(s->role, "archiver") != 0)
			continue;
		v = (int64_t)counter_get(s, C_archive_through);
		best = v > best ? v : best;
	}
	return best;
}

void
archive_look(struct worker *w)
{
	if (w->rt.archive != NULL && !TAILQ_EMPTY(&w->archive.list))
		archive_waits_run(w->rt.archive, through(w->env->shm), loop_now(w->loop));
}

void
archive_follow(struct worker *w)
{
	archive_waits_init(&w->archive);
	w->rt.archive = &w->archive;
}
