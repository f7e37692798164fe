/*
 * hist - see hist.h.
 */
#include "hist.h"

static unsigned
place(uint64_t us)
{
	unsigned shift = 0;

	if (us < LAT_LINEAR)
		return (unsigned)us;
	while ((us >> shift) >= LAT_LINEAR)
		shift++;
	if (shift > 26)
		return LAT_SIZE - 1;
	return LAT_LINEAR + (shift - 1) * LAT_STEPS + (unsigned)((us >> shift) - LAT_STEPS);
}

static uint64_t
value(unsigned i)
{
	unsigned shift;

	if (i < LAT_LINEAR)
		return i;
	shift = (i - LAT_LINEAR) / LAT_STEPS + 1;
	return ((uint64_t)((i - LAT_LINEAR) % LAT_STEPS + LAT_STEPS) << shift) + (1U << (shift - 1));
}

void
lat_add(struct lat *l, uint64_t us)
{
	l->n++;
	l->sum += us;
	if (us > l->max)
		l->max = us;
	l->count[place(us)]++;
}

uint64_t
lat_at(const struct lat *l, double q)
{
	uint64_t want = (uint64_t)((double)l->n * q), seen = 0;

	if (l->n == 0)
		return 0;
	if (want >= l->n)
		want = l->n - 1;
	for (unsigned i = 0; i < LAT_SIZE; i++) {
		seen += l->count[i];
		if (seen > want)
			return value(i) < l->max ? value(i) : l->max;
	}
	return l->max;
}
