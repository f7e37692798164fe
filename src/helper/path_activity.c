/*
 * path_activity - when were the files of a pattern last touched, by hand and by commit
 * (contract/reservations-resources.md 4.7).
 *
 * Patterns are shell globs from the project's directory here, as in the
 * reference: `*` is one level, `**` any depth. What takes too long, may not be
 * read or leads outside is left out of the result: unknown.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "guard/git.h"
#include "helper/place.h"
#include "helper/query.h"
#include "ipc/query/path_activity.h"

#define SEGMENTS_MAX 64
#define DEPTH_MAX 64
#define ENTRIES_MAX 50000
#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct walk {
	const char *segment[SEGMENTS_MAX];
	size_t n;
	int64_t deadline, newest;
	int entries;
	bool matched, unknown;
};

static void
touch(struct walk *w, const struct stat *st)
{
	int64_t us = (int64_t)st->st_mtim.tv_sec * USEC + st->st_mtim.tv_nsec / 1000;

	w->matched = true;
	if (us > w->newest)
		w->newest = us;
}

static bool
wild(const char *s)
{
	return strpbrk(s, "*?[") != NULL;
}

static void walk(struct walk *w, int dir, size_t i, int depth);

static void
enter(struct walk *w, int dir, const char *name, size_t i, int depth)
{
	int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0)
		walk(w, fd, i, depth + 1);
	else if (errno != ENOENT && errno != ENOTDIR && errno != ELOOP)
		w->unknown = true;
	if (fd >= 0)
		close(fd);
}

/* One entry of a directory at segment i. */
static void
meet(struct walk *w, int dir, const char *name, size_t i, int depth)
{
	bool any = strcmp(w->segment[i], "**") == 0, last = i + 1 == w->n;
	struct stat st;

	if (!any && fnmatch(w->segment[i], name, 0) != 0)
		return;
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	if (last)
		touch(w, &st);
	if (!S_ISDIR(st.st_mode) || strcmp(name, ".git") == 0)
		return;
	if (any)
		enter(w, dir, name, i, depth);
	else if (!last)
		enter(w, dir, name, i + 1, depth);
}

static void
list(struct walk *w, int dir, size_t i, int depth)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *e;

	if (d == NULL) {
		if (fd >= 0)
			close(fd);
		w->unknown = true;
		return;
	}
	while (!w->unknown && (e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		if (++w->entries > ENTRIES_MAX || (w->entries % 256 == 0 && clock_mono_us() > w->deadline))
			w->unknown = true;
		else
			meet(w, dir, e->d_name, i, depth);
	}
	closedir(d);
}

/* Segments from i on, below this directory. */
static void
walk(struct walk *w, int dir, size_t i, int depth)
{
	struct stat st;

	if (depth > DEPTH_MAX || w->unknown) {
		w->unknown = true;
		return;
	}
	if (i < w->n && strcmp(w->segment[i], "**") == 0) {
		/* No directory at all is a match of it too. */
		if (i + 1 < w->n)
			walk(w, dir, i + 1, depth + 1);
		else if (fstat(dir, &st) == 0)
			touch(w, &st);
		list(w, dir, i, depth);
	} else if (i < w->n && wild(w->segment[i])) {
		list(w, dir, i, depth);
	} else if (i < w->n && fstatat(dir, w->segment[i], &st, 0) == 0) {
		if (i + 1 == w->n)
			touch(w, &st);
		else
			enter(w, dir, w->segment[i], i + 1, depth);
	} else if (i < w->n && errno != ENOENT && errno != ENOTDIR) {
		w->unknown = true;
	}
}

static bool
split(struct helper_task *t, struct str pattern, struct walk *w)
{
	struct str rest = str_trim(pattern), part;

	while (str_next(&rest, '/', &part)) {
		if (part.n == 0 || str_eqc(part, "."))
			continue;
		if (w->n == SEGMENTS_MAX || str_eqc(part, ".."))
			return false;
		w->segment[w->n++] = arena_cstr(t->arena, part);
	}
	return true;
}

/* Newest commit that touched the pattern, in microseconds; 0 for none. False: unknown. */
static bool
last_commit(struct helper_task *t, const char *dir, struct str pattern, int64_t *us)
{
	struct git g = { .dir = dir, .deadline = t->deadline };
	struct str line, spec = str_trim(pattern);
	int64_t seconds;

	*us = 0;
	if (!place_in_git(dir))
		return true;
	while (spec.n > 0 && spec.p[0] == '/')
		spec = str_sub(spec, 1, spec.n);
	spec =
	    arena_printf(t->arena, ":(%s)%" PRIstr, wild(arena_cstr(t->arena, spec)) ? "glob" : "literal", FSTR(spec));
	if (git_line(&g, t->arena, ARGS("log", "-1", "--format=%ct", "HEAD", "--", arena_cstr(t->arena, spec)), &line)) {
		if (line.n > 0 && !str_int(line, &seconds))
			return false;
		*us = line.n > 0 ? seconds * USEC : 0;
		return true;
	}
	/* A repository without a commit says nothing about anybody. */
	return git_line(&g, t->arena, ARGS("rev-parse", "--git-dir"), &line) &&
	    !git_line(&g, t->arena, ARGS("rev-parse", "--verify", "--quiet", "HEAD"), &line);
}

/* False: unknown. */
static bool
look(struct helper_task *t, const char *name, int dir, const struct path_activity_item *item,
    struct path_activity_seen *out)
{
	struct walk w = { .deadline = t->deadline };

	if (!split(t, item->pattern, &w))
		return false;
	if (dir >= 0 && w.n > 0)
		walk(&w, dir, 0, 0);
	if (w.unknown)
		return false;
	*out =
	    (struct path_activity_seen){ .id = item->id, .matched = w.matched, .files_ts = w.newest, .git_known = true };
	if (w.matched)
		out->git_known = last_commit(t, name, item->pattern, &out->git_ts);
	return true;
}

bool
helper_path_activity(struct helper_task *t)
{
	struct path_activity_query q;
	struct path_activity_seen *seen;
	const char *name;
	size_t n = 0;
	bool gone;
	int dir;

	if (!path_activity_query_get(t->arena, t->query, &q))
		return false;
	name = arena_cstr(t->arena, q.dir);
	dir = name[0] == '/' ? open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	gone = dir < 0 && (name[0] != '/' || errno == ENOENT || errno == ENOTDIR);
	seen = arena_array(t->arena, struct path_activity_seen, q.n);
	for (size_t i = 0; (dir >= 0 || gone) && i < q.n && clock_mono_us() < t->deadline; i++)
		n += look(t, name, dir, &q.v[i], &seen[n]);
	path_activity_result_put(t->result, &(struct path_activity_result){ seen, n });
	if (dir >= 0)
		close(dir);
	return true;
}
