/*
 * archive_verify - compares database and archive, read-only, also beside a
 * running daemon: what is missing is looked for once more at the newest tip.
 */
#ifndef CLI_ARCHIVE_VERIFY_H
#define CLI_ARCHIVE_VERIFY_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

struct verify_result {
	int64_t messages, files, profiles, reservations; /* compared */
	int64_t pending;                                 /* rows of the outbox stand for them: not differences */
	int64_t removed;                                 /* files of mail that was removed on purpose (decision 3.46) */
	int64_t missing;                                 /* in the database, not in the archive */
	int64_t differing;                               /* in both, not the same */
	int64_t unknown;                                 /* in the archive, not in the database */
	int64_t failed;                                  /* rows set aside in outbox_failed */
};

/* A difference: `kind` is "missing", "differs", "unknown" or "failed". */
typedef void verify_say_fn(void *arg, const char *kind, struct str path, struct str about);

/* 0 compared (differences or not), -1 with *why in `a` when it could not be done. */
int archive_verify(const struct conf *conf, verify_say_fn *say, void *arg, struct verify_result *out, struct arena *a,
    struct str *why);
/* How many differences there are. */
int64_t verify_differences(const struct verify_result *r);

#endif
