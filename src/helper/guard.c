/*
 * guard - installs and removes hooks on behalf of a tool (decision 3.57): only in
 * repositories that exist, below the project's directory or guard_roots.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "guard/guard.h"
#include "helper/query.h"
#include "ipc/query/guard.h"

static void
refuse(struct helper_task *t, struct guard_result *r, int error, const char *text)
{
	*r = (struct guard_result){ .end = GUARD_REFUSED, .error = error, .text = arena_dup(t->arena, str_c(text)) };
}

/* `~` is the home of the account we run as. */
static const char *
expanded(struct helper_task *t, struct str path)
{
	const char *home = getenv("HOME");

	if (path.n > 0 && path.p[0] == '~' && (path.n == 1 || path.p[1] == '/') && home != NULL)
		return arena_cstr(t->arena, arena_printf(t->arena, "%s%" PRIstr, home, FSTR(str_sub(path, 1, path.n))));
	return arena_cstr(t->arena, path);
}

static bool
below(const char *path, const char *root)
{
	char real[PATH_MAX];
	size_t n;

	if (realpath(root, real) == NULL)
		return false;
	n = strlen(real);
	return strcmp(real, "/") == 0 || (strncmp(path, real, n) == 0 && (path[n] == '/' || path[n] == '\0'));
}

/* Finds the repository and checks that the tool may touch it; false with *r. One that is not there has nothing to remove. */
static bool
find(struct helper_task *t, const struct guard_query *q, struct guard_place *place, struct guard_result *r)
{
	const char *repo = expanded(t, q->repo);
	char real[PATH_MAX];
	struct guard_why why;

	if (!guard_place(repo, t->deadline, t->arena, place, &why)) {
		if (!q->install && (why.error == ENOENT || why.error == 0))
			r->end = GUARD_NOTHING;
		else
			refuse(t, r, why.error, why.text);
		return false;
	}
	if (realpath(arena_cstr(t->arena, place->top), real) == NULL) {
		refuse(t, r, errno, strerror(errno));
		return false;
	}
	for (size_t i = 0; i < q->roots.n; i++)
		if (below(real, arena_cstr(t->arena, q->roots.v[i])))
			return true;
	snprintf(why.text, sizeof(why.text),
	    "'%s' lies neither below a project's directory nor below guard_roots: run `agentmail guard install` there",
	    repo);
	refuse(t, r, EACCES, why.text);
	return false;
}

/* agentmail lies beside agentmaild. */
static struct str
program(struct helper_task *t)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (n <= 0)
		return STR("agentmail");
	path[n] = '\0';
	slash = strrchr(path, '/');
	return arena_printf(t->arena, "%.*s/agentmail", (int)(slash - path), path);
}

static void
install(struct helper_task *t, const struct guard_query *q, const struct guard_place *place, struct guard_result *r)
{
	struct guard_install in = { .place = *place, .records = q->records, .program = program(t) };
	struct guard_why why;

	if (guard_install(&in, t->arena, &r->hook, &why))
		r->end = GUARD_INSTALLED;
	else
		refuse(t, r, why.error, why.text);
}

static void
uninstall(struct helper_task *t, const struct guard_place *place, struct guard_result *r)
{
	struct guard_why why;
	bool removed;

	if (guard_uninstall(place, t->arena, &removed, &why))
		r->end = removed ? GUARD_REMOVED : GUARD_NOTHING;
	else
		refuse(t, r, why.error, why.text);
}

bool
helper_guard(struct helper_task *t)
{
	struct guard_result r = { .end = GUARD_REFUSED };
	struct guard_place place;
	struct guard_query q;

	if (!guard_query_get(t->arena, t->query, &q))
		return false;
	if (find(t, &q, &place, &r)) {
		if (q.install)
			install(t, &q, &place, &r);
		else
			uninstall(t, &place, &r);
	}
	guard_result_put(t->result, &r);
	return true;
}
