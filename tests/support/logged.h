/*
 * logged - what the code under test wrote to the log.
 */
#ifndef SUPPORT_LOGGED_H
#define SUPPORT_LOGGED_H

#include "base/str.h"

struct arena;

/* From here on the log, of level info, goes to a file without a name; the arena must outlive logged_end. */
void logged_begin(struct arena *a);
/* Everything since logged_begin, in its arena. */
struct str logged(void);
/* Lines that hold `part`. */
int logged_count(const char *part);
/* The log goes where it went before. */
void logged_end(void);

#endif
