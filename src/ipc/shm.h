/*
 * shm - the shared segment: mapped before fork, inherited by every child.
 */
#ifndef IPC_SHM_H
#define IPC_SHM_H

#include <stddef.h>
#include <stdint.h>

struct bus;
struct gate;
struct limits;
struct shm;
struct slot;

#define SHM_SLOTS_MAX 256
#define SECRET_SIZE 32

/* Anonymous shared mapping for nslots children; NULL with errno. */
struct shm *shm_new(int nslots);
void shm_free(struct shm **shm);
int shm_nslots(const struct shm *shm);
struct slot *shm_slot(struct shm *shm, int slot);
struct gate *shm_gate(struct shm *shm);
struct bus *shm_bus(struct shm *shm);
struct limits *shm_limits(struct shm *shm);
/* When the daemon began, wall clock; kept over reloads. */
int64_t shm_started_us(const struct shm *shm);

#endif
