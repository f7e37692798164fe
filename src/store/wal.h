/*
 * wal - moving the write-ahead log into the database file. The keeper's work alone.
 */
#ifndef STORE_WAL_H
#define STORE_WAL_H

#include <stdint.h>

struct conf;
struct db;

enum wal_mode {
	WAL_PASSIVE,  /* moves what it can, waits for nobody */
	WAL_TRUNCATE, /* moves all and empties the file; writers must be kept out meanwhile */
};

struct wal_result {
	int frames; /* pages in the log */
	int moved;  /* of them in the database file now */
};

/* 1 done, 0 somebody is in the way, -1 failed (logged). `out` may be NULL. */
int wal_checkpoint(struct db *db, enum wal_mode mode, struct wal_result *out);
/* Size of the log file, 0 without one. */
int64_t wal_bytes(const struct conf *conf);

#endif
