/*
 * db - opens the mail database and checks that it is ours.
 *
 * Called by every process that touches mail, after fork. Nothing is written
 * before the file has been recognised: somebody else's database stays as it
 * was (decision 3.45).
 */
#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/fts.h"
#include "store/handle.h"
#include "store/schema.h"

/* Virtual machine steps between two looks at the clock: about 20 us of work. */
#define PROGRESS_STEPS 1000

static int
on_progress(void *arg)
{
	struct db *db = arg;

	return db->deadline != 0 && clock_mono_us() >= db->deadline;
}

/* Sleeps in short even steps: SQLite's own handler ends in steps of 100 ms, and whoever sleeps longest starves. */
static int
on_busy(void *arg, int calls)
{
	struct db *db = arg;
	int64_t now = clock_mono_us();
	struct timespec step = { 0, 500000 };

	if (calls == 0)
		db->busy_since = now;
	if (now - db->busy_since >= db->busy_us)
		return 0;
	if (db->deadline != 0 && now >= db->deadline)
		return 0;
	nanosleep(&step, NULL);
	return 1;
}

int
handle_exec(struct db *db, const char *sql)
{
	return sqlite3_exec(db->h, sql, NULL, NULL, NULL);
}

int
handle_int(struct db *db, const char *sql, int64_t none, int64_t *out)
{
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(db->h, sql, -1, &s, NULL);

	*out = none;
	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW && sqlite3_column_type(s, 0) != SQLITE_NULL)
		*out = sqlite3_column_int64(s, 0);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static int
load_store_id(struct db *db)
{
	sqlite3_stmt *s;
	int rc = sqlite3_prepare_v2(db->h, "SELECT store_id FROM store WHERE id = 1", -1, &s, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW && sqlite3_column_bytes(s, 0) == (int)sizeof(db->store_id) - 1)
		memcpy(db->store_id, sqlite3_column_text(s, 0), sizeof(db->store_id) - 1);
	sqlite3_finalize(s);
	return rc == SQLITE_ROW ? SQLITE_OK : rc == SQLITE_DONE ? SQLITE_CORRUPT : rc;
}

static int
newest_step(void)
{
	int n = 0;

	for (const struct schema_step *s = schema_steps; s->sql != NULL; s++)
		n = s->number;
	return n;
}

static bool
say_sqlite(struct db *db, struct arena *a, const char *path, struct str *why)
{
	int rc = sqlite3_extended_errcode(db->h);

	if ((rc & 0xff) == SQLITE_NOTADB)
		*why = arena_printf(a, "%s: not a SQLite database; set `database` to another path", path);
	else
		*why = arena_printf(a, "%s: %s", path, sqlite3_errmsg(db->h));
	return false;
}

/* Checks that the database is ours, or empty and about to become ours. Reads only. */
static bool
recognise(struct db *db, const char *path, struct arena *a, struct str *why)
{
	int64_t app, version, tables;

	if (handle_int(db, "SELECT count(*) FROM sqlite_master", 0, &tables) != SQLITE_OK ||
	    handle_int(db, "PRAGMA application_id", 0, &app) != SQLITE_OK ||
	    handle_int(db, "PRAGMA user_version", 0, &version) != SQLITE_OK)
		return say_sqlite(db, a, path, why);
	if (tables > 0 && app != DB_APPLICATION_ID) {
		*why = arena_printf(a,
		    "%s: has tables but was not made by agentmaild; take its mail over with `agentmail import` "
		    "or set `database` to another path",
		    path);
		return false;
	}
	if (version > newest_step()) {
		*why = arena_printf(a,
		    "%s: schema version %lld is newer than this program knows (%d); use the agentmaild that wrote it",
		    path, (long long)version, newest_step());
		return false;
	}
	if (db->mode == DB_READ && version < newest_step()) {
		*why = arena_printf(a,
		    "%s: schema version %lld is older than this program needs (%d); start agentmaild once", path,
		    (long long)version, newest_step());
		return false;
	}
	if (version > 0 && load_store_id(db) != SQLITE_OK)
		return say_sqlite(db, a, path, why);
	return true;
}

/* Turns WAL on. SQLite does not wait for this one: several processes may be starting. */
static int
set_wal(struct db *db)
{
	struct timespec step = { 0, 2000000 };
	int64_t until = clock_mono_us() + DB_BUSY_US;
	int rc;

	do {
		rc = handle_exec(db, "PRAGMA journal_mode = WAL");
		if ((rc & 0xff) != SQLITE_BUSY && (rc & 0xff) != SQLITE_LOCKED)
			return rc;
		nanosleep(&step, NULL);
	} while (clock_mono_us() < until);
	return rc;
}

static bool
set_pragmas(struct db *db, const struct conf *conf)
{
	char sql[512];

	snprintf(sql, sizeof(sql),
	    "PRAGMA synchronous = %s; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0;"
	    "PRAGMA cache_size = -%lld; PRAGMA mmap_size = %lld; PRAGMA temp_store = MEMORY; PRAGMA query_only = %s",
	    conf->durability == DURABILITY_PROCESS ? "NORMAL" : "FULL", (long long)(conf->db_cache / 1024),
	    (long long)conf->db_mmap, db->mode == DB_READ ? "ON" : "OFF");
	return handle_exec(db, sql) == SQLITE_OK;
}

/* Makes the file with its mode; an existing one is not opened, since closing it would drop this process's locks. */
static bool
create_file(const char *path, struct arena *a, struct str *why)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd >= 0)
		close(fd);
	else if (errno != EEXIST) {
		*why = arena_printf(a, "%s: cannot make the database: %s", path, strerror(errno));
		return false;
	}
	return true;
}

struct db *
db_open(const struct conf *conf, enum db_mode mode, struct arena *a, struct str *why)
{
	const char *path = arena_cstr(a, conf->database);
	struct db *db;
	int rc;

	/* Refused by SQLite once it runs, which is as well: one thread a process, and nobody reads its memory statistics. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (mode == DB_WRITE && !create_file(path, a, why))
		return NULL;
	db = calloc(1, sizeof(*db));
	if (db == NULL)
		log_panic("out of memory");
	db->magic = DB_MAGIC;
	db->mode = mode;
	db->busy_us = DB_BUSY_US;
	/* A reader of a WAL database must be able to write the -shm file: query_only keeps it from writing mail. */
	rc = sqlite3_open_v2(path, &db->h, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		*why = arena_printf(a, "%s: %s", path, db->h != NULL ? sqlite3_errmsg(db->h) : sqlite3_errstr(rc));
		db_close(&db);
		return NULL;
	}
	sqlite3_extended_result_codes(db->h, 1);
	sqlite3_busy_handler(db->h, on_busy, db);
	sqlite3_progress_handler(db->h, PROGRESS_STEPS, on_progress, db);
	if (!recognise(db, path, a, why)) {
		db_close(&db);
		return NULL;
	}
	if ((mode == DB_WRITE && set_wal(db) != SQLITE_OK) || !set_pragmas(db, conf)) {
		say_sqlite(db, a, path, why);
		db_close(&db);
	}
	return db;
}

void
db_close(struct db **dbp)
{
	struct db *db = *dbp;

	if (db == NULL)
		return;
	must(db->magic == DB_MAGIC);
	for (size_t i = 0; i < STMT_COUNT; i++)
		sqlite3_finalize(db->cache[i].p);
	fts_free(&db->fts);
	sqlite3_close_v2(db->h);
	db->magic = 0;
	free(db);
	*dbp = NULL;
}

bool
db_writable(const struct db *db)
{
	return db->mode == DB_WRITE;
}

struct str
db_store_id(struct db *db)
{
	if (db->store_id[0] == '\0' && load_store_id(db) != SQLITE_OK)
		log_panic("database without store id: %s", sqlite3_errmsg(db->h));
	return str_c(db->store_id);
}

int64_t
db_data_version(struct db *db)
{
	int64_t v;

	handle_int(db, "PRAGMA data_version", 0, &v);
	return v;
}

int64_t
db_last_id(struct db *db)
{
	return sqlite3_last_insert_rowid(db->h);
}

int64_t
db_changes(struct db *db)
{
	return sqlite3_changes64(db->h);
}

int64_t
db_total_changes(struct db *db)
{
	return sqlite3_total_changes64(db->h);
}
