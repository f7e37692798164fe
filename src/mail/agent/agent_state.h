/*
 * agent_state - taking part, standing aside, and leaving.
 *
 * Inside write operations; the caller has authenticated. Each puts the agent's
 * new profile into the outbox.
 */
#ifndef MAIL_AGENT_AGENT_STATE_H
#define MAIL_AGENT_AGENT_STATE_H

#include <stdbool.h>

struct agent;
struct cx;

/* No mail from agents any more, in any dialect (decision 3.37); again renews the time. 0 or -1. */
int agent_retire(struct cx *cx, struct agent *a);
/* Ends it: the agent takes mail again, and counts as active now, so that no sweep retires it at once. 0 or -1. */
int agent_unretire(struct cx *cx, struct agent *a);
/*
 * Sets contact_policy to block_all and a note before the task description; nothing takes that
 * back by itself. 0 or -1.
 */
int agent_deregister(struct cx *cx, struct agent *a);

#endif
