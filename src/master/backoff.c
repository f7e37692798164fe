/*
 * backoff - the delays of respawning; a pure function, so that tests need no clock.
 */
#include "master/backoff.h"

#include "base/clock.h"

#define FIRST (USEC / 10)
#define LONGEST (30 * USEC)
#define FORGIVEN (60 * USEC)

int64_t
backoff_died(struct backoff *b, bool was_ready, int64_t lived_us)
{
	int64_t wait = FIRST;

	if (was_ready && lived_us >= FORGIVEN)
		b->strikes = 0;
	if (was_ready && b->strikes == 0) {
		b->strikes = 1;
		return 0;
	}
	if (b->strikes == 0)
		b->strikes = 1;
	for (unsigned i = 1; i < b->strikes && wait < LONGEST; i++)
		wait *= 2;
	b->strikes++;
	return wait < LONGEST ? wait : LONGEST;
}
