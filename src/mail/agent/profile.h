/*
 * profile - what an agent says of itself, changed after its registration.
 */
#ifndef MAIL_AGENT_PROFILE_H
#define MAIL_AGENT_PROFILE_H

#include "base/str.h"

struct agent;
struct cx;

/* Absent members stay as they are. */
struct profile_change {
	struct str task_description;
	struct str attachments_policy; /* auto, inline, file */
	struct str contact_policy;     /* open, auto, contacts_only, block_all */
};

/*
 * Changes it, *a included, and sends the profile to the archive; the agent counts
 * as active. Inside a write operation. 0, or -1: INVALID_POLICY for unknown words.
 */
int profile_update(struct cx *cx, struct agent *a, const struct profile_change *in);
/* The same of contact_policy alone, any case; *policy is the word as stored. 0, or -1: INVALID_POLICY (decision 3.37). */
int agent_set_contact_policy(struct cx *cx, const struct agent *a, struct str word, struct str *policy);

#endif
