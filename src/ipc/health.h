/*
 * health - the one verdict on how the daemon is, and whether it can serve.
 *
 * Facts go in, a table of checks comes out; nothing here looks at a database or a disk. Who has a database open looks
 * (store/health_look.h) and publishes what it saw in the shared segment, for those who have none, as the master. Said by
 * /ready, /health/readiness and their like, by the tooling resources and by `agentmail ctl status`.
 */
#ifndef IPC_HEALTH_H
#define IPC_HEALTH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"
#include "base/str.h"

struct shm;
struct slot;

enum health_level { HEALTH_OK, HEALTH_DEGRADED, HEALTH_BROKEN };
enum health_archiver { ARCHIVER_NONE, ARCHIVER_DOWN, ARCHIVER_UP }; /* none: this is no daemon */
enum health_check_id { HEALTH_DATABASE, HEALTH_WRITES, HEALTH_DESCRIPTORS, HEALTH_DISK, HEALTH_ARCHIVE, HEALTH_CHECKS };

struct health_facts {
	/* Seen by who has the database open: how long ago, microseconds; HEALTH_NEVER when nobody has looked yet. */
	int64_t age_us;
	bool database;                       /* it answered */
	struct str database_why;             /* why not; absent when unknown */
	int64_t waiting, waiting_max;        /* changes that wait for the archive, and how many may */
	int64_t disk_age_us;                 /* how long ago the disks were looked at, or HEALTH_NEVER */
	int64_t disk_database, disk_archive; /* bytes free, -1 unknown */
	/* From the scoreboard. */
	enum health_archiver archiver;
	int64_t lag_us;       /* age of the oldest change that Git has not */
	int descriptors_free; /* percent, of the worker that has least */
};
#define HEALTH_NEVER (-1)

struct health_check {
	const char *name; /* "database" */
	enum health_level level;
	bool unready;       /* no request should be sent here */
	const char *word;   /* "refused", NULL when fine */
	char words[200];    /* a sentence about it, "" when fine */
	const char *remedy; /* what to do about it, NULL when fine */
};

struct health {
	enum health_level level; /* the worst of the checks */
	bool ready;
	struct health_check check[HEALTH_CHECKS];
};

/* What the segment says at `now` (clock_mono_us): the facts of the scoreboard, and those that were published last. */
void health_from_shm(struct shm *shm, int64_t now, struct health_facts *out);
/* Publishes what was seen at `now` of database and queue, and of the disks if that was now (disk_age_us == 0). */
void health_publish(struct shm *shm, int64_t now, const struct health_facts *facts);
/* A worker's descriptors, in its slot. */
void health_publish_descriptors(struct slot *slot, int percent_free);

/* The one verdict: each check on these facts, and what follows from them; reads nothing else. */
void health_judge(const struct health_facts *facts, struct health *out);
/* Sentence of the first check that makes it unready; "" when it is ready. */
const char *health_why_unready(const struct health *h);
/* ok, degraded, broken. */
const char *health_level_word(enum health_level level);
/* How little is free on the fuller of both disks: 0 enough, 1 low, 2 critical, 3 full. */
int health_disk_pressure(const struct health_facts *facts);
/* Share of the queue that is taken, percent. */
int64_t health_waiting_percent(const struct health_facts *facts);
/* "health": {level, ready, checks: [{name, level, words, remedy}, ...]} by what was published: for who cannot look. */
void health_write_published(struct shm *shm, int64_t now, struct jw *w);

/* What shm.c lays out. */
struct health_board;
size_t health_board_size(void);
void health_board_init(struct health_board *b);

#endif
