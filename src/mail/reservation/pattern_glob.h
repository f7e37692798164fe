/*
 * pattern_glob - one segment of a pattern: text between two slashes.
 *
 * For pattern.c and pattern_meet.c alone. `*` is any run, `?` one character,
 * [..] one of a set; characters are Unicode, a byte that is no UTF-8 is one of
 * its own kind.
 */
#ifndef MAIL_RESERVATION_PATTERN_GLOB_H
#define MAIL_RESERVATION_PATTERN_GLOB_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

struct glob_token;

struct glob {
	struct str text;           /* as written */
	bool wild;                 /* holds *, ? or a set; else it names itself */
	struct glob_token *tokens; /* of a wild one */
	size_t n;
};

/* Reads one segment of a pattern; *out lies in `a` and borrows the segment. Never fails: what opens and does not end is itself. */
void glob_compile(struct arena *a, struct str segment, struct glob *out);
/* Is `name`, which holds no slash, of this shape? The empty name never is of a wild one. */
bool glob_match(const struct glob *g, struct str name);
/* Is there a name that is of both shapes? */
bool glob_meet(const struct glob *a, const struct glob *b);

#endif
