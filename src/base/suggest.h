/*
 * suggest - the few names nearest to one that was not found.
 *
 * Candidates are offered one by one; those below 0.4 are dropped, the best five
 * are kept in order (contract/messaging.md 6.3, 6.4).
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

#define SUGGEST_MAX 5
#define SUGGEST_IN_TEXT 3

struct suggestion {
	struct str name, detail;
	double score; /* 0.4 .. 1 */
};

struct suggest {
	struct suggestion v[SUGGEST_MAX];
	size_t n;
};

/* Likeness of two names ignoring case; 0 at once where lengths rule out 0.4. */
double suggest_score(struct arena *a, struct str wanted, struct str candidate);
/* Keeps the candidate if it is good enough; borrows its strings. Equal scores stay in order of arrival. */
void suggest_add(struct suggest *s, struct str name, struct str detail, double score);
/* The score with two decimals, as results show it. */
double suggest_shown(const struct suggestion *s);
/* "'A', 'B', 'C'" of at most three. */
struct str suggest_text(struct arena *a, const struct suggest *s);

#endif
