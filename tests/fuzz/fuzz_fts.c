/*
 * fuzz_fts - our reading of a search expression and SQLite FTS5's are one: what FTS5 refuses, fts_parses refuses, and
 * for what it takes the rows that our own matcher finds are the rows that an FTS5 table finds.
 *
 * The first line of an input is the query; each further line is a message, its subject before the first bar.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz.h"
#include "store/cx.h"
#include "store/fts.h"
#include "store/handle.h"

#define DOCUMENTS 32
#define QUERY_MAX 1024

struct document {
	struct str subject, body;
	bool found; /* by FTS5 */
};

static struct db db;
static sqlite3_stmt *add, *find;

static void
sql(const char *text)
{
	if (sqlite3_exec(db.h, text, NULL, NULL, NULL) != SQLITE_OK) {
		fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(db.h));
		abort();
	}
}

static sqlite3_stmt *
prepared(const char *text)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db.h, text, -1, &s, NULL) != SQLITE_OK)
		abort();
	return s;
}

/* A database in memory with nothing but an index as ours (store/schema). */
static void
begin(void)
{
	if (db.h == NULL) {
		if (sqlite3_open(":memory:", &db.h) != SQLITE_OK)
			abort();
		sql("CREATE VIRTUAL TABLE fts_messages USING fts5 (subject, body, content = '')");
		add = prepared("INSERT INTO fts_messages (rowid, subject, body) VALUES (?1, ?2, ?3)");
		find = prepared("SELECT rowid FROM fts_messages WHERE fts_messages MATCH ?1");
		fts_ready(&db);
	}
	sql("BEGIN");
}

static size_t
read_documents(struct str rest, struct document *out)
{
	struct str line;
	size_t n = 0;

	while (n < DOCUMENTS && str_next(&rest, '\n', &line)) {
		ptrdiff_t bar = str_chr(line, '|');

		out[n].subject = str_sub(line, 0, bar < 0 ? line.n : (size_t)bar);
		out[n].body = bar < 0 ? STR("") : str_sub(line, (size_t)bar + 1, line.n);
		out[n++].found = false;
	}
	return n;
}

static void
index_documents(const struct document *d, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		sqlite3_bind_int64(add, 1, (sqlite3_int64)i + 1);
		sqlite3_bind_text(add, 2, d[i].subject.p, (int)d[i].subject.n, SQLITE_STATIC);
		sqlite3_bind_text(add, 3, d[i].body.p, (int)d[i].body.n, SQLITE_STATIC);
		if (sqlite3_step(add) != SQLITE_DONE)
			abort();
		sqlite3_reset(add);
	}
}

/* False when FTS5 refuses the query, or takes it for a command ("*reads"), which is no search. */
static bool
ask_fts5(struct str query, struct document *d, size_t n)
{
	int rc;

	if (query.n > 0 && query.p[0] == '*')
		return false;
	sqlite3_bind_text(find, 1, query.p, (int)query.n, SQLITE_STATIC);
	while ((rc = sqlite3_step(find)) == SQLITE_ROW) {
		sqlite3_int64 id = sqlite3_column_int64(find, 0);

		if (id < 1 || id > (sqlite3_int64)n)
			abort();
		d[id - 1].found = true;
	}
	sqlite3_reset(find);
	return rc == SQLITE_DONE;
}

static void
compare(struct str query, const struct document *d, size_t n, struct cx *cx)
{
	struct fts_tail *tail = fts_tail_new(cx, query);
	double score;

	for (size_t i = 0; i < n; i++) {
		if (fts_tail_match(tail, d[i].subject, d[i].body, &score) == d[i].found)
			continue;
		fprintf(stderr, "%.*s\n%s finds\n%.*s|%.*s\n", FSTR(query),
		    d[i].found ? "only FTS5" : "only our matcher", FSTR(d[i].subject), FSTR(d[i].body));
		abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct document d[DOCUMENTS];
	struct str rest = { (const char *)p, n }, query;
	struct arena a;
	struct cx cx;
	size_t count;
	bool parses;

	if (n == 0 || n > 8192 || !str_next(&rest, '\n', &query) || query.n > QUERY_MAX)
		return 0;
	begin();
	arena_init(&a, 4096);
	cx_init(&cx, &a, NULL);
	cx.db = &db;
	/* A copy: the end of the query is the end of the memory. */
	query = arena_dup(&a, query);
	count = read_documents(rest, d);
	index_documents(d, count);
	parses = fts_parses(&db, query);
	if (parses != ask_fts5(query, d, count)) {
		fprintf(stderr, "%.*s\nis taken by %s alone\n", FSTR(query), parses ? "fts_parses" : "FTS5");
		abort();
	}
	/* What is refused is never matched, but reading it does no harm either. */
	if (parses)
		compare(query, d, count, &cx);
	else
		(void)fts_tail_new(&cx, query);
	arena_fini(&a);
	sql("ROLLBACK");
	return 0;
}

#define MESSAGES \
	"\napple pie|pear and apple pie\nApple,|pie. apple-pie foo_bar\n|nothing\n\xc3\xa9t\xc3\xa9|ete a b c a b\npie|" \
	"a pie apple apple pie pie"

static const char *const seeds[] = { "apple", "apple pie", "apple OR pear NOT pie", "\"apple pie\" + ap*", "^apple",
	"NEAR(apple pie, 2) AND pear", "NEAR(apple pie pear)", "subject: apple", "body :pie", "{subject body} : pear",
	"- subject : (apple OR pie)", "\"a \"\" pie\" \"...\"", "\xc3\x89t\xc3\xa9",
	"- {body} : NEAR(pie \"apple pie\", 0)", "((a) AND (b OR c)) NOT \"...\"", "a AND", "(a", "\"a", "importance:x",
	"it's", "a/b", "NEAR", "NOT", "a b c OR *", "*reads" };

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	char seed[1024];

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		int n = snprintf(seed, sizeof(seed), "%s%s", seeds[i], MESSAGES);

		put(arg, seed, (size_t)n);
	}
}
