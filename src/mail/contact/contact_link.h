/*
 * contact_link - rows of agent_links, for contact*.c alone.
 */
#ifndef MAIL_CONTACT_CONTACT_LINK_H
#define MAIL_CONTACT_CONTACT_LINK_H

#include "mail/contact/contact.h"

/* Looks up the link from a to b. */
int link_get(struct cx *cx, int64_t a_agent_id, int64_t b_agent_id, struct contact_link *out);
/* An empty link between the two, not stored. */
struct contact_link link_of(const struct contact_pair *pair);
/* True while expires_ts is unset or later than cx->now. */
bool link_live(const struct cx *cx, const struct contact_link *link);
bool link_is(const struct contact_link *link, const char *status);

#endif
