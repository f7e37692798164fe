/*
 * place - whether a directory lies in a Git work tree: .git is looked for upwards, git is not
 * started.
 */
#include "helper/place.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
place_in_git(const char *dir)
{
	char path[PATH_MAX];
	size_t n = strlen(dir);

	while (n > 0 && n + 6 < sizeof(path)) {
		snprintf(path, sizeof(path), "%.*s/.git", (int)n, dir);
		if (access(path, F_OK) == 0)
			return true;
		while (n > 0 && dir[n - 1] != '/')
			n--;
		while (n > 0 && dir[n - 1] == '/')
			n--;
	}
	return false;
}
