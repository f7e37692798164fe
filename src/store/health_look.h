/*
 * health_look - what only who has the database open can see of the daemon's health (ipc/health.h): whether it answers,
 * how many changes wait for the archive, and the space on both disks. Called by the health routes, by the tooling
 * resources and once a second by the workers. Changes nothing.
 */
#ifndef STORE_HEALTH_LOOK_H
#define STORE_HEALTH_LOOK_H

struct cx;
struct health_facts;

/*
 * Looks by cx->db, within cx->deadline, and fills all facts: those of the scoreboard too if there is a cx->shm, where
 * what was seen is published. Disks and this process's descriptors are asked at most once a second in the whole daemon.
 * cx->fail is left clear.
 */
void health_look(struct cx *cx, struct health_facts *out);

#endif
