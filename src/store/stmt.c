/*
 * stmt - prepared statements of one handle, and what SQLite's result codes mean to a caller.
 *
 * Called by all of mail/ and by store/ itself. SQL text lives in stmt.def.
 */
#include "store/stmt.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "store/cx.h"
#include "store/handle.h"

static const struct {
	const char *name;
	unsigned flags;
	struct str sql;
} rows[STMT_COUNT] = {
#define STMT(id, flags, sql) { #id, flags, LIT(sql) },
#include "store/stmt.def"
#undef STMT
};

/* The flag S of stmt.def. */
#define MAY_SCAN 4

static void
prepare(struct stmt *s, struct str sql, const char *name, unsigned flags)
{
	s->rc = sqlite3_prepare_v3(s->db->h, sql.p, (int)sql.n, flags, &s->p, NULL);
	/* Anything but an error in the SQL text may pass: locked, disk, memory. stmt_step reports it. */
	if ((s->rc & 0xff) == SQLITE_ERROR || (s->rc & 0xff) == SQLITE_MISUSE)
		log_panic("statement %s: %s", name, sqlite3_errmsg(s->db->h));
	if (s->rc != SQLITE_OK)
		s->p = NULL;
}

struct stmt *
stmt_get(struct db *db, enum stmt_id id)
{
	struct stmt *s = &db->cache[id];

	must(db->magic == DB_MAGIC);
	if (s->busy)
		log_panic("statement %s: got twice", rows[id].name);
	s->db = db;
	if (s->p == NULL)
		prepare(s, rows[id].sql, rows[id].name, SQLITE_PREPARE_PERSISTENT);
	s->busy = true;
	return s;
}

struct stmt *
stmt_adhoc(struct db *db, struct str sql)
{
	struct stmt *s = calloc(1, sizeof(*s));

	if (s == NULL)
		log_panic("out of memory");
	s->db = db;
	s->busy = s->adhoc = true;
	prepare(s, sql, "adhoc", 0);
	return s;
}

static void
bound(struct stmt *s, int rc)
{
	if (s->p == NULL)
		return;
	if ((rc & 0xff) == SQLITE_NOMEM || (rc & 0xff) == SQLITE_TOOBIG)
		s->rc = rc;
	else if (rc != SQLITE_OK)
		log_panic("bind: %s in: %s", sqlite3_errstr(rc), sqlite3_sql(s->p));
}

void
stmt_bind_int(struct stmt *s, int i, int64_t v)
{
	bound(s, sqlite3_bind_int64(s->p, i, v));
}

void
stmt_bind_double(struct stmt *s, int i, double v)
{
	bound(s, sqlite3_bind_double(s->p, i, v));
}

void
stmt_bind_str(struct stmt *s, int i, struct str v)
{
	bound(s, sqlite3_bind_text64(s->p, i, v.p, v.n, SQLITE_STATIC, SQLITE_UTF8));
}

void
stmt_bind_blob(struct stmt *s, int i, struct str v)
{
	bound(s, sqlite3_bind_blob64(s->p, i, v.p, v.n, SQLITE_STATIC));
}

void
stmt_bind_null(struct stmt *s, int i)
{
	bound(s, sqlite3_bind_null(s->p, i));
}

void
stmt_bind_time(struct stmt *s, int i, int64_t us)
{
	if (us == 0)
		stmt_bind_null(s, i);
	else
		stmt_bind_int(s, i, us);
}

/*
 * Only ENOSPC gives SQLITE_FULL. Quota and file size limits come as a failed
 * write, and the errno of the WAL is lost by then.
 */
static bool
no_space(int rc)
{
	return (rc & 0xff) == SQLITE_FULL || rc == SQLITE_IOERR_WRITE || rc == SQLITE_IOERR_SHMSIZE;
}

int
handle_fail(struct cx *cx, struct db *db, int rc)
{
	int basic = rc & 0xff;

	if (basic == SQLITE_INTERRUPT)
		return fail(cx, ERR_TIMEOUT, "The database did not finish in time; try again, or ask for less.");
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY || rc == SQLITE_CONSTRAINT_ROWID)
		return fail(cx, ERR_CONFLICT, "A row with this key exists already.");
	if (basic == SQLITE_BUSY || basic == SQLITE_LOCKED)
		return fail(cx, ERR_RESOURCE_BUSY, "Another program holds the database; try again.");
	if (no_space(rc)) {
		log_error("database: no space left: %s (%d)", sqlite3_errmsg(db->h), rc);
		return fail(cx, ERR_RESOURCE_EXHAUSTED,
		    "The server's disk is full or refuses to be written: nothing was stored. Try again when space has been made.");
	}
	if (basic == SQLITE_TOOBIG)
		return fail(cx, ERR_RESOURCE_EXHAUSTED, "A value is too big to be stored.");
	log_error("database: %s (%d)", sqlite3_errmsg(db->h), rc);
	return fail(cx, ERR_DATABASE_ERROR, "The database failed (%s); nothing was stored.", sqlite3_errstr(rc));
}

int
stmt_step(struct cx *cx, struct stmt *s)
{
	int rc = s->rc;

	must(s->busy);
	if (rc == SQLITE_OK) {
		s->db->deadline = cx->deadline;
		rc = sqlite3_step(s->p);
		s->db->deadline = 0;
	}
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return handle_fail(cx, s->db, rc);
}

int64_t
stmt_int(struct stmt *s, int col)
{
	return sqlite3_column_int64(s->p, col);
}

double
stmt_double(struct stmt *s, int col)
{
	return sqlite3_column_double(s->p, col);
}

bool
stmt_null(struct stmt *s, int col)
{
	return sqlite3_column_type(s->p, col) == SQLITE_NULL;
}

struct str
stmt_peek(struct stmt *s, int col)
{
	struct str v = STR_NONE;
	int type = sqlite3_column_type(s->p, col);

	if (type == SQLITE_NULL)
		return v;
	v.p = type == SQLITE_BLOB ? sqlite3_column_blob(s->p, col) : (const char *)sqlite3_column_text(s->p, col);
	v.n = (size_t)sqlite3_column_bytes(s->p, col);
	/* An empty blob is no address; running out of memory is one of none either. */
	if (v.p == NULL)
		v = STR("");
	return v;
}

struct str
stmt_str(struct stmt *s, int col, struct arena *a)
{
	return arena_dup(a, stmt_peek(s, col));
}

void
stmt_done(struct stmt *s)
{
	must(s->busy);
	s->busy = false;
	if (s->adhoc) {
		sqlite3_finalize(s->p);
		free(s);
		return;
	}
	if (s->p != NULL) {
		sqlite3_reset(s->p);
		sqlite3_clear_bindings(s->p);
	}
	s->rc = SQLITE_OK;
}

int
stmt_run(struct cx *cx, struct stmt *s)
{
	int rc;

	while ((rc = stmt_step(cx, s)) > 0)
		;
	stmt_done(s);
	return rc;
}

int
stmt_run_int(struct cx *cx, struct stmt *s, int64_t *out)
{
	int rc = stmt_step(cx, s);

	if (rc > 0)
		*out = stmt_int(s, 0);
	stmt_done(s);
	return rc;
}

int
handle_run(struct db *db, enum stmt_id id)
{
	struct stmt *s = stmt_get(db, id);
	int rc = s->p != NULL ? sqlite3_step(s->p) : s->rc;

	/* Reset first: a statement that still runs would keep its locks. */
	stmt_done(s);
	return rc == SQLITE_DONE || rc == SQLITE_ROW ? SQLITE_OK : rc;
}

const char *
stmt_name(enum stmt_id id)
{
	return rows[id].name;
}

struct str
stmt_sql(enum stmt_id id)
{
	return rows[id].sql;
}

bool
stmt_may_scan(enum stmt_id id)
{
	return (rows[id].flags & MAY_SCAN) != 0;
}
