/*
 * json - a JSON value in the form of archive files.
 */
#ifndef ARCHIVE_CONTENT_JSON_H
#define ARCHIVE_CONTENT_JSON_H

#include "base/arena.h"
#include "base/json_read.h"

/*
 * The text of a file: keys of all objects sorted, numbers as they were written, indent 2, non-ASCII escaped, newline at
 * the end; memory of the arena.
 */
struct str arch_json_file(struct jr v, struct arena *a);

#endif
