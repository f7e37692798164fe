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
#include "helper/question.h"

static void
say(struct helper_task *t, int error, const char *text)
{
	jw_kint(t->answer, "error", error);
	jw_kc(t->answer, "text", text);
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

/* Finds the repository and checks that the tool may touch it. One that is not there has nothing to remove. */
static bool
find(struct helper_task *t, struct guard_place *place, bool absent_is_fine)
{
	const char *repo = expanded(t, jr_str(jr_get(t->ask, "repo")));
	struct jr roots = jr_get(t->ask, "roots");
	char real[PATH_MAX];
	struct guard_why why;

	if (!guard_place(repo, t->deadline, t->arena, place, &why)) {
		if (absent_is_fine && (why.error == ENOENT || why.error == 0))
			jw_kbool(t->answer, "removed", false);
		else
			say(t, why.error, why.text);
		return false;
	}
	if (realpath(arena_cstr(t->arena, place->top), real) == NULL) {
		say(t, errno, strerror(errno));
		return false;
	}
	for (size_t i = 0; i < jr_len(roots); i++)
		if (below(real, arena_cstr(t->arena, jr_str(jr_at(roots, i)))))
			return true;
	snprintf(why.text, sizeof(why.text),
	    "'%s' lies neither below a project's directory nor below guard_roots: run `agentmail guard install` there", repo);
	say(t, EACCES, why.text);
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

void
question_guard_install(struct helper_task *t)
{
	struct guard_install in = { .records = jr_str(jr_get(t->ask, "records")), .program = program(t) };
	struct guard_why why;
	struct str hook;

	if (!find(t, &in.place, false))
		return;
	if (guard_install(&in, t->arena, &hook, &why))
		jw_kstr(t->answer, "hook", hook);
	else
		say(t, why.error, why.text);
}

void
question_guard_uninstall(struct helper_task *t)
{
	struct guard_place place;
	struct guard_why why;
	bool removed;

	if (!find(t, &place, true))
		return;
	if (guard_uninstall(&place, t->arena, &removed, &why))
		jw_kbool(t->answer, "removed", removed);
	else
		say(t, why.error, why.text);
}
