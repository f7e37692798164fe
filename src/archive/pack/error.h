/*
 * error - why a step of the archiver did not succeed, and what that means
 * for the row at hand.
 */
#ifndef ARCHIVE_PACK_ERROR_H
#define ARCHIVE_PACK_ERROR_H

enum arch_kind {
	ARCH_FINE,
	ARCH_POISON,  /* this row can never be applied: its data are wrong */
	ARCH_AGAIN,   /* the outside world: disk, database, a lock; the same step may succeed later */
	ARCH_MOVED,   /* somebody else moved the branch */
	ARCH_REFUSED, /* the repository is not ours (decision 3.45) */
};

struct arch_error {
	enum arch_kind kind;
	char text[400];
};

/* Records kind and text; always returns -1. */
int arch_error(struct arch_error *w, enum arch_kind kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
