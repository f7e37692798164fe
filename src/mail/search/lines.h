/*
 * lines - lines and words of a text as Python cuts them: Unicode line ends and
 * white space count (contract/reservations-resources.md 3.1). Borrowed, no copies.
 */
#ifndef MAIL_SEARCH_LINES_H
#define MAIL_SEARCH_LINES_H

#include <stdbool.h>

#include "base/str.h"

/* Cuts the next line off *rest, without its end and without white space around it; false when nothing is left. */
bool line_next(struct str *rest, struct str *line);
/* The next word, never empty; false when there is none. */
bool word_next(struct str *rest, struct str *word);
/* Without white space at both ends. */
struct str line_trim(struct str s);

#endif
