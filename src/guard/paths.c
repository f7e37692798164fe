/*
 * paths - what a commit or a push changes, asked of git.
 *
 * Renames count with both names (--no-renames gives them as a deletion and an
 * addition). Of a merge only what differs from all its parents counts: the rest
 * was checked where it was made.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "guard/git.h"
#include "guard/guard.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })

static int
compare(const void *va, const void *vb)
{
	return str_cmp(*(const struct str *)va, *(const struct str *)vb);
}

void
guard_split(struct arena *a, struct str text, struct str_list *out)
{
	struct str rest = text, part;
	size_t n = 0, k = 0;

	*out = (struct str_list){ NULL, 0 };
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == '\0';
	out->v = arena_array(a, struct str, n + 1);
	while (str_next(&rest, '\0', &part))
		if (part.n > 0)
			out->v[out->n++] = part;
	if (out->n > 1)
		qsort(out->v, out->n, sizeof(out->v[0]), compare);
	for (size_t i = 0; i < out->n; i++)
		if (i == 0 || !str_eq(out->v[i], out->v[k - 1]))
			out->v[k++] = out->v[i];
	out->n = k;
}

static bool
staged_against(const struct git *g, struct arena *a, const char *commit, struct str_list *out)
{
	struct str text;

	if (!git_run(g, a,
		ARGS("diff", "--cached", "--name-only", "--no-renames", "--no-ext-diff", "--ignore-submodules=none",
		    "-z", commit != NULL ? commit : "--"),
		&text))
		return false;
	guard_split(a, text, out);
	return true;
}

/* Keeps in *list what `other` has too; both are sorted. */
static void
intersect(struct str_list *list, const struct str_list *other)
{
	size_t i = 0, k = 0, n = 0;

	while (i < list->n && k < other->n) {
		int rc = str_cmp(list->v[i], other->v[k]);

		if (rc == 0)
			list->v[n++] = list->v[i];
		i += rc <= 0;
		k += rc >= 0;
	}
	list->n = n;
}

bool
guard_commit_paths(const struct git *g, struct arena *a, struct str_list *out)
{
	struct str merged;
	struct str_list other;

	if (!staged_against(g, a, NULL, out))
		return false;
	if (out->n == 0 || !git_line(g, a, ARGS("rev-parse", "--verify", "--quiet", "MERGE_HEAD"), &merged))
		return true;
	if (staged_against(g, a, arena_cstr(a, merged), &other))
		intersect(out, &other);
	return true;
}

static bool
is_zero(struct str sha)
{
	for (size_t i = 0; i < sha.n; i++)
		if (sha.p[i] != '0')
			return false;
	return true;
}

/* NUL-separated paths of the commits that the remote does not have. */
static bool
pushed(const struct git *g, struct arena *a, const char *remote, struct str local, struct str there, struct str *out)
{
	const char *sha = arena_cstr(a, local);
	struct git tree = *g;
	struct str range;

	if (git_run(g, a,
		ARGS("rev-list", "--topo-order", sha, "--not", arena_cstr(a, arena_printf(a, "--remotes=%s", remote))),
		&tree.input)) {
		if (tree.input.n == 0) {
			*out = STR("");
			return true;
		}
		return git_run(&tree, a,
		    ARGS("diff-tree", "--stdin", "-r", "--root", "--cc", "--no-commit-id", "--name-only",
			"--no-renames", "--no-ext-diff", "-z"),
		    out);
	}
	range = is_zero(there) ? local : arena_printf(a, "%" PRIstr "..%" PRIstr, FSTR(there), FSTR(local));
	return git_run(
	    g, a, ARGS("diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", arena_cstr(a, range)), out);
}

bool
guard_push_paths(const struct git *g, struct arena *a, const char *remote, struct str lines, struct str_list *out)
{
	struct str rest = lines, line;
	struct buf all;
	bool ok = true;

	buf_init(&all, a);
	while (str_next(&rest, '\n', &line)) {
		struct str field[4] = { STR_NONE }, part, text;
		size_t n = 0;

		while (n < 4 && str_next(&line, ' ', &part))
			field[n++] = part;
		if (n < 4 || is_zero(field[1]))
			continue;
		if (!pushed(g, a, remote, field[1], field[3], &text)) {
			ok = false;
			continue;
		}
		buf_str(&all, text);
	}
	guard_split(a, buf_flat(&all), out);
	return ok;
}
