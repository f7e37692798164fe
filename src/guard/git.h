/*
 * git - runs the git program in somebody's repository and reads what it says.
 *
 * Used by the guard on the command line and by the helper process, never by a
 * worker. What a repository's configuration could start (pagers, monitors,
 * external diffs) is switched off.
 */
#ifndef GUARD_GIT_H
#define GUARD_GIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

#define GIT_ARGS_MAX 24

struct git {
	const char *dir;  /* -C; NULL: where we are, with the environment that git gave to its hook */
	struct str input; /* its standard input */
	int64_t deadline; /* monotonic microseconds, 0 for none: it is killed then */
};

/* Its output in `a`; false when it could not run, failed, was killed, or wrote more than 64 MiB. args end with NULL. */
bool git_run(const struct git *g, struct arena *a, const char *const *args, struct str *out);
/* The same, output as one line without its newline. */
bool git_line(const struct git *g, struct arena *a, const char *const *args, struct str *out);

#endif
