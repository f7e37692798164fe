/*
 * watch - once a second: what system calls say of disk and descriptors, into the scoreboard for whoever is asked.
 */
#include "worker/watch.h"

#include "base/clock.h"
#include "base/descriptors.h"
#include "ipc/health.h"
#include "store/cx.h"
#include "store/health_look.h"
#include "worker/state.h"

/* Longer no look may hold up requests. */
#define PATIENCE_US USEC

void
watch_health(struct worker *w)
{
	int64_t now = clock_mono_us();
	struct health_facts facts;
	struct arena a;
	struct cx cx;

	health_publish_descriptors(w->rt.slot, descriptors_free());
	health_from_shm(w->rt.shm, now, &facts);
	if (facts.age_us != HEALTH_NEVER && facts.age_us < USEC)
		return;
	arena_init(&a, 1024);
	cx_init(&cx, &a, w->rt.conf);
	cx.db = w->rt.ro;
	cx.shm = w->rt.shm;
	cx.now = clock_wall_us();
	cx.deadline = now + PATIENCE_US;
	health_look(&cx, &facts);
	arena_fini(&a);
}
