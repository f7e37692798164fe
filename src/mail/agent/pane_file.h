/*
 * pane_file - one identity file: a line of text in a private directory.
 */
#ifndef MAIL_AGENT_PANE_FILE_H
#define MAIL_AGENT_PANE_FILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

/* First 512 bytes, trimmed; absent when there is no regular file, it is blank, a link, or `own` and another account's. */
struct str pane_file_read(struct arena *a, struct str path, bool own);
/* dir/sub/name = text and a newline, by rename; directories are made 0700. 0, or -1 with errno (ELOOP for links). */
int pane_file_write(const char *dir, const char *sub, const char *name, const char *text);
/* Calls fn for each regular file of dir/sub; removes those for which it returns true. 0, or -1 with errno but for ENOENT. */
int pane_file_sweep(
    const char *dir, const char *sub, bool (*fn)(void *arg, struct str name, struct str text), void *arg);

#endif
