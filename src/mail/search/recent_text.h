/*
 * recent_text - the documents that a summary of the last hours is kept as
 * (table message_summaries): JSON in the form of Python's json.dumps, as the
 * reference stores and gives it.
 */
#ifndef MAIL_SEARCH_RECENT_TEXT_H
#define MAIL_SEARCH_RECENT_TEXT_H

#include "mail/search/summary.h"

/* What the threads say together. */
struct recent_whole {
	struct bag participants, points, actions, code;
	struct bag questions;           /* that nobody has answered */
	struct bag threads;             /* their names, sorted */
	const struct mention *mentions; /* of the language model, where it was asked */
	size_t nmentions;
	int64_t open, done;
	size_t messages, max; /* how many there are, and at most were read */
};

/* The whole as a JSON document, in `a`, as all that follows. */
struct str recent_text(struct arena *a, const struct recent_whole *all);
/* The names of its threads as a JSON array. */
struct str recent_thread_ids(struct arena *a, const struct recent_whole *all);
/* The sentence where nothing was written in so many hours. */
struct str recent_none_text(struct arena *a, double hours);

#endif
