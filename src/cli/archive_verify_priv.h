/*
 * archive_verify_priv - what archive_verify*.c share.
 */
#ifndef CLI_ARCHIVE_VERIFY_PRIV_H
#define CLI_ARCHIVE_VERIFY_PRIV_H

#include "archive/git/git.h"
#include "archive/content/tree.h"
#include "archive/pack/error.h"
#include "cli/archive_verify.h"
#include "store/cx.h"

struct verify {
	struct cx cx; /* on a read handle; cx.arena is emptied after each object */
	struct arena arena;
	struct repo *repo;
	struct trees *trees;
	struct oid tip;
	verify_say_fn *say;
	void *arg;
	struct verify_result *out;
	uint64_t *shown; /* hashes of the canonical paths that digests name, sorted */
	size_t nshown, shown_room;
	struct arch_error why;
};

enum verify_step { VERIFY_FAILED = -1, VERIFY_GOOD = 0 };

/* Stands on the newest commit. 1 when it is another one than before, 0 the same, -1 with v->why. */
int verify_tip(struct verify *v);
/* Names a difference and counts it in *counter. */
void verify_differs(struct verify *v, int64_t *counter, const char *kind, struct str path, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Whether a row of the outbox stands for it. */
int verify_pending(struct verify *v, int kind, int64_t ref);
/* Looks up the text of a file at the tip, in v->arena. */
int verify_read(struct verify *v, struct str path, struct str *text);
/* Calls fn for each id that the statement gives. 0 or -1. */
int verify_each(struct verify *v, int stmt, int (*fn)(struct verify *v, int64_t id));

/* Compare the rows of one kind with their files, through verify_differs. 0, or -1 after having said why. */
int verify_profiles(struct verify *v);
int verify_reservations(struct verify *v);
/* Reads all digests, and names files of messages that the database does not know. */
int verify_walk(struct verify *v);
/* Does a digest name this canonical file? */
bool verify_shown(const struct verify *v, struct str path);

#endif
