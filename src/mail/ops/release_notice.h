/*
 * release_notice - the letter to an agent whose reservation somebody else took
 * away (contract/reservations-resources.md 4.9).
 */
#ifndef MAIL_OPS_RELEASE_NOTICE_H
#define MAIL_OPS_RELEASE_NOTICE_H

#include <stdbool.h>

#include "base/fail.h"
#include "base/str.h"

struct agent;
struct cx;
struct project;
struct reserve_forced;

struct release_notice {
	bool notified; /* the holder has mail */
	bool refused;  /* the mail was refused, and this is why; the release stands */
	struct fail why;
};

/*
 * Tells the holder by an ordinary message of `actor`, with its `note`; nothing when
 * there was nothing to take away, or it was the actor's own. In the write operation
 * of the release. 0, or -1 for a failure of the database.
 */
int release_notice(struct cx *cx, const struct project *p, const struct agent *actor, struct str note,
    const struct reserve_forced *taken, struct release_notice *out);

#endif
