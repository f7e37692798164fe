/*
 * locks - looks for Git's lock files, and in /proc for git programs that may hold them.
 *
 * It removes nothing that a living program may need: when in doubt the lock stays and the archiver
 * tries again later.
 */
#include "archive/git/locks.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "archive/git/git.h"
#include "base/log.h"

#define AGE_NOBODY 2     /* seconds: no git program runs at all */
#define AGE_ELSEWHERE 10 /* one runs, but as far as we can see elsewhere */
#define AGE_HELD 600     /* one runs here, or we may not look */

#define MOMENT_US 300000 /* nobody holds the lock of a reference so long */

/* How near a git program is. */
enum nearness { NOBODY, ELSEWHERE, HERE };

static bool
starts_at(const char *path, const char *root)
{
	size_t n = strlen(root);

	return strncmp(path, root, n) == 0 && (path[n] == '/' || path[n] == '\0');
}

static enum nearness
process_is(const char *pid, const struct repo *r)
{
	char path[64], text[PATH_MAX];
	ssize_t n;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	f = fopen(path, "re");
	if (!f)
		return NOBODY;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	if (strncmp(text, "git", 3) != 0)
		return NOBODY;
	snprintf(path, sizeof(path), "/proc/%.20s/cwd", pid);
	n = readlink(path, text, sizeof(text) - 1);
	if (n < 0)
		return errno == ENOENT ? NOBODY : HERE;
	text[n] = '\0';
	if (starts_at(text, repo_gitdir(r)) || (repo_worktree(r) && starts_at(text, repo_worktree(r))))
		return HERE;
	return ELSEWHERE;
}

static enum nearness
nearest_git(const struct repo *r)
{
	enum nearness most = NOBODY;
	DIR *d = opendir("/proc");
	struct dirent *e;

	while (d && most != HERE && (e = readdir(d)) != NULL) {
		enum nearness is = isdigit((unsigned char)e->d_name[0]) ? process_is(e->d_name, r) : NOBODY;

		if (is > most)
			most = is;
	}
	if (d)
		closedir(d);
	else
		most = HERE;
	return most;
}

void
locks_clear_branch(struct repo *r)
{
	char path[PATH_MAX];
	struct stat st;
	ino_t ino;

	must((size_t)snprintf(path, sizeof(path), "%s/%s.lock", repo_gitdir(r), repo_branch(r)) < sizeof(path));
	if (lstat(path, &st) != 0)
		return;
	ino = st.st_ino;
	usleep(MOMENT_US);
	if (lstat(path, &st) == 0 && st.st_ino == ino && nearest_git(r) != HERE && unlink(path) == 0)
		log_info("archive: removed %s, which the last archiver left", path);
}

int
locks_clear(struct repo *r)
{
	static const int ages[] = { AGE_NOBODY, AGE_ELSEWHERE, AGE_HELD };
	const char *const names[] = { "index", "HEAD", "config", "packed-refs", repo_branch(r) };
	int removed = 0, near = -1;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char path[PATH_MAX];
		struct stat st;
		time_t age;

		if ((size_t)snprintf(path, sizeof(path), "%s/%s.lock", repo_gitdir(r), names[i]) >= sizeof(path) ||
		    lstat(path, &st) != 0)
			continue;
		if (near < 0)
			near = (int)nearest_git(r);
		age = time(NULL) - st.st_mtime;
		if (age < 0) /* the clock was set back */
			age = AGE_HELD;
		if (age < ages[near] || (near == HERE && i == 0))
			continue;
		log_warn("archive: %s is %lld s old and nobody holds it: removing it", path, (long long)age);
		removed += unlink(path) == 0;
	}
	return removed;
}
