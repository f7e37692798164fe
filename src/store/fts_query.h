/*
 * fts_query - the syntax of FTS5 queries as a tree, for rows that the index does not hold.
 *
 * Only for text that FTS5 itself has accepted (fts_parses): errors are not
 * looked for, they just end the parse. Grammar: sqlite.org/fts5.html section 3.
 */
#ifndef STORE_FTS_QUERY_H
#define STORE_FTS_QUERY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/* Columns of fts_messages. */
enum { FTS_SUBJECT, FTS_BODY, FTS_COLUMNS };
#define FTS_ALL_COLUMNS ((1u << FTS_COLUMNS) - 1)

/* One word of a phrase, as the tokenizer writes it. */
struct fts_term {
	struct str text;
	bool prefix;
	int64_t *pos; /* where it stands in the row: column << 32 | word */
	size_t n, room;
};

struct fts_phrase {
	size_t term, terms; /* consecutive words */
	int64_t *pos;       /* starts in the row, within the columns of its group */
	size_t n, room;
};

enum fts_kind { FTS_AND, FTS_OR, FTS_NOT, FTS_GROUP };

struct fts_node {
	enum fts_kind kind;
	struct fts_node *left, *right;
	/* Of a FTS_GROUP: phrases that stand near each other; none: matches nothing. */
	size_t phrase, phrases;
	unsigned columns;
	bool first; /* ^: at the beginning of a column */
	int64_t near;
};

struct fts_tree {
	struct fts_node *root;
	struct fts_term *term;
	size_t terms;
	struct fts_phrase *phrase;
	size_t phrases;
	int64_t steps; /* comparisons that the row may still cost */
};

/*
 * What one row may cost: some milliseconds. A query of 4,096 bytes and a body of 16 MiB, made for it, would keep a worker
 * for minutes and fill its memory. A row that costs more matches nothing here; the index has it a moment later.
 */
#define FTS_STEPS INT64_C(8000000)

/* Splits text into words as the index does and calls fn for each. */
typedef void fts_words_fn(void *words, struct str text, void (*fn)(struct str word, void *arg), void *arg);

/* The tree in `a`, its words cut by `cut(words, ...)`. Never NULL; its root is for text without meaning. */
struct fts_tree *fts_query_parse(struct arena *a, struct str query, fts_words_fn *cut, void *words);
/* A word of the row at `pos` is this one; called in rising order. */
void fts_term_at(struct arena *a, struct fts_term *t, int64_t pos);
/*
 * Whether the row matches whose words lie in term[].pos; false also when tree->steps are used up. Fills the starts of
 * every phrase that was looked at.
 */
bool fts_query_match(struct arena *a, struct fts_tree *t);

#endif
