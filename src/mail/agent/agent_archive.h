/*
 * agent_archive - an agent's profile on its way to the archive.
 */
#ifndef MAIL_AGENT_AGENT_ARCHIVE_H
#define MAIL_AGENT_AGENT_ARCHIVE_H

#include "base/str.h"

struct agent;
struct arena;
struct cx;

/* Content of agents/<Name>/profile.json (store/archive_payload.h), in `arena`. */
struct str agent_profile(struct arena *arena, const struct agent *a);
/* Queues the profile as it is now, inside a write operation. 0 or -1. */
int agent_to_archive(struct cx *cx, const struct agent *a);

#endif
