/*
 * slots - growing the table of processes.
 *
 * A child is told of a slot before anybody runs in it. Should it look at its mail
 * only after that process has gone to sleep, then one wake-up is missed, which the
 * sleeper's beat makes up for as for every other lost one (worker/subscribers.c).
 */
#include "master/slots.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>

#include "base/log.h"
#include "master/child.h"

/* A few at a time: what is in use is what readers of the scoreboard look at. */
#define STEP 8

/* Makes the descriptors up to this number and tells the children; false with errno. */
static bool
grow(struct master *m, int nslots)
{
	for (int i = m->nslots; i < nslots; i++) {
		m->wake[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
		if (m->wake[i] < 0)
			return false;
		m->child[i].slot = i;
		m->nslots = i + 1;
		for (int k = 0; k < i; k++)
			child_tell(m, &m->child[k], CH_SLOT, i, m->wake[i]);
	}
	shm_grow(m->shm, m->nslots);
	return true;
}

static int
rounded(int n)
{
	n = (n + STEP - 1) / STEP * STEP;
	return n < SHM_SLOTS_MAX ? n : SHM_SLOTS_MAX;
}

int
slots_init(struct master *m, int wanted)
{
	for (int i = 0; i < SHM_SLOTS_MAX; i++)
		m->wake[i] = -1;
	m->shm = shm_new(rounded(wanted));
	return m->shm != NULL && grow(m, rounded(wanted)) ? 0 : -1;
}

bool
slots_reserve(struct master *m, int wanted)
{
	int nfree = 0;

	for (int i = 0; i < m->nslots; i++)
		nfree += m->child[i].pid == 0;
	if (wanted <= nfree)
		return true;
	wanted += m->nslots - nfree;
	if (wanted > SHM_SLOTS_MAX) {
		log_error("no more than %d processes can live at the same time", SHM_SLOTS_MAX);
		return false;
	}
	if (!grow(m, rounded(wanted))) {
		log_error("no descriptor to wake another process by: %s", strerror(errno));
		return false;
	}
	return true;
}
