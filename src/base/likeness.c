/*
 * likeness - how alike two names are, in two ways. Both measures work on bytes and in bounded memory of the stack.
 */
#include "base/likeness.h"

#include <stdint.h>

#define RATIO_MAX 512

/* Longest common run of a and b; where it begins in each. */
static size_t
common_run(struct str a, struct str b, size_t *at_a, size_t *at_b)
{
	uint16_t row[RATIO_MAX + 1] = { 0 };
	size_t best = 0;

	for (size_t i = 0; i < a.n; i++) {
		uint16_t diagonal = 0;

		for (size_t j = 0; j < b.n; j++) {
			uint16_t above = row[j + 1];

			row[j + 1] = a.p[i] == b.p[j] ? (uint16_t)(diagonal + 1) : 0;
			diagonal = above;
			if (row[j + 1] > best) {
				best = row[j + 1];
				*at_a = i + 1 - best;
				*at_b = j + 1 - best;
			}
		}
	}
	return best;
}

static size_t
matching(struct str a, struct str b)
{
	size_t at_a = 0, at_b = 0, n;

	if (a.n == 0 || b.n == 0)
		return 0;
	n = common_run(a, b, &at_a, &at_b);
	if (n == 0)
		return 0;
	return n + matching(str_sub(a, 0, at_a), str_sub(b, 0, at_b)) +
	    matching(str_sub(a, at_a + n, a.n), str_sub(b, at_b + n, b.n));
}

double
str_ratio(struct str a, struct str b)
{
	a = str_sub(a, 0, RATIO_MAX);
	b = str_sub(b, 0, RATIO_MAX);
	if (a.n + b.n == 0)
		return 1.0;
	return 2.0 * (double)matching(a, b) / (double)(a.n + b.n);
}

ptrdiff_t
str_nearest(struct str s, const char *const *words, size_t n, double least)
{
	ptrdiff_t best = -1;

	for (size_t i = 0; i < n; i++) {
		double r = str_ratio(s, str_c(words[i]));

		if (r >= least && (best < 0 || r > least)) {
			best = (ptrdiff_t)i;
			least = r;
		}
	}
	return best;
}

static size_t
least_of(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* One row of the table of distances at a time: row[j] is that of the first i bytes of a and the first j of b. */
size_t
str_distance(struct str a, struct str b)
{
	size_t row[DISTANCE_MAX + 1];

	if (a.n > DISTANCE_MAX || b.n > DISTANCE_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t above = row[j];

			row[j] = least_of(above + 1, row[j - 1] + 1, diagonal + (a.p[i - 1] != b.p[j - 1]));
			diagonal = above;
		}
	}
	return row[b.n];
}
