/*
 * migrate - brings the schema to the newest numbered step.
 *
 * Every process that opens the database for writing calls it: whoever comes
 * first does the work, the others find nothing left. Each step is one
 * transaction together with its number, so that a kill leaves whole steps.
 */
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "ipc/gate.h"
#include "store/handle.h"
#include "store/schema.h"

/* A big step may rewrite tables while others wait. */
#define MIGRATE_WAIT_US (INT64_C(60) * USEC)

static int
make_store_row(struct db *db)
{
	uint64_t id[2];
	char sql[160];

	rng_bytes(id, sizeof(id));
	snprintf(sql, sizeof(sql),
	    "INSERT OR IGNORE INTO store (id, store_id, created_ts) VALUES (1, '%016llx%016llx', %lld)",
	    (unsigned long long)id[0], (unsigned long long)id[1], (long long)clock_wall_us());
	return handle_exec(db, sql);
}

static int
run_step(struct db *db, const struct schema_step *step)
{
	char sql[96];
	int rc = handle_exec(db, step->sql);

	if (rc == SQLITE_OK)
		rc = make_store_row(db);
	if (rc != SQLITE_OK)
		return rc;
	snprintf(
	    sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d", DB_APPLICATION_ID, step->number);
	return handle_exec(db, sql);
}

/* Runs the step if it is still missing, which is looked at again under the write lock. */
static int
step_once(struct db *db, const struct schema_step *step)
{
	int64_t version;
	int rc = handle_exec(db, "BEGIN IMMEDIATE");

	if (rc != SQLITE_OK)
		return rc;
	rc = handle_int(db, "PRAGMA user_version", 0, &version);
	if (rc == SQLITE_OK && version < step->number) {
		rc = run_step(db, step);
		if (rc == SQLITE_OK)
			log_info("schema step %d applied", step->number);
	}
	if (rc == SQLITE_OK)
		rc = handle_exec(db, "COMMIT");
	if (!sqlite3_get_autocommit(db->h))
		handle_exec(db, "ROLLBACK");
	return rc;
}

int
db_migrate(struct db *db, struct gate *gate, struct arena *a, struct str *why)
{
	bool taken = gate != NULL && gate_take(gate, MIGRATE_WAIT_US);
	int rc = SQLITE_OK;

	/* Without the gate SQLite's own lock still keeps two of us apart. */
	db->busy_us = MIGRATE_WAIT_US;
	for (const struct schema_step *s = schema_steps; s->sql != NULL && rc == SQLITE_OK; s++) {
		rc = step_once(db, s);
		if (rc != SQLITE_OK)
			*why = arena_printf(a, "schema step %d: %s", s->number, sqlite3_errmsg(db->h));
	}
	db->busy_us = DB_BUSY_US;
	if (taken)
		gate_give(gate);
	return rc == SQLITE_OK ? 0 : -1;
}
