/*
 * watch - a worker's look at the daemon's health, once a second, for those who cannot look themselves (ipc/health.h).
 */
#ifndef WORKER_WATCH_H
#define WORKER_WATCH_H

struct worker;

/*
 * Publishes how many descriptors this worker has in use; looks at database and disks unless another worker did within the
 * last second.
 */
void watch_health(struct worker *w);

#endif
