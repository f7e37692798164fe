/*
 * signals - writes the signal files of agents that got mail (mail/message/signal.h).
 *
 * The database says which: a mark tells up to which message they are written, so
 * that no lost event and no restart loses one; the bus only says when to look,
 * and who has fetched in the meantime. Of several messages to one agent in one
 * piece the last wins. While notifications are off there is no mark, and mail of
 * that time gets no signal.
 */
#ifndef KEEPER_SIGNALS_H
#define KEEPER_SIGNALS_H

#include <stdint.h>

#include "ipc/bus.h"

struct cx;
struct db;
struct gate;
struct slot;

/* Messages of one piece. */
#define SIGNALS_BATCH 256
/* Agents whose last fetch is remembered; one that is forgotten may find a signal for mail that it knows. */
#define SIGNALS_FETCHES 1024

struct signals {
	struct bus *bus;
	struct slot *slot; /* counts what is written; NULL in tests */
	struct bus_cursor heard;
	struct {
		int64_t agent_id, message_id;
	} fetched[SIGNALS_FETCHES];
};

/* Reads the bus from here on and counts in `slot`; borrows both. */
void signals_init(struct signals *s, struct bus *bus, struct slot *slot);
/* One piece; cx->db reads. 1 when there may be more, 0, -1 with cx->fail. */
int signals_piece(struct signals *s, struct db *db, struct gate *gate, struct cx *cx);
/* Notifications are off: the mark goes. 0 or -1. */
int signals_forget(struct db *db, struct gate *gate, struct cx *cx);

#endif
