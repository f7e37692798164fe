/*
 * logfile - the log, opened by the master and inherited by its children.
 */
#ifndef PROC_LOGFILE_H
#define PROC_LOGFILE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

/* Where the lines of this configuration go: a path, or "stderr". */
struct str logfile_path(const struct conf *c, bool foreground, struct arena *a);
/* Opens it and sends our lines there; level and format too. 0, or -1 with *why. */
int logfile_open(const struct conf *c, bool foreground, struct arena *a, struct str *why);
/*
 * Opens it anew under the descriptor number that everybody has already; children
 * get it by CH_REOPEN. On failure the old file stays: 0, or -1 with *why.
 */
int logfile_reopen(const struct conf *c, bool foreground, struct arena *a, struct str *why);

#endif
