/*
 * head - the branch that is checked out, by reading files: no git program.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "helper/question.h"

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

void
question_head(struct helper_task *t)
{
	char tree[PATH_MAX], dir[PATH_MAX + 8], path[PATH_MAX + 16], line[PATH_MAX];
	struct str start = jr_str(jr_get(t->ask, "dir"));
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
	if ((size_t)snprintf(path, sizeof(path), "%s/HEAD", dir) >= sizeof(path) || !first_line(path, line, sizeof(line)))
		return;
	jw_kc(t->answer, "branch", strncmp(line, "ref: refs/heads/", 16) == 0 ? line + 16 : "HEAD");
	slash = strrchr(tree, '/');
	jw_kc(t->answer, "worktree", slash != NULL ? slash + 1 : tree);
}
