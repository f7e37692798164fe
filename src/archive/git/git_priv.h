/*
 * git_priv - what the files of git/ that know libgit2 share.
 */
#ifndef ARCHIVE_GIT_GIT_PRIV_H
#define ARCHIVE_GIT_GIT_PRIV_H

#include <git2.h>
#include <limits.h>

#include "archive/git/git.h"

struct repo {
	git_repository *git;
	git_odb *odb;
	char gitdir[PATH_MAX];
	char packdir[PATH_MAX];
	char worktree[PATH_MAX]; /* "" when bare */
	char branch[256];
};

/* Records libgit2's last error; ARCH_AGAIN unless the code says more. Returns -1. */
int git_why(struct arch_error *why, const char *what, int code);

#endif
