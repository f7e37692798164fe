/*
 * refined - what a language model made of a summary, and how the two become one
 * (contract/reservations-resources.md 3.3). Values that are absent or empty
 * leave the summary as it is.
 */
#ifndef MAIL_SEARCH_REFINED_H
#define MAIL_SEARCH_REFINED_H

#include "mail/search/summary.h"

struct refined {
	struct str model; /* which one it was */
	struct str ids;   /* of the messages that it saw, as a JSON array; absent when that was not kept */
	struct bag participants, key_points, action_items, code_references;
	struct mention mentions[SUMMARY_ITEMS];
	size_t nmentions;
	int64_t total_messages, open_actions, done_actions;
};

/* Puts r over s, which is finished. Key points that tell of work stay: they follow those of the model. */
void summary_refine(struct summary *s, const struct refined *r);
/* Whether all messages that the model saw are still there. */
int refined_holds(struct cx *cx, const struct refined *r);

#endif
