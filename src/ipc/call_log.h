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

struct call_log;

/* Calls that are kept. */
#define CALL_LOG_SIZE 4096

struct logged_call {
	int64_t at;                /* wall clock */
	unsigned tool;             /* position in the registry of tools */
	struct str project, agent; /* as the caller wrote them, cut to what fits; absent without */
	uint32_t took_us;
	enum err error;  /* ERR_NONE when it succeeded */
	uint64_t serial; /* given by call_log_add, from 1 */
};

struct logged_calls {
	struct logged_call *v;
	size_t n;
};

/* Bytes that it takes in shared memory, zeroes to begin with. call_log_add copies, cutting what is too long; the oldest goes. */
size_t call_log_size(void);
void call_log_add(struct call_log *r, const struct logged_call *call);
/* Those since a time, oldest first; in the arena. */
void call_log_since(struct call_log *r, int64_t since, struct arena *a, struct logged_calls *out);

#endif
