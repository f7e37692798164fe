/*
 * search_facets - what search_messages and search_messages_product have in
 * common: parameters, rows and what stands beside them.
 */
#ifndef TOOL_SEARCH_SEARCH_FACETS_H
#define TOOL_SEARCH_SEARCH_FACETS_H

#include "mail/search/search.h"
#include "tool/tool.h"

struct search_facets {
	struct p_str cursor, ranking, importance, thread_id;
	struct p_str sender, from_agent, sender_name;
	struct p_str date_start, date_from, after, since, date_end, date_to, before, until;
	struct p_int limit, offset;
	struct p_bool explain, include_body_md;
};

/* Rows of a parameter table whose struct `type` has the member `struct search_facets f`. */
#define FACET(tag, member, ptype, flags, ...) PARAM_AT(tag, f.member, #member, ptype, flags, __VA_ARGS__)
#define FACET_DATE(tag, member) FACET(tag, member, P_STR, P_TIME | P_UNLISTED, "Another name")
#define SEARCH_LIMIT(tag) FACET(tag, limit, P_INT, P_PLAIN, "Up to 1000", "20")
#define SEARCH_FACETS(tag) \
	FACET(tag, offset, P_INT, P_RARE, "Matches to skip; offset + limit up to 5000", "0"), \
	    FACET(tag, cursor, P_STR, P_PLAIN, "next_cursor of the last answer, instead of offset"), \
	    FACET(tag, ranking, P_STR, P_RARE, "relevance (default) or recency"), \
	    FACET(tag, sender, P_STR, P_PLAIN, "Sent by this agent"), \
	    FACET(tag, from_agent, P_STR, P_UNLISTED, "Another name of sender"), \
	    FACET(tag, sender_name, P_STR, P_UNLISTED, "Another name of sender"), \
	    FACET(tag, importance, P_STR, 0, "Any of low, normal, high, urgent; several with commas"), \
	    FACET(tag, thread_id, P_STR, P_PLAIN, "Of this thread"), \
	    FACET(tag, date_start, P_STR, P_TIME, "Not before this ISO-8601 time or day"), \
	    FACET(tag, date_end, P_STR, P_TIME | P_PLAIN, "Not after this time; a day counts to its end"), \
	    FACET_DATE(tag, date_from), FACET_DATE(tag, after), FACET_DATE(tag, since), FACET_DATE(tag, date_to), \
	    FACET_DATE(tag, before), FACET_DATE(tag, until), \
	    FACET(tag, explain, P_BOOL, P_RARE, "Say how it was searched", "false"), \
	    FACET(tag, include_body_md, P_BOOL, P_PLAIN, "With body_md", "false")

/* The facets and the query as search.h takes them: 0, or -1 with INVALID_ARGUMENT. */
int search_facets_parse(struct cx *cx, const struct search_facets *f, struct str query, struct search_request *ask);

/* Where rows are written. */
struct search_rows {
	struct jw *out;
	bool project_id; /* each row names its project */
};
/* A message_fn whose arg is a struct search_rows. */
int search_row(struct cx *cx, const struct message *m, void *rows);
/* Members after the rows; those that have nothing to say are left out. `viewer`: only somebody's own mail was searched. */
void search_beside(struct cx *cx, struct jw *out, const struct search_facets *f, const struct search_request *ask,
    const struct search_report *r, bool viewer);

#endif
