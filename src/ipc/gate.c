/*
 * gate - a robust process-shared mutex with a courtesy rule.
 *
 * Called by txn and keeper. A bare mutex goes to whoever runs when it is free,
 * mostly the one that just gave it; so a process that held the gate last lets
 * one that has asked meanwhile go first.
 */
#include "ipc/gate.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"

/* Longest courtesy: a wake-up takes 50 to 100 us; one that asked and died must not cost more than this, once. */
#define COURTESY_NS 1000000

struct gate {
	pthread_mutex_t mutex;
	_Atomic uint32_t turns; /* futex: moves with every taking */
	_Atomic int32_t wanted; /* pid of one that waits, 0 for none known */
	_Atomic int32_t last;   /* pid of the last holder */
	_Atomic int32_t polite; /* processes that sleep on turns */
};

size_t
gate_size(void)
{
	return sizeof(struct gate);
}

void
gate_init(struct gate *g)
{
	pthread_mutexattr_t a;

	pthread_mutexattr_init(&a);
	pthread_mutexattr_setpshared(&a, PTHREAD_PROCESS_SHARED);
	pthread_mutexattr_setrobust(&a, PTHREAD_MUTEX_ROBUST);
	if (pthread_mutex_init(&g->mutex, &a) != 0)
		log_panic("cannot make the write gate");
	pthread_mutexattr_destroy(&a);
	atomic_init(&g->turns, 0);
	atomic_init(&g->wanted, 0);
	atomic_init(&g->last, 0);
	atomic_init(&g->polite, 0);
}

static long
futex(_Atomic uint32_t *word, int op, uint32_t val, const struct timespec *timeout)
{
	return syscall(SYS_futex, (uint32_t *)word, op, val, timeout, NULL, 0);
}

/* Lets one that waits have its turn before our next one. */
static void
be_polite(struct gate *g, int32_t me, int64_t wait_us)
{
	uint32_t turn = atomic_load(&g->turns);
	int32_t other = atomic_load(&g->wanted);
	struct timespec t = { 0, COURTESY_NS };

	if (other == 0 || other == me || atomic_load(&g->last) != me)
		return;
	if (wait_us * 1000 < COURTESY_NS)
		t.tv_nsec = (long)wait_us * 1000;
	atomic_fetch_add(&g->polite, 1);
	if (atomic_load(&g->turns) == turn && futex(&g->turns, FUTEX_WAIT, turn, &t) != 0 && errno == ETIMEDOUT)
		atomic_compare_exchange_strong(&g->wanted, &other, 0);
	atomic_fetch_sub(&g->polite, 1);
}

static int
lock_for(struct gate *g, int64_t wait_us)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += wait_us / 1000000;
	t.tv_nsec += wait_us % 1000000 * 1000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return pthread_mutex_clocklock(&g->mutex, CLOCK_MONOTONIC, &t);
}

bool
gate_take(struct gate *g, int64_t wait_us)
{
	int32_t me = getpid(), mine = me;
	int rc;

	if (wait_us > 0)
		be_polite(g, me, wait_us);
	else if (atomic_load(&g->last) == me && atomic_load(&g->wanted) != 0 && atomic_load(&g->wanted) != me)
		return false;
	rc = pthread_mutex_trylock(&g->mutex);
	if (rc == EBUSY && wait_us > 0) {
		atomic_store(&g->wanted, me);
		rc = lock_for(g, wait_us);
	}
	if (rc == EOWNERDEAD) {
		/* Nothing to mend: SQLite recovers what the dead one left. */
		pthread_mutex_consistent(&g->mutex);
		rc = 0;
	}
	/* Whoever wanted it and is now served, or has gone, no longer waits. */
	atomic_compare_exchange_strong(&g->wanted, &mine, 0);
	if (rc != 0 && rc != EBUSY && rc != ETIMEDOUT)
		log_panic("write gate: error %d", rc);
	if (rc != 0)
		return false;
	atomic_store(&g->last, me);
	atomic_fetch_add(&g->turns, 1);
	if (atomic_load(&g->polite) > 0)
		futex(&g->turns, FUTEX_WAKE, INT_MAX, NULL);
	return true;
}

void
gate_give(struct gate *g)
{
	if (pthread_mutex_unlock(&g->mutex) != 0)
		log_panic("write gate given by one that does not hold it");
}
