/*
 * kind - what the kinds of helper queries have in common: a name, and how many may run at once and for how long.
 *
 * The helper's loop reads the limits to start children, a worker reads them to know how long to wait. Each kind has a
 * file of its own beside this one, which both sides use: the query, its result, and how the two are written and read.
 */
#ifndef IPC_QUERY_KIND_H
#define IPC_QUERY_KIND_H

#include <stdint.h>

#include "base/str.h"

struct conf;

/* Kinds of one lane share its limits, and never keep those of another waiting. */
enum query_lane { LANE_LIGHT, LANE_PICTURES, LANE_MODEL, LANES };

struct query_kind {
	const char *name; /* begins the bytes of a query and of its result */
	enum query_lane lane;
};

struct query_limits {
	int children;       /* queries that run at once */
	int64_t timeout_us; /* of each */
};

/* The limits that the configuration gives a lane. */
struct query_limits query_limits(const struct conf *conf, enum query_lane lane);
/* The kind that these bytes begin with; NULL for none that we know. Reads no further than the name. */
const struct query_kind *query_kind_of(struct str bytes);

#endif
