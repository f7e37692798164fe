/*
 * call_log - the last tool calls of all workers: a ring in the shared segment.
 *
 * For people who look (resource://tooling/recent), not for correctness: a call
 * that is being overwritten while somebody reads is left out. Pages of the ring
 * cost memory only once calls have filled them.
 */
#ifndef IPC_CALL_LOG_H
#define IPC_CALL_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/str.h"

struct recent;

/* Calls that are kept. */
#define RECENT_SIZE 4096

struct recent_call {
	int64_t at;               /* wall clock */
	unsigned tool;            /* position in the registry of tools */
	struct str project, agent;   /* as the caller wrote them, cut to what fits; absent without */
	uint32_t took_us;
	enum err error;           /* ERR_NONE when it succeeded */
	uint64_t serial;          /* given by recent_add, from 1 */
};

struct recent_calls {
	struct recent_call *v;
	size_t n;
};

size_t recent_size(void);
void recent_add(struct recent *r, const struct recent_call *call);
/* Those since a time, oldest first; in the arena. */
void recent_since(struct recent *r, int64_t since, struct arena *a, struct recent_calls *out);

#endif
