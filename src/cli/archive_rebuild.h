/*
 * archive_rebuild - writes a new archive from the database: the proof that the
 * archive is derived.
 *
 * History is new: profiles as they are, then mail in its order, then
 * reservations as they are. What still waits in the outbox is left to the
 * archiver, which goes on from the mark that the rebuilt archive ends with.
 */
#ifndef CLI_ARCHIVE_REBUILD_H
#define CLI_ARCHIVE_REBUILD_H

#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;

struct rebuild_result {
	int64_t messages, profiles, reservations, commits;
	int64_t pending; /* left to the archiver */
	int64_t removed; /* messages that are gone on purpose: their numbers stay empty (decision 3.46) */
	int64_t failed;  /* could not be written: named by `say` */
};

/* Something that cannot be written. */
typedef void rebuild_say_fn(void *arg, struct str what, const char *why);

/*
 * Into `dir`, which must be absent or an archive without commits; the daemon must
 * not run on it. Where it is the configured storage_root, messages get their new
 * commits noted. 0, or -1 with *why in `a`.
 */
int archive_rebuild(const struct conf *conf, struct str dir, rebuild_say_fn *say, void *arg, struct rebuild_result *out,
    struct arena *a, struct str *why);

#endif
