/*
 * wal - one checkpoint in the mode asked for, and the size of the log. Called by the keeper alone.
 */
#include "store/wal.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/log.h"
#include "conf/conf.h"
#include "store/handle.h"

/* How long TRUNCATE waits for readers while writers are kept out. */
#define TRUNCATE_WAIT_US 2000

int
wal_checkpoint(struct db *db, enum wal_mode mode, struct wal_result *out)
{
	struct wal_result r = { -1, -1 };
	int rc;

	db->busy_us = TRUNCATE_WAIT_US;
	rc = sqlite3_wal_checkpoint_v2(db->h, "main",
	    mode == WAL_PASSIVE ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_TRUNCATE, &r.frames, &r.moved);
	db->busy_us = DB_BUSY_US;
	/* -1 stands for "not known": nothing to do. */
	if (out != NULL)
		*out = (struct wal_result){ r.frames < 0 ? 0 : r.frames, r.moved < 0 ? 0 : r.moved };
	if (rc == SQLITE_OK)
		return 1;
	if ((rc & 0xff) == SQLITE_BUSY || (rc & 0xff) == SQLITE_LOCKED)
		return 0;
	log_error("checkpoint: %s", sqlite3_errmsg(db->h));
	return -1;
}

int64_t
wal_bytes(const struct conf *conf)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%" PRIstr "-wal", FSTR(conf->database));
	return stat(path, &st) == 0 ? st.st_size : 0;
}
