/*
 * call_log - the ring of tool calls: workers add, whoever shows them copies.
 *
 * A cell's sequence word is odd while it is being written and tells which ticket it holds
 * afterwards; a reader that sees it change drops what it copied.
 */
#include "ipc/call_log.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#define PROJECT_MAX 156
#define AGENT_MAX 64
#define NONE 0xff /* length of what is absent */

struct text {
	int64_t at;
	uint32_t tool, took_us, error;
	uint8_t project_n, agent_n;
	char project[PROJECT_MAX], agent[AGENT_MAX];
};

struct cell {
	_Atomic uint64_t seq; /* 2t+1 while ticket t is written, 2t+2 after it */
	struct text text;
};

struct call_log {
	_Atomic uint64_t head;
	struct cell cell[CALL_LOG_SIZE];
};

_Static_assert(PROJECT_MAX < NONE && AGENT_MAX < NONE, "lengths fit");

size_t
call_log_size(void)
{
	return sizeof(struct call_log);
}

static uint8_t
put(char *to, size_t room, struct str s)
{
	if (s.p == NULL)
		return NONE;
	s = str_cut_utf8(s, room);
	if (s.n > 0)
		memcpy(to, s.p, s.n);
	return (uint8_t)s.n;
}

void
call_log_add(struct call_log *r, const struct logged_call *call)
{
	uint64_t ticket = atomic_fetch_add(&r->head, 1);
	struct cell *c = &r->cell[ticket % CALL_LOG_SIZE];

	atomic_store(&c->seq, 2 * ticket + 1);
	c->text.at = call->at;
	c->text.tool = call->tool;
	c->text.took_us = call->took_us;
	c->text.error = (uint32_t)call->error;
	c->text.project_n = put(c->text.project, PROJECT_MAX, call->project);
	c->text.agent_n = put(c->text.agent, AGENT_MAX, call->agent);
	atomic_store(&c->seq, 2 * ticket + 2);
}

/* Copies the call of this ticket; false when it is not there (any more). */
static bool
read_one(struct call_log *r, uint64_t ticket, struct text *out)
{
	struct cell *c = &r->cell[ticket % CALL_LOG_SIZE];

	if (atomic_load(&c->seq) != 2 * ticket + 2)
		return false;
	memcpy(out, &c->text, sizeof(*out));
	atomic_thread_fence(memory_order_acquire);
	return atomic_load(&c->seq) == 2 * ticket + 2;
}

static struct str
get(struct arena *a, const char *from, uint8_t n, size_t room)
{
	if (n == NONE || n > room)
		return STR_NONE;
	return arena_dup(a, (struct str){ from, n });
}

void
call_log_since(struct call_log *r, int64_t since, struct arena *a, struct logged_calls *out)
{
	uint64_t head = atomic_load(&r->head), t = head > CALL_LOG_SIZE ? head - CALL_LOG_SIZE : 0;
	struct text text;

	*out = (struct logged_calls){ arena_array(a, struct logged_call, head - t), 0 };
	for (; t < head; t++) {
		if (!read_one(r, t, &text) || text.at < since)
			continue;
		out->v[out->n++] =
		    (struct logged_call){ text.at, text.tool, get(a, text.project, text.project_n, PROJECT_MAX),
			    get(a, text.agent, text.agent_n, AGENT_MAX), text.took_us, (enum err)text.error, t + 1 };
	}
}
