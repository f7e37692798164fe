/*
 * stmt - SQL statements: one row of stmt.def each, prepared once per handle.
 *
 * Use: s = stmt_get(cx->db, STMT_X); stmt_bind_...; while ((rc = stmt_step(cx, s)) > 0) ...;
 * stmt_done(s); if (rc < 0) return -1. Parameters and columns count from 1 and
 * from 0, as in SQLite. Between stmt_get and stmt_done a statement belongs to
 * the one that got it: getting it a second time in between is a panic.
 */
#ifndef STORE_STMT_H
#define STORE_STMT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct cx;
struct db;
struct stmt;

enum stmt_id {
#define STMT(id, flags, sql) STMT_##id,
#include "store/stmt.def"
#undef STMT
	STMT_COUNT
};

/* Never NULL: SQL that does not prepare is a panic (a unit test prepares all rows). */
struct stmt *stmt_get(struct db *db, enum stmt_id id);
/*
 * A statement that exists for this call only, for SQL whose shape depends on
 * the request (search facets). Text is never built from values: bind them.
 * stmt_done ends it.
 */
struct stmt *stmt_adhoc(struct db *db, struct str sql);

/* Parameter ?i, from 1. Bind all before the first step; what fails shows there. */
void stmt_bind_int(struct stmt *s, int i, int64_t v);
void stmt_bind_double(struct stmt *s, int i, double v);
void stmt_bind_str(struct stmt *s, int i, struct str v); /* borrowed until stmt_done; absent binds NULL */
void stmt_bind_blob(struct stmt *s, int i, struct str v);
void stmt_bind_null(struct stmt *s, int i);
void stmt_bind_time(struct stmt *s, int i, int64_t us); /* 0 binds NULL */

/* 1 a row, 0 finished, -1 failed (recorded in cx: DATABASE_ERROR, TIMEOUT past the deadline, CONFLICT on a unique key). */
int stmt_step(struct cx *cx, struct stmt *s);
int64_t stmt_int(struct stmt *s, int col); /* NULL gives 0 */
double stmt_double(struct stmt *s, int col);
bool stmt_null(struct stmt *s, int col);
struct str stmt_str(struct stmt *s, int col, struct arena *a); /* copied into a; NULL gives STR_NONE */
struct str stmt_peek(struct stmt *s, int col);                 /* borrowed until the next step */
void stmt_done(struct stmt *s);

/* Steps to the end and ends it, for statements without rows: 0, or -1 as above. */
int stmt_run(struct cx *cx, struct stmt *s);
/* First column of the first row: 1 found, 0 no row, -1 failed; ends it. */
int stmt_run_int(struct cx *cx, struct stmt *s, int64_t *out);

/* The row of stmt.def, for tests and messages. */
const char *stmt_name(enum stmt_id id);
struct str stmt_sql(enum stmt_id id);
bool stmt_may_scan(enum stmt_id id);

/* The id of the last INSERT, and the number of rows of the last INSERT, UPDATE or DELETE. */
int64_t db_last_id(struct db *db);
int64_t db_changes(struct db *db);
/* Rows changed since the handle was opened, inside virtual tables, too. */
int64_t db_total_changes(struct db *db);

#endif
