/*
 * head - the branch that is checked out, by reading files: no git program.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "helper/query.h"
#include "ipc/query/head.h"

static bool
first_line(const char *path, char *out, size_t size)
{
	FILE *f = fopen(path, "re");
	bool ok = f != NULL && fgets(out, (int)size, f) != NULL;

	if (f != NULL)
		fclose(f);
	if (ok)
		out[strcspn(out, "\r\n")] = '\0';
	return ok;
}

/* The git directory of a working tree: .git, or where the file .git points to. */
static bool
git_dir(const char *tree, char *out, size_t size)
{
	char path[PATH_MAX], line[PATH_MAX];
	struct stat st;

	if ((size_t)snprintf(path, sizeof(path), "%s/.git", tree) >= sizeof(path) || stat(path, &st) != 0)
		return false;
	if (S_ISDIR(st.st_mode))
		return (size_t)snprintf(out, size, "%s", path) < size;
	if (!first_line(path, line, sizeof(line)) || strncmp(line, "gitdir: ", 8) != 0)
		return false;
	if (line[8] == '/')
		return (size_t)snprintf(out, size, "%s", line + 8) < size;
	return (size_t)snprintf(out, size, "%s/%s", tree, line + 8) < size;
}

/* The work tree at or above `start`, and what its HEAD says; nothing where there is none. */
static void
find_head(struct arena *a, struct str start, struct head_result *out)
{
	char tree[PATH_MAX], dir[PATH_MAX + 8], path[PATH_MAX + 16], line[PATH_MAX];
	char *slash;

	if (start.n == 0 || start.p[0] != '/' || start.n >= sizeof(tree))
		return;
	snprintf(tree, sizeof(tree), "%" PRIstr, FSTR(start));
	while (!git_dir(tree, dir, sizeof(dir))) {
		slash = strrchr(tree, '/');
		if (slash == NULL || slash == tree)
			return;
		*slash = '\0';
	}
	if ((size_t)snprintf(path, sizeof(path), "%s/HEAD", dir) >= sizeof(path) ||
	    !first_line(path, line, sizeof(line)))
		return;
	out->branch = arena_dup(a, str_c(strncmp(line, "ref: refs/heads/", 16) == 0 ? line + 16 : "HEAD"));
	slash = strrchr(tree, '/');
	out->worktree = arena_dup(a, str_c(slash != NULL ? slash + 1 : tree));
}

bool
helper_head(struct helper_task *t)
{
	struct head_result r = { STR_NONE, STR_NONE };
	struct head_query q;

	if (!head_query_get(t->arena, t->query, &q))
		return false;
	find_head(t->arena, q.dir, &r);
	head_result_put(t->result, &r);
	return true;
}
