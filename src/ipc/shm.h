/*
 * shm - the shared segment: mapped before fork, inherited by every child.
 */
#ifndef IPC_SHM_H
#define IPC_SHM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipc/scoreboard.h"

struct bus;
struct gate;
struct health_board;
struct limits;
struct call_log;
struct shm;

#define SHM_SLOTS_MAX 512 /* four generations of 128 workers */
#define SECRET_SIZE 32

/*
 * Anonymous shared mapping; address space for SHM_SLOTS_MAX children, of which
 * the first nslots are in use. NULL with errno.
 */
struct shm *shm_new(int nslots);
void shm_free(struct shm **shm);
/* Slots in use: what readers loop over; never shrinks. */
int shm_nslots(const struct shm *shm);
/* The master takes more slots into use, up to SHM_SLOTS_MAX. */
void shm_grow(struct shm *shm, int nslots);
struct slot *shm_slot(struct shm *shm, int slot);

/* The role that follows the database into Git. */
#define ROLE_ARCHIVER "archiver"
/* The highest value of a gauge among the children of a role; 0 without one. */
uint64_t shm_role_gauge(struct shm *shm, const char *role, enum counter_id id);
/* Whether a child of this role has ever had a slot, and whether one is ready now. */
bool shm_role_known(struct shm *shm, const char *role);
bool shm_role_ready(struct shm *shm, const char *role);

/* What all slots counted in the rows from..to-1 of the latency table, together. */
void shm_hist(struct shm *shm, size_t from, size_t to, struct hist *out);
struct gate *shm_gate(struct shm *shm);
struct bus *shm_bus(struct shm *shm);
struct limits *shm_limits(struct shm *shm);
struct health_board *shm_health(struct shm *shm);
struct call_log *shm_call_log(struct shm *shm);
/* When the daemon began, wall clock; kept over reloads. */
int64_t shm_started_us(const struct shm *shm);
/*
 * The archiver has compared the archive's mark with the database: from then on
 * numbers given to new rows are above everything in the archive (decision 3.44).
 */
void shm_set_archive_known(struct shm *shm);
bool shm_archive_known(const struct shm *shm);
/* The highest row of the archive queue that is in Git, as the archivers say; 0 when none has said. */
int64_t shm_archive_through(struct shm *shm);
/* Key that signs session ids, SECRET_SIZE bytes; set by the master before it forks (decision 3.50). */
const unsigned char *shm_secret(const struct shm *shm);
void shm_set_secret(struct shm *shm, const unsigned char secret[SECRET_SIZE]);

#endif
