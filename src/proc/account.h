/*
 * account - who the children are when the daemon is started as root.
 */
#ifndef PROC_ACCOUNT_H
#define PROC_ACCOUNT_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/str.h"

struct conf;
struct role;

struct account {
	bool set; /* false: everybody stays what the master is */
	uid_t uid;
	gid_t gid;
	char name[64];
};

/* By `user` and `group`; without root or without `user` nothing is set. 0, or -1 with *why. */
int account_find(const struct conf *c, struct account *out, struct arena *a, struct str *why);
/* The same for the processes of a role: its row may name another account. Looked up anew at each reload. */
int account_find_role(
    const struct conf *c, const struct role *role, struct account *out, struct arena *a, struct str *why);
/* For good, with the account's groups and no_new_privs; 0 or -1 with errno. */
int account_become(const struct account *acc);
/*
 * Makes a directory and its parents (mode 0750) and gives those that it made to
 * the account; one that exists stays as it is. 0, or -1 with *why naming `key`.
 */
int account_directory(const struct account *acc, const char *key, struct str path, struct arena *a, struct str *why);
/* The same for the directory in which `file` lies. */
int account_directory_of(const struct account *acc, const char *key, struct str file, struct arena *a, struct str *why);

#endif
