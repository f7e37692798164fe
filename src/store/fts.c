/*
 * fts - see fts.h. Called by mail/search.
 */
#include "store/fts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "store/cx.h"
#include "store/handle.h"

/* Phrases that are weighed; further ones do not change the order. */
#define PHRASES 32
/* Rows that are counted per phrase. */
#define COUNT_MAX 4096
/* Parameters of Okapi BM25, as SQLite has them. */
#define K1 1.2
#define B 0.75

struct fts {
	sqlite3 *mem;                  /* the tail */
	sqlite3_stmt *add, *match, *match_rank, *parse, *weigh;
	bool filled;                   /* a transaction is open in mem */
	bool weighing_tail;
	/* Of the query weighed last. */
	int phrases;
	double idf[PHRASES];
	double average;                /* words in a row */
	int64_t indexed, newest;       /* highest ids */
};

struct counting {
	int64_t rows;
	sqlite3_int64 at;              /* row where counting stopped */
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

/* Rows that hold phrase i: counted, or extrapolated from where COUNT_MAX of them lie. */
static double
rows_with(const Fts5ExtensionApi *api, Fts5Context *fts, const struct fts *f, int i, double all)
{
	struct counting c = { .rows = 0, .at = 0 };
	double n;

	if (api->xQueryPhrase(fts, i, &c, count_row) != SQLITE_OK)
		return all;
	n = (double)c.rows;
	if (c.at > 0 && f->indexed > c.at)
		n *= (double)f->indexed / (double)c.at;
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
	/* The tail holds only rows that may match: all of them would make every word look common. */
	if (f->weighing_tail && rows < f->newest)
		rows = f->newest;
	for (int i = 0; i < f->phrases; i++) {
		double n = rows_with(api, fts, f, i, (double)rows);

		f->idf[i] = log(((double)rows - n + 0.5) / (n + 0.5));
		/* A phrase in more than half of all rows: next to nothing, but never against the row. */
		if (!(f->idf[i] > 1e-6))
			f->idf[i] = 1e-6;
	}
	sqlite3_result_int(ctx, f->phrases);
}

/* am_rank(fts_messages) - the score of the row. */
static void
sql_rank(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	struct fts *f = api->xUserData(fts);
	double often[PHRASES] = { 0 }, score = 0, norm;
	int n = 0, phrase, column, at, words = 0;

	if (api->xInstCount(fts, &n) != SQLITE_OK)
		n = 0;
	for (int i = 0; i < n; i++)
		if (api->xInst(fts, i, &phrase, &column, &at) == SQLITE_OK && phrase < f->phrases)
			often[phrase]++;
	api->xColumnSize(fts, -1, &words);
	norm = K1 * (1 - B + B * words / f->average);
	for (int i = 0; i < f->phrases; i++)
		score += f->idf[i] * often[i] * (K1 + 1) / (often[i] + norm);
	sqlite3_result_double(ctx, score);
}

static void
add_functions(sqlite3 *h, struct fts *f)
{
	fts5_api *api = NULL;
	sqlite3_stmt *s = NULL;

	if (sqlite3_prepare_v2(h, "SELECT fts5(?1)", -1, &s, NULL) == SQLITE_OK &&
	    sqlite3_bind_pointer(s, 1, &api, "fts5_api_ptr", NULL) == SQLITE_OK)
		sqlite3_step(s);
	sqlite3_finalize(s);
	if (api == NULL || api->xCreateFunction(api, "am_rank", f, sql_rank, NULL) != SQLITE_OK ||
	    api->xCreateFunction(api, "am_weigh", f, sql_weigh, NULL) != SQLITE_OK)
		log_panic("SQLite without FTS5: %s", sqlite3_errmsg(h));
}

static sqlite3_stmt *
prepared(struct fts *f, const char *sql)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v3(f->mem, sql, -1, SQLITE_PREPARE_PERSISTENT, &s, NULL) != SQLITE_OK)
		log_panic("%s: %s", sql, sqlite3_errmsg(f->mem));
	return s;
}

#define MATCH "FROM fts_messages WHERE fts_messages MATCH ?1 "

void
fts_ready(struct db *db)
{
	struct fts *f;

	if (db->fts != NULL)
		return;
	f = calloc(1, sizeof(*f));
	if (f == NULL || sqlite3_open_v2(":memory:", &f->mem, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		log_panic("out of memory");
	db->fts = f;
	add_functions(db->h, f);
	add_functions(f->mem, f);
	if (sqlite3_exec(f->mem, "CREATE VIRTUAL TABLE fts_messages USING fts5 (subject, body, content = '')", NULL, NULL,
	        NULL) != SQLITE_OK)
		log_panic("tail: %s", sqlite3_errmsg(f->mem));
	f->add = prepared(f, "INSERT INTO fts_messages (rowid, subject, body) VALUES (?1, ?2, ?3)");
	f->match = prepared(f, "SELECT rowid, 0.0 " MATCH "ORDER BY rowid DESC");
	f->match_rank = prepared(f, "SELECT rowid, am_rank(fts_messages) " MATCH "ORDER BY rowid DESC");
	f->weigh = prepared(f, "SELECT am_weigh(fts_messages) " MATCH "LIMIT 1");
	f->parse = prepared(f, "SELECT 1 " MATCH "LIMIT 1");
}

void
fts_free(struct fts **fp)
{
	struct fts *f = *fp;

	if (f == NULL)
		return;
	sqlite3_finalize(f->add);
	sqlite3_finalize(f->match);
	sqlite3_finalize(f->match_rank);
	sqlite3_finalize(f->weigh);
	sqlite3_finalize(f->parse);
	sqlite3_close(f->mem);
	free(f);
	*fp = NULL;
}

static void
bind_query(sqlite3_stmt *s, struct str query)
{
	sqlite3_bind_text(s, 1, query.p, (int)query.n, SQLITE_STATIC);
}

static int
done(sqlite3_stmt *s, int rc)
{
	sqlite3_reset(s);
	sqlite3_clear_bindings(s);
	return rc;
}

bool
fts_parses(struct db *db, struct str query)
{
	int rc;

	bind_query(db->fts->parse, query);
	rc = done(db->fts->parse, sqlite3_step(db->fts->parse));
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

int
fts_weigh(struct cx *cx, struct str query, int64_t indexed, int64_t newest)
{
	/* Not in stmt.def: it prepares only where fts_ready has made its function known. */
	struct stmt *s = stmt_adhoc(cx->db, STR("SELECT am_weigh(fts_messages) " MATCH "LIMIT 1"));

	/* Without a match in the index the tail weighs by itself. */
	cx->db->fts->phrases = 0;
	cx->db->fts->indexed = indexed;
	cx->db->fts->newest = newest;
	stmt_bind_str(s, 1, query);
	return stmt_run(cx, s);
}

static int
tail_fail(struct cx *cx, struct fts *f)
{
	return fail(cx, ERR_DATABASE_ERROR, "The search could not look through the newest messages: %s.",
	    sqlite3_errmsg(f->mem));
}

int
fts_tail_add(struct cx *cx, int64_t id, struct str subject, struct str body)
{
	struct fts *f = cx->db->fts;

	if (!f->filled && sqlite3_exec(f->mem, "BEGIN", NULL, NULL, NULL) != SQLITE_OK)
		return tail_fail(cx, f);
	f->filled = true;
	sqlite3_bind_int64(f->add, 1, id);
	sqlite3_bind_text(f->add, 2, subject.p, (int)subject.n, SQLITE_STATIC);
	sqlite3_bind_text(f->add, 3, body.p, (int)body.n, SQLITE_STATIC);
	return done(f->add, sqlite3_step(f->add)) == SQLITE_DONE ? 0 : tail_fail(cx, f);
}

static void
weigh_tail(struct fts *f, struct str query)
{
	f->weighing_tail = true;
	bind_query(f->weigh, query);
	done(f->weigh, sqlite3_step(f->weigh));
	f->weighing_tail = false;
}

int
fts_tail_match(struct cx *cx, struct str query, bool rank, fts_hit_fn *fn, void *arg)
{
	struct fts *f = cx->db->fts;
	sqlite3_stmt *s = rank ? f->match_rank : f->match;
	int rc = SQLITE_DONE;

	if (!f->filled)
		return 0;
	if (rank && f->phrases == 0)
		weigh_tail(f, query);
	bind_query(s, query);
	while ((rc = sqlite3_step(s)) == SQLITE_ROW)
		if (!fn(sqlite3_column_int64(s, 0), sqlite3_column_double(s, 1), arg))
			break;
	done(s, rc);
	sqlite3_exec(f->mem, "ROLLBACK", NULL, NULL, NULL);
	f->filled = false;
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : tail_fail(cx, f);
}
