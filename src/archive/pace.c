/*
 * pace - credit and cost of commits: arithmetic on the numbers that arch_turn measured. It
 * reads no clock and keeps nothing else.
 */
#include "archive/pace.h"

#define SHARE 10             /* of a processor: a tenth */
#define CREDIT_MAX_US 200000 /* what a quiet time saves up */
#define FIRST_COST_US 2000   /* until something was measured */

void
pace_init(struct arch_pace *p, int64_t now)
{
	*p = (struct arch_pace){ CREDIT_MAX_US, now, FIRST_COST_US, 0 };
}

static void
earn(struct arch_pace *p, int64_t now)
{
	p->credit_us += (now - p->credited_at) / SHARE;
	p->credited_at = now;
	if (p->credit_us > CREDIT_MAX_US)
		p->credit_us = CREDIT_MAX_US;
}

enum pace
pace_next(struct arch_pace *p, int64_t pending, int64_t full, int64_t gather_us, int64_t now, int64_t *wait_us)
{
	int64_t ripe = p->committed_at + gather_us;

	earn(p, now);
	if (pending < full && pending * p->cost_us <= p->credit_us)
		return PACE_SINGLE;
	if (pending >= full || now >= ripe)
		return PACE_GROUP;
	*wait_us = ripe - now;
	return PACE_WAIT;
}

void
pace_spent(struct arch_pace *p, enum pace how, int64_t commits, int64_t cpu_us, int64_t now)
{
	p->committed_at = now;
	if (commits > 0)
		p->cost_us += (cpu_us / commits - p->cost_us) / 4;
	if (how == PACE_SINGLE)
		p->credit_us -= cpu_us;
}
