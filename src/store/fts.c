/*
 * fts - functions of SQLite that weigh phrases and rank rows, and the matching of rows behind the
 * index. Called by mail/search.
 *
 * Everything that is particular to FTS5 is in fts*.c.
 */
#include "store/fts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/cx.h"
#include "store/fts_query.h"
#include "store/handle.h"

/* Phrases that are weighed; further ones do not change the order. */
#define PHRASES 32
/* Rows that are counted per phrase. */
#define COUNT_MAX 4096
/* Parameters of Okapi BM25, as SQLite has them. */
#define K1 1.2
#define B 0.75

/* Words in a row, where nothing is known. */
#define AVERAGE 64.0

struct fts {
	sqlite3 *mem; /* an empty index, to try the syntax on */
	sqlite3_stmt *parse;
	fts5_tokenizer cutter;
	Fts5Tokenizer *words;
	/* What is known of the query weighed last. */
	int phrases;
	double idf[PHRASES];
	double average;  /* words in a row */
	int64_t highest; /* id in the index */
};

struct fts_tail {
	struct fts *fts;
	struct arena *arena;
	struct fts_tree *tree;
	int64_t column; /* while a row is cut */
	int64_t words;  /* in this column */
};

struct counting {
	int64_t rows;
	sqlite3_int64 at; /* row where counting stopped */
};

static int
count_row(const Fts5ExtensionApi *api, Fts5Context *fts, void *arg)
{
	struct counting *c = arg;

	if (++c->rows < COUNT_MAX)
		return SQLITE_OK;
	c->at = api->xRowid(fts);
	return SQLITE_DONE;
}

/* How many rows hold phrase i: counted, or extrapolated from where COUNT_MAX of them lie. */
static double
rows_with(const Fts5ExtensionApi *api, Fts5Context *fts, const struct fts *f, int i, double all)
{
	struct counting c = { .rows = 0, .at = 0 };
	double n;

	if (api->xQueryPhrase(fts, i, &c, count_row) != SQLITE_OK)
		return all;
	n = (double)c.rows;
	if (c.at > 0 && f->highest > c.at)
		n *= (double)f->highest / (double)c.at;
	return n > all ? all : n;
}

/* am_weigh(fts_messages) - fills f for the query that is running. */
static void
sql_weigh(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct fts *f = api->xUserData(fts);
	sqlite3_int64 rows = 0, words = 0;

	api->xRowCount(fts, &rows);
	api->xColumnTotalSize(fts, -1, &words);
	f->average = rows > 0 && words > 0 ? (double)words / (double)rows : 1.0;
	f->phrases = api->xPhraseCount(fts);
	if (f->phrases > PHRASES)
		f->phrases = PHRASES;
	for (int i = 0; i < f->phrases; i++) {
		double n = rows_with(api, fts, f, i, (double)rows);

		f->idf[i] = log(((double)rows - n + 0.5) / (n + 0.5));
		/* A phrase in more than half of all rows: next to nothing, but never against the row. */
		if (!(f->idf[i] > 1e-6))
			f->idf[i] = 1e-6;
	}
	sqlite3_result_int(ctx, f->phrases);
}

static double
score_of(const struct fts *f, const double *often, int phrases, double words)
{
	double norm = K1 * (1 - B + B * words / f->average), score = 0;

	for (int i = 0; i < phrases; i++)
		score += f->idf[i] * often[i] * (K1 + 1) / (often[i] + norm);
	return score;
}

/* am_rank(fts_messages) - the score of the row. */
static void
sql_rank(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct fts *f = api->xUserData(fts);
	double often[PHRASES] = { 0 };
	int n = 0, phrase, column, at, words = 0;

	if (api->xInstCount(fts, &n) != SQLITE_OK)
		n = 0;
	for (int i = 0; i < n; i++)
		if (api->xInst(fts, i, &phrase, &column, &at) == SQLITE_OK && phrase < f->phrases)
			often[phrase]++;
	api->xColumnSize(fts, -1, &words);
	sqlite3_result_double(ctx, score_of(f, often, f->phrases, words));
}

static fts5_api *
api_of(sqlite3 *h)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
		sqlite3_step(s);
	sqlite3_finalize(s);
	if (api == NULL)
		log_panic("SQLite without FTS5: %s", sqlite3_errmsg(h));
	return api;
}

/* The tokenizer that fts_messages has by default. */
static bool
make_cutter(struct fts *f)
{
	fts5_api *api = api_of(f->mem);
	void *arg;

	return api->xFindTokenizer(api, "unicode61", &arg, &f->cutter) == SQLITE_OK &&
	    f->cutter.xCreate(arg, NULL, 0, &f->words) == SQLITE_OK;
}

#define MATCH "FROM fts_messages WHERE fts_messages MATCH ?1 LIMIT 1"

void
fts_ready(struct db *db)
{
	struct fts *f;
	fts5_api *api;

	if (db->fts != NULL)
		return;
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		log_panic("out of memory");
	db->fts = f;
	api = api_of(db->h);
	if (api->xCreateFunction(api, "am_rank", f, sql_rank, NULL) != SQLITE_OK ||
	    api->xCreateFunction(api, "am_weigh", f, sql_weigh, NULL) != SQLITE_OK ||
	    sqlite3_open_v2(":memory:", &f->mem, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK ||
	    sqlite3_exec(f->mem, "CREATE VIRTUAL TABLE fts_messages USING fts5 (subject, body, content = '')", NULL,
		NULL, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v3(f->mem, "SELECT 1 " MATCH, -1, SQLITE_PREPARE_PERSISTENT, &f->parse, NULL) != SQLITE_OK ||
	    !make_cutter(f))
		log_panic("full-text search: %s", sqlite3_errmsg(f->mem != NULL ? f->mem : db->h));
}

void
fts_free(struct fts **fp)
{
	struct fts *f = *fp;

	if (f == NULL)
		return;
	if (f->words != NULL)
		f->cutter.xDelete(f->words);
	sqlite3_finalize(f->parse);
	sqlite3_close(f->mem);
	free(f);
	*fp = NULL;
}

bool
fts_parses(struct db *db, struct str query)
{
	sqlite3_stmt *s = db->fts->parse;
	int rc;

	/* "*reads" and the like are commands of FTS5 and find a number as if it were a row. */
	if (query.n > 0 && query.p[0] == '*')
		return false;
	sqlite3_bind_text(s, 1, query.p, (int)query.n, SQLITE_STATIC);
	rc = sqlite3_step(s);
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

int
fts_weigh(struct cx *cx, struct str query, int64_t highest)
{
	/* Not in stmt.def: it prepares only where fts_ready has made its function known. */
	struct stmt *s = stmt_adhoc(cx->db, STR("SELECT am_weigh(fts_messages) " MATCH));
	struct fts *f = cx->db->fts;

	f->phrases = 0;
	f->average = AVERAGE;
	f->highest = highest;
	for (int i = 0; i < PHRASES; i++)
		f->idf[i] = 1;
	stmt_bind_str(s, 1, query);
	return stmt_run(cx, s);
}

struct cutting {
	void (*fn)(struct str word, void *arg);
	void *arg;
};

static int
on_word(void *arg, int flags, const char *p, int n, int start, int end)
{
	struct cutting *c = arg;

	c->fn((struct str){ p, (size_t)n }, c->arg);
	return SQLITE_OK;
}

static void
cut_words(void *arg, struct str text, void (*fn)(struct str word, void *arg), void *fn_arg)
{
	struct fts *f = arg;
	struct cutting c = { fn, fn_arg };

	f->cutter.xTokenize(f->words, &c, FTS5_TOKENIZE_DOCUMENT, text.p, (int)text.n, on_word);
}

struct fts_tail *
fts_tail_new(struct cx *cx, struct str query)
{
	struct fts_tail *t = arena_new(cx->arena, struct fts_tail);

	t->fts = cx->db->fts;
	t->arena = cx->arena;
	t->tree = fts_query_parse(cx->arena, query, cut_words, t->fts);
	return t;
}

static void
note_word(struct str word, void *arg)
{
	struct fts_tail *t = arg;
	int64_t pos = t->column << 32 | t->words++;

	t->tree->steps -= (int64_t)t->tree->terms;
	for (size_t i = 0; i < t->tree->terms && t->tree->steps >= 0; i++) {
		struct fts_term *term = &t->tree->term[i];

		if (term->prefix ? str_starts(word, term->text) : str_eq(word, term->text))
			fts_term_at(t->arena, term, pos);
	}
}

bool
fts_tail_match(struct fts_tail *t, struct str subject, struct str body, double *score)
{
	double often[PHRASES] = { 0 }, words;
	int phrases = t->tree->phrases < PHRASES ? (int)t->tree->phrases : PHRASES;

	for (size_t i = 0; i < t->tree->terms; i++)
		t->tree->term[i].n = 0;
	t->tree->steps = FTS_STEPS;
	t->column = FTS_SUBJECT;
	t->words = 0;
	cut_words(t->fts, subject, note_word, t);
	words = (double)t->words;
	t->column = FTS_BODY;
	t->words = 0;
	cut_words(t->fts, body, note_word, t);
	words += (double)t->words;
	if (!fts_query_match(t->arena, t->tree))
		return false;
	for (int i = 0; i < phrases; i++)
		often[i] = (double)t->tree->phrase[i].n;
	*score = score_of(t->fts, often, phrases, words);
	return true;
}
