/*
 * archive - reads from the scoreboard how far Git has come, and lets answers go that waited for
 * it. The bus only says when to look.
 */
#include "worker/archive.h"

#include "ipc/shm.h"
#include "worker/state.h"

void
archive_look(struct worker *w)
{
	if (w->rt.archive != NULL && !TAILQ_EMPTY(&w->archive.list))
		archive_waits_run(
		    w->rt.archive, (int64_t)shm_role_gauge(w->rt.shm, ROLE_ARCHIVER, C_archive_through), loop_now(w->rt.loop));
}

void
archive_follow(struct worker *w)
{
	archive_waits_init(&w->archive);
	w->rt.archive = &w->archive;
}
