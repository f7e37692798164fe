/*
 * search - finds messages by their words.
 *
 * Over the full-text index and, since the keeper fills that later, over the
 * tail which it has not reached: a message is found from the moment its send
 * returned. Relevance is computed for the newest candidates only, within
 * conf.search_budget (decision 3.30). Read only.
 */
#ifndef MAIL_SEARCH_SEARCH_H
#define MAIL_SEARCH_SEARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "mail/message/message.h"

struct cx;
struct project;

enum search_syntax {
	SEARCH_LENIENT, /* contract/reservations-resources.md 2.2, 2.3: bad syntax falls back to plain words */
	SEARCH_STRICT,  /* contract/rest-and-rust-peers.md A.2: bad syntax finds nothing */
};

enum search_ranking { SEARCH_RELEVANCE, SEARCH_RECENCY };

/* Bits of search_request.importance. */
enum { SEARCH_LOW = 1, SEARCH_NORMAL = 2, SEARCH_HIGH = 4, SEARCH_URGENT = 8 };

struct search_cursor {
	bool set;
	double score; /* of the last row shown; minus its created_ts for SEARCH_RECENCY */
	int64_t id;
};

struct search_request {
	enum search_syntax syntax;
	enum search_ranking ranking;
	struct str query;
	int64_t limit;  /* negative: MESSAGE_LIST_MAX, which also is the most */
	int64_t offset; /* not looked at with a cursor */
	struct search_cursor after;
	struct str sender;      /* name, ignoring case; absent: anybody */
	unsigned importance;    /* 0: any */
	struct str thread_id;   /* absent: any */
	int64_t from_us, to_us; /* both inclusive; 0: no bound */
	bool body;              /* fill body_md */
};

struct search_report {
	bool searched;         /* false: the query holds nothing to look for */
	bool fallback;         /* by plain words, newest first */
	bool bounded;          /* the budget ended before all candidates were ranked or looked at */
	struct str normalized; /* the query as it was run */
	size_t rows, candidates;
	struct search_cursor next; /* set when the page is full */
};

/*
 * Hands the matches in p that `viewer_id` sent or received (0: all) to fn, best
 * first. fn may not read a single message itself. 0, or -1 with cx->fail.
 */
int search_messages(struct cx *cx, const struct project *p, int64_t viewer_id, const struct search_request *ask,
    message_fn *fn, void *arg, struct search_report *report);

/* A project, and whose mail of it: 0 all. */
struct search_place {
	int64_t project_id, viewer_id;
};
/* As search_messages, over several projects, at most SEARCH_PLACES; ranked as one. */
#define SEARCH_PLACES 256
int search_places(struct cx *cx, const struct search_place *places, size_t n, const struct search_request *ask,
    message_fn *fn, void *arg, struct search_report *report);

/* The facets as text, as the tools take them; absent members are not given. */
struct search_words {
	struct str ranking, cursor, importance, thread_id;
	struct {
		const char *name;
		struct str v;
	} sender[3]; /* aliases of one value */
	struct {
		const char *name;
		struct str v;
	} start[4], end[4];
};

/* Words into ask: 0, or -1 with INVALID_ARGUMENT naming the parameter and what it may be. Checks limit and offset too. */
int search_parse(struct cx *cx, const struct search_words *w, struct search_request *ask);
/* next_cursor as text. */
struct str search_cursor_text(struct cx *cx, const struct search_cursor *c);

#endif
