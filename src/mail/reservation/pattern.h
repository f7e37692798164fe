/*
 * pattern - which paths a reservation pattern names, and whether two meet.
 *
 * The gitignore-like dialect of contract/reservations-resources.md 4.5
 * (decision 3.56): '\' is '/', leading '/' is dropped, a pattern without an
 * inner '/' floats to any depth, a last segment `*` is one level, any other covers
 * what lies below it, case always counts. Names in tool://, resource:// and
 * service:// are no paths: they are equal or they are not.
 */
#ifndef MAIL_RESERVATION_PATTERN_H
#define MAIL_RESERVATION_PATTERN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct pattern;

#define PATTERN_MAX 4096 /* bytes, as the longest path */

/* Compiled form; lives in `a`. Never fails: what cannot match matches nothing. */
const struct pattern *pattern_new(struct arena *a, struct str text);
/* Name in one of the virtual namespaces. */
bool pattern_virtual(struct str text);
/* Why a pattern can never match ("is blank", ...), or NULL when it can: such patterns are not reserved (decision 3.21). */
const char *pattern_refused(struct str text);
/* Matches so much, or so little of what was meant, that the reference warns in its log; says what, or NULL. */
const char *pattern_suspicious(struct str text);

/* Is this path named by p, or below something that is? A virtual pattern matches its own name. */
bool pattern_match(const struct pattern *p, struct str path);
/*
 * Do two reservations meet? Symmetric (decision 3.20). True when a path exists
 * that both name, when one matches the other's text taken as a path, or when
 * the texts are equal. What lies below a last segment counts only by the text
 * of the other (else `Makefile` and `README.md` would meet in
 * `Makefile/README.md`), and a bare name without wildcards is looked for at the
 * root unless the other's text leads to it.
 */
bool pattern_overlap(const struct pattern *a, const struct pattern *b);

#endif
