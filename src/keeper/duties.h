/*
 * duties - the keeper's clock work: one row each, run by its own timer.
 */
#ifndef KEEPER_DUTIES_H
#define KEEPER_DUTIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conf;
struct cx;
struct db;
struct gate;

struct duty {
	const char *name; /* for the log */
	/* One short piece: 1 when there may be more, 0 when all is done, -1 with cx->fail. cx->db reads. */
	int (*run)(struct db *db, struct gate *gate, struct cx *cx);
	bool (*wanted)(const struct conf *conf); /* NULL: always */
	int64_t (*every_us)(const struct conf *conf);
	int64_t first_us; /* after the start */
};

#define DUTIES_MAX 16
/* Ended by a row without name; at most DUTIES_MAX. */
extern const struct duty duties[];

#endif
