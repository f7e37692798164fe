/*
 * summary - what a run of messages says, without a model
 * (contract/reservations-resources.md 3.1).
 *
 *   summary_init(&s, cx->arena);
 *   thread_bodies(cx, ..., summary_add, &s);
 *   summary_finish(&s);
 *
 * Beside the reference's members there are questions that nobody has answered.
 * Everything is copied into the arena; the same messages give the same answer.
 */
#ifndef MAIL_SEARCH_SUMMARY_H
#define MAIL_SEARCH_SUMMARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "mail/message/message.h"

struct agent;
struct cx;
struct project;

/* Rows of each list of a summary. */
#define SUMMARY_ITEMS 10
/* Text that one summary reads at most; what comes after it is left out. */
#define SUMMARY_BYTES (16 << 20)
/* Messages that are given as examples. */
#define SUMMARY_EXAMPLES 3

/* Texts that grow; room is doubled in the arena. */
struct bag {
	struct str *v;
	size_t n, size;
};

struct mention {
	struct str name;
	int64_t count;
};

struct question {
	struct str text;
	int64_t message_id, sender_id;
};

struct summary {
	struct arena *arena;
	struct bag participants, key_points, action_items, code_references;
	struct bag names;                       /* mentions as they came */
	struct mention mentions[SUMMARY_ITEMS]; /* after summary_finish: the most frequent */
	size_t nmentions;
	struct question *questions;
	size_t nquestions;
	int64_t total_messages, open_actions, done_actions;
	size_t bytes;                              /* of text read */
	struct message examples[SUMMARY_EXAMPLES]; /* id, subject, from, created_ts of the first ones */
	size_t nexamples;
};

/* Empty, in `a`. */
void summary_init(struct summary *s, struct arena *a);
/* Adds the next message, which comes with its body; a message_fn whose arg is the summary. 0, 1 when it has read enough. */
int summary_add(struct cx *cx, const struct message *m, void *summary);
/* Warns in cx if not all was read. */
void summary_warn(struct cx *cx, const struct summary *s);
/* Sorts and counts; afterwards all lists may be read. */
void summary_finish(struct summary *s);

/*
 * One thread, finished. At most `limit` messages, its oldest (negative: as many
 * as a thread gives, its newest); viewer as thread_each. 0, or -1 with cx->fail.
 */
int summary_thread(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, int64_t limit,
    struct summary *out);

/* The line holds one of the five words of section 3.1, in any case. */
bool summary_tells_of_work(struct str line);

/* Copies s into the bag, in `a`. */
void bag_add(struct arena *a, struct bag *b, struct str s);
/* Sorts by bytes and drops what is there twice. */
void bag_sort(struct bag *b);
/* The first `max`, borrowed. */
struct str_list bag_first(const struct bag *b, size_t max);

#endif
