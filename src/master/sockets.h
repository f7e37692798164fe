/*
 * sockets - listening sockets, owned by the master and given to slots.
 *
 * Each TCP address has one socket per worker (SO_REUSEPORT), so that the kernel
 * spreads connections; a UNIX socket, or one from the service manager, is shared
 * by all. A socket outlives the worker that accepts on it. What a new
 * configuration no longer needs is retired: nothing new is steered to it, worker
 * 0 accepts what it still holds, then it is closed.
 */
#ifndef MASTER_SOCKETS_H
#define MASTER_SOCKETS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"
#include "proc/account.h"

struct conf;
struct sockets;

/*
 * The sockets that `c` asks for, taking over what `old` (may be NULL) has. NULL
 * with *why; nothing of `old` is changed until sockets_commit.
 */
struct sockets *sockets_new(
    const struct sockets *old, const struct conf *c, const struct account *acc, struct arena *a, struct str *why);
/* The new ones serve: retires what only *old had, frees *old. */
void sockets_commit(struct sockets *s, struct sockets **old);
/* The new ones are not wanted after all: closes what `old` does not have, frees. */
void sockets_abandon(struct sockets **s);
/* At the end of the daemon; `remove` unlinks UNIX sockets (not while another master serves them). */
void sockets_close(struct sockets **s, bool remove);

/* What worker `index` accepts on from the start, and what adopting an index means; -1 terminated. */
const int *sockets_of_worker(const struct sockets *s, int index);
const int *const *sockets_table(const struct sockets *s, int *n);
/* Index in the table of the retired sockets, -1 when there are none. */
int sockets_retired(const struct sockets *s);
/* No connection waits in a retired socket. */
bool sockets_retired_idle(const struct sockets *s);
/* Takes the retired ones out of the kernel's hands, in all processes. */
void sockets_drop_retired(struct sockets *s);

/* Calls fn for every descriptor. */
void sockets_each(const struct sockets *s, void (*fn)(int fd, void *arg), void *arg);
/* Connections that wait to be accepted, of all addresses. */
int sockets_waiting(const struct sockets *s);
/* The addresses, separated by one space. */
struct str sockets_text(const struct sockets *s, struct arena *a);

/* For the next binary, and back; NULL with *why when the text is not ours. */
struct str sockets_export(const struct sockets *s, struct arena *a);
struct sockets *sockets_import(struct str text, struct arena *a, struct str *why);
/* What the service manager passed (LISTEN_FDS); NULL without *why when there is nothing. Removes the variables. */
struct sockets *sockets_activated(struct arena *a, struct str *why);

#endif
