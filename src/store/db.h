/*
 * db - one SQLite handle on the mail database.
 *
 * Opened after fork only, never kept over one. Only store/ includes
 * <sqlite3.h>. A handle belongs to one process.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arena;
struct conf;
struct cx;
struct db;
struct gate;

enum db_mode { DB_READ, DB_WRITE };

#define DB_APPLICATION_ID 0x41474d4c /* "AGML" */

/*
 * Opens conf->database. NULL with *why set (allocated in `a`) when it cannot be
 * opened, is not ours (decision 3.45) or is newer than this program.
 * DB_WRITE creates the file (its directory exists); migrations are db_migrate's
 * work. DB_READ wants an up-to-date schema. Statements stop with TIMEOUT past
 * the deadline of the cx they are stepped with.
 */
struct db *db_open(const struct conf *conf, enum db_mode mode, struct arena *a, struct str *why);
/* Brings the schema up to date under the gate (may be NULL); 0, or -1 with *why. */
int db_migrate(struct db *db, struct gate *gate, struct arena *a, struct str *why);
void db_close(struct db **db);
/* True if opened with DB_WRITE: mail/ asks before it notes what a read must not write (decision 3.59). */
bool db_writable(const struct db *db);
/* Identity of this store: 16 random bytes in hex, made with the database (decision 3.44). */
struct str db_store_id(struct db *db);
/* Opened with DB_WRITE: what may be written is written inside a transaction (store/txn.h). */
bool db_writable(const struct db *db);
/* PRAGMA data_version: a number that changes when another handle has committed. */
int64_t db_data_version(struct db *db);

#endif
