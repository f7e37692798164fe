/*
 * secret - the key that signs session ids (decision 3.50).
 */
#ifndef PROC_SECRET_H
#define PROC_SECRET_H

#include "base/arena.h"
#include "base/str.h"
#include "ipc/shm.h"
#include "proc/account.h"

/*
 * Reads <database>.key, or makes it with mode 0600 for the account when there is
 * none. 0, or -1 with *why: a key that others may read, or that is not a key of
 * ours, is refused.
 */
int secret_load(
    struct str database, const struct account *acc, unsigned char out[SECRET_SIZE], struct arena *a, struct str *why);

#endif
