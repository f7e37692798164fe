/*
 * search_query - what people type, as text that the full-text index takes.
 *
 * contract/reservations-resources.md 2.2 and 2.3, contract/rest-and-rust-peers.md A.2.
 */
#ifndef MAIL_SEARCH_SEARCH_QUERY_H
#define MAIL_SEARCH_SEARCH_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/str.h"

/* A query of SEARCH_LENIENT, cleaned; STR_NONE when there is nothing to look for. */
struct str query_clean(struct arena *a, struct str query);
/* The same of SEARCH_STRICT. */
struct str query_clean_strict(struct arena *a, struct str query);

/* Plain words of a query that is no full-text query: at most 5, all of them required. */
#define QUERY_WORDS 5
size_t query_words(struct str query, struct str out[QUERY_WORDS]);

/*
 * Whether a text can match the cleaned query: false only when it cannot. Cheap,
 * for sorting out before the real match.
 */
struct query_filter {
	struct str *token;
	size_t n;
	bool all; /* cannot tell: everything passes */
};
void query_filter_init(struct query_filter *f, struct arena *a, struct str query);
bool query_filter_pass(const struct query_filter *f, struct str subject, struct str body);

#endif
