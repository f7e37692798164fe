/*
 * arch_json - a JSON value in the form of archive files: keys sorted.
 */
#ifndef ARCHIVE_CONTENT_ARCH_JSON_H
#define ARCHIVE_CONTENT_ARCH_JSON_H

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_write.h"

/* Writes v with the keys of all objects sorted, numbers as they were written; temporaries in a. */
void arch_json_sorted(struct jw *w, struct jr v, struct arena *a);
/* The same as the text of a file: indent 2, non-ASCII escaped, newline at the end; memory of the arena. */
struct str arch_json_file(struct jr v, struct arena *a);

#endif
