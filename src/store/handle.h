/*
 * handle - what a struct db and a struct stmt are, for the files of store/ alone.
 */
#ifndef STORE_HANDLE_H
#define STORE_HANDLE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/fail.h"
#include "store/db.h"
#include "store/stmt.h"

struct fts;

#define DB_MAGIC 0x61676462u

/* How long SQLite's own lock is waited for: a net for those who did not ask the gate. */
#define DB_BUSY_US INT64_C(2000000)

struct stmt {
	struct db *db;
	sqlite3_stmt *p; /* NULL when preparing failed with rc */
	int rc;
	bool busy;  /* between stmt_get and stmt_done */
	bool adhoc; /* freed by stmt_done */
};

struct db {
	unsigned magic;
	sqlite3 *h;
	enum db_mode mode;
	int64_t deadline;       /* of the operation that steps; monotonic, 0 for never */
	int64_t busy_us;        /* how long the busy handler waits */
	int64_t busy_since;     /* monotonic start of the wait it is in */
	int64_t outbox_low;     /* an id at or below every outbox row, for the cheap bound */
	int64_t outbox_recount; /* monotonic time from which a full outbox is counted again */
	char store_id[33];
	struct fts *fts; /* made by fts_ready */
	struct stmt cache[STMT_COUNT];
};

/* Records in cx what the result code of a call on db means to the one who asked; returns -1. */
int handle_fail(struct cx *cx, struct db *db, int rc);
/* Runs a cached statement without parameters and rows; a SQLite result code, SQLITE_OK when done. */
int handle_run(struct db *db, enum stmt_id id);
/* One-off SQL text, for pragmas and schema steps; a SQLite result code. */
int handle_exec(struct db *db, const char *sql);
/* First column of the first row as integer; `none` without a row. A SQLite result code. */
int handle_int(struct db *db, const char *sql, int64_t none, int64_t *out);

#endif
