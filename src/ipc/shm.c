/*
 * shm - layout of the shared segment.
 *
 * One mapping made by the master before the first fork: header, gate, bus,
 * limits, recent calls, health, slots. The slots come last and are reserved up to the maximum; pages
 * that nobody touches cost nothing, so a reload may take more of them into use
 * without moving anything. Readers loop to shm_nslots() only, because even
 * reading a page of a shared mapping makes the kernel allocate it.
 */
#include "ipc/shm.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/bus.h"
#include "ipc/gate.h"
#include "ipc/health.h"
#include "ipc/limits.h"
#include "ipc/call_log.h"
#include "ipc/scoreboard.h"

#define SHM_MAGIC 0x616d7368u
#define CACHE_LINE ((size_t)64)

struct shm {
	uint32_t magic;
	_Atomic int32_t nslots;
	_Atomic bool archive_known;
	int64_t started_us;
	size_t size;
	size_t gate, bus, limits, recent, health, slots; /* offsets from the start */
	unsigned char secret[SECRET_SIZE];
};

static size_t
line_up(size_t n)
{
	return (n + CACHE_LINE - 1) & ~(CACHE_LINE - 1);
}

struct shm *
shm_new(int nslots)
{
	struct shm lay = { .magic = SHM_MAGIC, .started_us = clock_wall_us() };
	struct shm *shm;

	if (nslots < 1 || nslots > SHM_SLOTS_MAX) {
		errno = EINVAL;
		return NULL;
	}
	lay.gate = line_up(sizeof(lay));
	lay.bus = lay.gate + line_up(gate_size());
	lay.limits = lay.bus + line_up(bus_size());
	lay.recent = lay.limits + line_up(limits_size());
	lay.health = lay.recent + line_up(call_log_size());
	lay.slots = lay.health + line_up(health_board_size());
	lay.size = lay.slots + sizeof(struct slot) * SHM_SLOTS_MAX;
	shm = mmap(NULL, lay.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (shm == MAP_FAILED)
		return NULL;
	*shm = lay;
	atomic_store(&shm->nslots, nslots);
	gate_init(shm_gate(shm));
	bus_init(shm_bus(shm));
	limits_init(shm_limits(shm));
	health_board_init(shm_health(shm));
	return shm;
}

void
shm_free(struct shm **shm)
{
	if (*shm != NULL)
		munmap(*shm, (*shm)->size);
	*shm = NULL;
}

static void *
shm_at(const struct shm *shm, size_t offset)
{
	must(shm->magic == SHM_MAGIC);
	return (char *)(uintptr_t)shm + offset;
}

int
shm_nslots(const struct shm *shm)
{
	return atomic_load(&shm->nslots);
}

void
shm_grow(struct shm *shm, int nslots)
{
	must(nslots <= SHM_SLOTS_MAX);
	if (nslots > atomic_load(&shm->nslots))
		atomic_store(&shm->nslots, nslots);
}

struct slot *
shm_slot(struct shm *shm, int slot)
{
	must(slot >= 0 && slot < SHM_SLOTS_MAX);
	return (struct slot *)shm_at(shm, shm->slots) + slot;
}

static void
add_hist(struct hist *sum, const struct hist *h)
{
	atomic_fetch_add(&sum->count, atomic_load_explicit(&h->count, memory_order_relaxed));
	atomic_fetch_add(&sum->errors, atomic_load_explicit(&h->errors, memory_order_relaxed));
	atomic_fetch_add(&sum->sum_us, atomic_load_explicit(&h->sum_us, memory_order_relaxed));
	for (int b = 0; b < HIST_BUCKETS; b++)
		atomic_fetch_add(&sum->bucket[b], atomic_load_explicit(&h->bucket[b], memory_order_relaxed));
}

void
shm_hist(struct shm *shm, size_t from, size_t to, struct hist *out)
{
	memset(out, 0, sizeof(*out));
	for (int i = 0; i < shm_nslots(shm); i++) {
		const struct slot *s = shm_slot(shm, i);

		for (size_t row = from; row < to && row < HIST_MAX; row++)
			if (atomic_load_explicit(&s->hist[row].count, memory_order_relaxed) > 0)
				add_hist(out, &s->hist[row]);
	}
}

struct gate *
shm_gate(struct shm *shm)
{
	return shm_at(shm, shm->gate);
}

struct bus *
shm_bus(struct shm *shm)
{
	return shm_at(shm, shm->bus);
}

struct limits *
shm_limits(struct shm *shm)
{
	return shm_at(shm, shm->limits);
}

struct call_log *
shm_call_log(struct shm *shm)
{
	return shm_at(shm, shm->recent);
}

struct health_board *
shm_health(struct shm *shm)
{
	return shm_at(shm, shm->health);
}

/* The next slot of a role from *i on, which is moved behind it; NULL when there is none. */
static const struct slot *
next_of_role(struct shm *shm, const char *role, int *i)
{
	while (*i < shm_nslots(shm)) {
		const struct slot *s = shm_slot(shm, (*i)++);

		if (strcmp(s->role, role) == 0)
			return s;
	}
	return NULL;
}

uint64_t
shm_role_gauge(struct shm *shm, const char *role, enum counter_id id)
{
	const struct slot *s;
	uint64_t most = 0, v;
	int i = 0;

	while ((s = next_of_role(shm, role, &i)) != NULL)
		most = (v = counter_get(s, id)) > most ? v : most;
	return most;
}

bool
shm_role_known(struct shm *shm, const char *role)
{
	int i = 0;

	return next_of_role(shm, role, &i) != NULL;
}

bool
shm_role_ready(struct shm *shm, const char *role)
{
	const struct slot *s;
	int i = 0;

	while ((s = next_of_role(shm, role, &i)) != NULL)
		if (atomic_load_explicit(&s->state, memory_order_relaxed) == SLOT_READY)
			return true;
	return false;
}

int64_t
shm_started_us(const struct shm *shm)
{
	return shm->started_us;
}

void
shm_set_archive_known(struct shm *shm)
{
	atomic_store(&shm->archive_known, true);
}

bool
shm_archive_known(const struct shm *shm)
{
	return atomic_load(&shm->archive_known);
}

const unsigned char *
shm_secret(const struct shm *shm)
{
	return shm->secret;
}

void
shm_set_secret(struct shm *shm, const unsigned char secret[SECRET_SIZE])
{
	memcpy(shm->secret, secret, SECRET_SIZE);
}

int64_t
shm_archive_through(struct shm *shm)
{
	int64_t best = 0;

	for (int i = 0; i < shm_nslots(shm); i++) {
		struct slot *s = shm_slot(shm, i);
		int64_t v = strcmp(s->role, "archiver") == 0 ? (int64_t)counter_get(s, C_archive_through) : 0;

		best = v > best ? v : best;
	}
	return best;
}
