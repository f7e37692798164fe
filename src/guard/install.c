/*
 * install - puts the guard into a repository's hooks, and takes it out.
 *
 * Files are written beside their place and moved there, so that git never runs
 * half a hook. What was there before is kept and stays in the chain.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "guard/guard.h"

#define PART "50-agent-mail.py"
#define TEXT_MAX (1u << 20)

static bool
failed(struct guard_why *why, const char *path)
{
	why->error = errno;
	snprintf(why->text, sizeof(why->text), "[Errno %d] %s: '%s'", why->error, strerror(why->error), path);
	return false;
}

/* A path below the place of hooks: before, name of the hook, after. */
static char *
at(struct arena *a, const struct guard_place *p, const char *before, const char *name, const char *after)
{
	return arena_cstr(a, arena_printf(a, "%" PRIstr "/%s%s%s", FSTR(p->hooks), before, name, after));
}

/* Contents of a small file; absent when there is none. */
static struct str
text_of(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "re");
	struct buf b;
	char part[4096];
	size_t n;

	if (f == NULL)
		return STR_NONE;
	buf_init(&b, a);
	while (b.n < TEXT_MAX && (n = fread(part, 1, sizeof(part), f)) > 0)
		buf_put(&b, part, n);
	fclose(f);
	return b.n > 0 ? buf_flat(&b) : STR("");
}

static bool
holds(struct str text, const char *part)
{
	return text.p != NULL && str_find(text, str_c(part)) >= 0;
}

struct guard_state
guard_state(const struct guard_place *place, enum guard_hook hook, struct arena *a)
{
	const char *name = guard_hook_names[hook];
	struct str text = text_of(a, at(a, place, "", name, ""));
	struct guard_state s = { .exists = text.p != NULL };

	s.chained = holds(text, "mcp-agent-mail chain-runner");
	s.guarded = s.chained
	    ? access(at(a, place, "hooks.d/", name, "/" PART), F_OK) == 0
	    : holds(text, "mcp-agent-mail guard hook") || holds(text, "AGENT_NAME environment variable is required.");
	s.original = access(at(a, place, "", name, ".orig"), F_OK) == 0;
	return s;
}

static bool
make_dirs(char *path, struct guard_why *why)
{
	for (char *p = path + 1; (p = strchr(p, '/')) != NULL; p++) {
		*p = '\0';
		if (mkdir(path, 0777) != 0 && errno != EEXIST)
			return failed(why, path);
		*p = '/';
	}
	return mkdir(path, 0777) == 0 || errno == EEXIST || failed(why, path);
}

static bool
put(struct arena *a, const char *path, struct str text, struct guard_why *why)
{
	char *tmp = arena_cstr(a, arena_printf(a, "%s.%ld.new", path, (long)getpid()));
	FILE *f = fopen(tmp, "wxe");
	bool ok;

	if (f == NULL)
		return failed(why, path);
	ok = fwrite(text.p, 1, text.n, f) == text.n && fchmod(fileno(f), 0755) == 0;
	ok = fclose(f) == 0 && ok;
	if (ok && rename(tmp, path) == 0)
		return true;
	failed(why, path);
	unlink(tmp);
	return false;
}

/* A foreign hook goes to .orig; if something is there already, into the chain behind us. */
static bool
keep_foreign(const struct guard_place *place, const char *name, struct arena *a, struct guard_why *why)
{
	const char *path = at(a, place, "", name, "");
	char *to = at(a, place, "", name, ".orig");

	for (int i = 60; access(to, F_OK) == 0 && i < 100; i++) {
		to = arena_cstr(a, arena_printf(a, "%" PRIstr "/hooks.d/%s/%d-%s", FSTR(place->hooks), name, i, name));
	}
	return rename(path, to) == 0 || failed(why, path);
}

static bool
install_hook(const struct guard_install *in, enum guard_hook hook, struct arena *a, struct guard_why *why)
{
	const char *name = guard_hook_names[hook];
	struct guard_state s = guard_state(&in->place, hook, a);

	if (!make_dirs(at(a, &in->place, "hooks.d/", name, ""), why))
		return false;
	if (s.exists && !s.chained && !s.guarded && !keep_foreign(&in->place, name, a, why))
		return false;
	return put(a, at(a, &in->place, "hooks.d/", name, "/" PART), guard_plugin(a, hook, in), why) &&
	    put(a, at(a, &in->place, "", name, ""), guard_runner(a, hook), why);
}

bool
guard_install(const struct guard_install *in, struct arena *a, struct str *hook, struct guard_why *why)
{
	*hook = str_c(at(a, &in->place, "", guard_hook_names[GUARD_PRE_COMMIT], ""));
	return install_hook(in, GUARD_PRE_COMMIT, a, why) && (!in->prepush || install_hook(in, GUARD_PRE_PUSH, a, why));
}

/* Other links of the chain that still need the runner. */
static bool
has_parts(const struct guard_place *place, const char *name, struct arena *a)
{
	DIR *d = opendir(at(a, place, "hooks.d/", name, ""));
	struct dirent *e;
	bool some = false;

	while (d != NULL && !some && (e = readdir(d)) != NULL)
		some = e->d_name[0] != '.';
	if (d != NULL)
		closedir(d);
	return some;
}

/* The reference's shims for Windows, known by what they say. */
static void
remove_shims(const struct guard_place *place, const char *name, struct arena *a)
{
	char mark[80];

	snprintf(mark, sizeof(mark), "python \"%%DIR%%%s\" %%*", name);
	if (holds(text_of(a, at(a, place, "", name, ".cmd")), mark))
		unlink(at(a, place, "", name, ".cmd"));
	snprintf(mark, sizeof(mark), "Join-Path $PSScriptRoot '%s'", name);
	if (holds(text_of(a, at(a, place, "", name, ".ps1")), mark))
		unlink(at(a, place, "", name, ".ps1"));
}

static bool
remove_hook(const struct guard_place *place, enum guard_hook hook, struct arena *a, bool *removed, struct guard_why *why)
{
	const char *name = guard_hook_names[hook], *path = at(a, place, "", name, "");
	struct guard_state s = guard_state(place, hook, a);
	bool ok;

	if (unlink(at(a, place, "hooks.d/", name, "/" PART)) == 0)
		*removed = true;
	else if (errno != ENOENT && errno != ENOTDIR)
		return failed(why, at(a, place, "hooks.d/", name, "/" PART));
	if (!s.chained && !s.guarded)
		return true;
	if (s.chained && has_parts(place, name, a))
		return true;
	ok = s.chained && s.original ? rename(at(a, place, "", name, ".orig"), path) == 0 : unlink(path) == 0;
	if (!ok)
		return failed(why, path);
	remove_shims(place, name, a);
	*removed = true;
	return true;
}

bool
guard_uninstall(const struct guard_place *place, struct arena *a, bool *removed, struct guard_why *why)
{
	*removed = false;
	return remove_hook(place, GUARD_PRE_COMMIT, a, removed, why) &&
	    remove_hook(place, GUARD_PRE_PUSH, a, removed, why);
}
