/*
 * pattern_meet - is there a path that two patterns both name?
 *
 * The product of their parts, decided exactly: a state says that the parts of a
 * before row i and those of b before column j can spell the same segments.
 */
#include <string.h>

#include "base/arena.h"
#include "mail/reservation/pattern_parts.h"

/* Parts as pattern_names reads them: a bare name stands at the root. */
static const struct part *
named_parts(const struct pattern *p, size_t *n)
{
	*n = p->n - (p->bare ? 1 : 0);
	return p->parts + (p->bare ? 1 : 0);
}

/* One state from the three before it, as product_meets of pattern_glob.c does with characters. */
static bool
state(const struct part *up, const struct part *side, bool above, bool beside, bool diagonal)
{
	bool up_deep = up != NULL && up->deep, side_deep = side != NULL && side->deep;

	if (above && up != NULL && (up_deep || side_deep))
		return true;
	if (beside && side != NULL && (up_deep || side_deep))
		return true;
	return diagonal && up != NULL && side != NULL && !up_deep && !side_deep && glob_meet(&up->glob, &side->glob);
}

bool
pattern_meet(const struct pattern *a, const struct pattern *b)
{
	size_t na, nb;
	const struct part *pa = named_parts(a, &na), *pb = named_parts(b, &nb);
	bool few[128], *meet = few;
	struct arena own;
	bool found;

	arena_init(&own, 64);
	if (nb >= sizeof(few) / sizeof(few[0]))
		meet = arena_array(&own, bool, nb + 1);
	memset(meet, 0, (nb + 1) * sizeof(*meet));
	for (size_t i = 0; i <= na; i++) {
		bool diagonal = false;

		for (size_t j = 0; j <= nb; j++) {
			bool above = meet[j];

			meet[j] = (i == 0 && j == 0) ||
			    state(i > 0 ? &pa[i - 1] : NULL, j > 0 ? &pb[j - 1] : NULL, above, j > 0 && meet[j - 1],
				diagonal);
			diagonal = above;
		}
	}
	found = meet[nb];
	arena_fini(&own);
	return found;
}
