/*
 * subscribers - the worker's ear on the bus: brings hints and time to those who
 * follow something (job/follow.h).
 */
#ifndef WORKER_SUBSCRIBERS_H
#define WORKER_SUBSCRIBERS_H

struct worker;

/* Before the first request. */
void subscribers_start(struct worker *w);
/* At the end of each turn, after the transaction: runs what is due. */
void subscribers_turn(struct worker *w);
/* Once a second: finds what the bus lost, and stops listening when nobody waits. */
void subscribers_beat(struct worker *w);
/* The worker drains: who waits for events is answered with what there is. */
void subscribers_close(struct worker *w);

#endif
