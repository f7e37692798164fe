/*
 * suggest - keeps the best of many candidates for a name that was not found. Called by the errors
 * of project and agent lookups.
 */
#include "base/suggest.h"

#include <math.h>

#include "base/buf.h"
#include "base/likeness.h"

#define LEAST 0.4
/* The comparison is quadratic at best: nobody needs a suggestion for a name longer than this. */
#define LONGEST 256

double
suggest_score(struct arena *a, struct str wanted, struct str candidate)
{
	size_t both = wanted.n + candidate.n, less = wanted.n < candidate.n ? wanted.n : candidate.n;
	struct arena_mark mark;
	double score;

	if (both == 0 || wanted.n > LONGEST || candidate.n > LONGEST || 2.0 * (double)less / (double)both < LEAST)
		return 0;
	mark = arena_mark(a);
	score = str_ratio(str_lower(a, wanted), str_lower(a, candidate));
	arena_rewind(a, mark);
	return score;
}

void
suggest_add(struct suggest *s, struct str name, struct str detail, double score)
{
	size_t i;

	if (score < LEAST)
		return;
	if (s->n < SUGGEST_MAX)
		s->n++;
	else if (score <= s->v[SUGGEST_MAX - 1].score)
		return;
	for (i = s->n - 1; i > 0 && s->v[i - 1].score < score; i--)
		s->v[i] = s->v[i - 1];
	s->v[i] = (struct suggestion){ name, detail, score };
}

double
suggest_shown(const struct suggestion *s)
{
	return round(s->score * 100) / 100;
}

struct str
suggest_text(struct arena *a, const struct suggest *s)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < s->n && i < SUGGEST_IN_TEXT; i++)
		buf_printf(&b, "%s'%" PRIstr "'", i > 0 ? ", " : "", FSTR(s->v[i].name));
	return buf_flat(&b);
}
