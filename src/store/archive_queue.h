/*
 * archive_queue - the promise to the archive, in the transaction of the change.
 *
 * Id order is commit order (ids are given under the write lock, AUTOINCREMENT:
 * never again, decision 3.44). The archiver reads rows in id order, applies
 * each exactly once and deletes it.
 *
 *   kind             ref_id          payload (JSON text)
 *   QUEUE_PROJECT   project id      NULL; nothing to write yet, the first file makes the directory
 *   QUEUE_AGENT     agent id        the Agent object: content of agents/<Name>/profile.json
 *   QUEUE_MAIL      message id      NULL; the archiver reads message, recipients, names and pictures
 *   QUEUE_BUILD_SLOT      build slot id   {"dir":str,"file":str,"lease":{...}}: build_slots/<dir>/<file>, never committed
 *   QUEUE_RESERVATION     reservation id  {"agent":str,"records":[record of contract/reservations-resources.md 9.4, ...]}
 *   QUEUE_REMOVAL    agent's or       {"agent":str}: agents/<Name> of the project goes;
 *                    project's id     {}: all of projects/<slug>
 *   QUEUE_SNAPSHOT  archive_snapshots {"message":str}: a commit, also when nothing has changed
 *
 * Mail is read from its rows because they never change; the others carry a
 * snapshot because they do.
 */
#ifndef STORE_ARCHIVE_QUEUE_H
#define STORE_ARCHIVE_QUEUE_H

#include <stdint.h>

#include "base/str.h"

struct cx;

enum archive_queue_kind {
	QUEUE_PROJECT = 1,
	QUEUE_AGENT = 2,
	QUEUE_MAIL = 3,
	QUEUE_RESERVATION = 4,
	QUEUE_REMOVAL = 5,
	QUEUE_BUILD_SLOT = 6,
	QUEUE_SNAPSHOT = 7,
};

/*
 * Queues a change for the archive, inside a write operation only. 0, or -1 with cx->fail
 * (RESOURCE_EXHAUSTED when the queue is full).
 */
int archive_queue_add(
    struct cx *cx, enum archive_queue_kind kind, int64_t project_id, int64_t ref_id, struct str payload);

#endif
