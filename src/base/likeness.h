/*
 * likeness - how near two names are, for "did you mean". Two measures, because clients of the two interfaces see the
 * suggestions of two programs: the tools' are by Ratcliff and Obershelp, those of REST by Levenshtein.
 */
#ifndef BASE_LIKENESS_H
#define BASE_LIKENESS_H

#include <stddef.h>

#include "base/str.h"

/*
 * Likeness of two strings in 0..1: twice the matching characters over the sum
 * of lengths, by Ratcliff and Obershelp (what the reference uses to suggest).
 */
double str_ratio(struct str a, struct str b);
/* Index of the word nearest to s with a ratio of at least `least`, or -1. */
ptrdiff_t str_nearest(struct str s, const char *const *words, size_t n, double least);

/* Longer names are not compared by str_distance: it takes time by the product of the lengths. */
#define DISTANCE_MAX 64
/* Levenshtein distance of two names in bytes; SIZE_MAX when one of them is longer than DISTANCE_MAX. */
size_t str_distance(struct str a, struct str b);

#endif
