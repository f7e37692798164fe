/*
 * place - where git looks for the hooks of a repository.
 *
 * core.hooksPath counts, relative to the top of the working tree (husky); linked
 * worktrees share the hooks of the common directory.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guard/git.h"
#include "guard/guard.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static bool
hooks_path(const struct git *g, struct arena *a, struct guard_place *out)
{
	struct str dir;

	if (git_line(g, a, ARGS("config", "--type=path", "--get", "core.hooksPath"), &dir) && dir.n > 0) {
		out->hooks = dir.p[0] == '/' ? dir : arena_printf(a, "%" PRIstr "/%" PRIstr, FSTR(out->top), FSTR(dir));
		return true;
	}
	if (!git_line(g, a, ARGS("rev-parse", "--path-format=absolute", "--git-common-dir"), &dir) || dir.n == 0)
		return false;
	out->hooks = arena_printf(a, "%" PRIstr "/hooks", FSTR(dir));
	return true;
}

bool
guard_place(const char *repo, int64_t deadline, struct arena *a, struct guard_place *out, struct guard_why *why)
{
	struct git g = { .dir = repo, .deadline = deadline };
	struct stat st;

	if (stat(repo, &st) != 0 || !S_ISDIR(st.st_mode)) {
		why->error = errno == ENOENT ? ENOENT : ENOTDIR;
		snprintf(why->text, sizeof(why->text), "[Errno %d] %s: '%s/.git/hooks'", why->error,
		    strerror(why->error), repo);
		return false;
	}
	if (!git_line(&g, a, ARGS("rev-parse", "--show-toplevel"), &out->top) || out->top.n == 0) {
		if (!git_line(&g, a, ARGS("rev-parse", "--path-format=absolute", "--git-dir"), &out->top))
			out->top = STR("");
	}
	if (out->top.n > 0 && hooks_path(&g, a, out))
		return true;
	why->error = 0;
	snprintf(
	    why->text, sizeof(why->text), "'%s' is no Git repository that this account may read, expected one", repo);
	return false;
}
