/*
 * mistake - what somebody meant who used something that is no agent name.
 *
 * Asked only after a name was not found (decision 3.10).
 */
#ifndef MAIL_AGENT_MISTAKE_H
#define MAIL_AGENT_MISTAKE_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

struct mistake {
	enum err code;     /* PROGRAM_NAME_AS_AGENT ... UNIX_USERNAME_AS_AGENT */
	const char *looks; /* "a program name, not an agent name" */
	const char *advice;
};

/* The first kind that fits (contract/messaging.md 6.5), or NULL. Static. */
const struct mistake *mistake_detect(struct str name);
/* "'x' looks like a program name, not an agent name. Agent names must be ..." */
struct str mistake_text(struct arena *a, const struct mistake *m, struct str name);

#endif
