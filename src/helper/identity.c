/*
 * identity - what identifies a project's directory in Git
 * (contract/reservations-resources.md 8.4). Nothing is written: the reference
 * leaves a marker, we compute what it would hold (decision 3.59).
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "guard/git.h"
#include "helper/place.h"
#include "helper/query.h"
#include "ipc/query/identity.h"

#define ARGS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define REMOTE "origin"
#define REMOTE_HEAD "refs/remotes/origin/HEAD"
#define FILE_MAX 65536
/* Digits of a project_uid. */
#define UID 20

struct facts {
	struct arena *arena;
	struct git git;
	const char *dir;
	struct str top, common, branch, remote; /* absent: unknown or none */
	bool ignorecase, repository;
};

static struct str
git_says(const struct facts *f, const char *const *args)
{
	struct str line;

	return git_line(&f->git, f->arena, args, &line) && line.n > 0 ? line : STR_NONE;
}

/* The last two segments of a path, without .git: "owner/repo". */
static struct str
owner_and_repo(struct str path)
{
	size_t i, slashes = 0;

	while (path.n > 0 && path.p[path.n - 1] == '/')
		path.n--;
	if (path.n > 4 && str_eqc(str_sub(path, path.n - 4, 4), ".git"))
		path.n -= 4;
	for (i = path.n; i > 0; i--)
		if (path.p[i - 1] == '/' && ++slashes == 2)
			break;
	path = str_sub(path, i, path.n);
	return str_chr(path, '/') > 0 ? path : STR_NONE;
}

/* host/owner/repo of a URL or of the form user@host:path; absent for a local path. */
static struct str
normalized(struct arena *a, struct str url)
{
	ptrdiff_t scheme = str_find(url, STR("://")), colon, at, slash;
	struct str host, path;
	char *out;

	if (scheme > 0) {
		url = str_sub(url, (size_t)scheme + 3, url.n);
		slash = str_chr(url, '/');
		if (slash <= 0)
			return STR_NONE;
		host = str_sub(url, 0, (size_t)slash);
		path = str_sub(url, (size_t)slash, url.n);
	} else {
		colon = str_chr(url, ':');
		slash = str_chr(url, '/');
		if (colon <= 0 || (slash >= 0 && slash < colon))
			return STR_NONE;
		host = str_sub(url, 0, (size_t)colon);
		path = str_sub(url, (size_t)colon + 1, url.n);
	}
	/* Nobody's name, password or port. */
	while ((at = str_chr(host, '@')) >= 0)
		host = str_sub(host, (size_t)at + 1, host.n);
	if (scheme > 0 && (colon = str_chr(host, ':')) > 0)
		host.n = (size_t)colon;
	path = owner_and_repo(path);
	if (host.n == 0 || path.p == NULL)
		return STR_NONE;
	host = arena_printf(a, "%" PRIstr "/%" PRIstr, FSTR(host), FSTR(path));
	out = arena_cstr(a, host);
	for (char *p = out; *p != '\0'; p++)
		*p = *p >= 'A' && *p <= 'Z' ? (char)(*p | 0x20) : *p;
	return str_c(out);
}

static void
look(struct facts *f)
{
	f->top = git_says(f, ARGS("rev-parse", "--show-toplevel"));
	f->common = git_says(f, ARGS("rev-parse", "--git-common-dir"));
	f->repository = f->top.p != NULL && f->common.p != NULL;
	if (!f->repository)
		return;
	f->branch = git_says(f, ARGS("symbolic-ref", "--quiet", "--short", "HEAD"));
	f->remote = git_says(f, ARGS("config", "--get", "remote." REMOTE ".url"));
	if (f->remote.p != NULL)
		f->remote = normalized(f->arena, f->remote);
	f->ignorecase = str_eqc(git_says(f, ARGS("config", "--type=bool", "--get", "core.ignorecase")), "true");
}

/* A small file of that directory; absent when there is none. A link could lead anywhere. */
static struct str
file(struct arena *a, struct str dir, const char *name)
{
	int fd = open(arena_cstr(a, arena_printf(a, "%" PRIstr "/%s", FSTR(dir), name)),
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	char *text = arena_get(a, FILE_MAX);
	ssize_t n = fd >= 0 ? read(fd, text, FILE_MAX) : -1;

	if (fd >= 0)
		close(fd);
	return n > 0 ? (struct str){ text, (size_t)n } : STR_NONE;
}

static struct str
first_line(struct str text)
{
	struct str line;

	if (text.n == 0 || !str_next(&text, '\n', &line))
		return STR_NONE;
	line = str_trim(line);
	return line.n > 0 ? line : STR_NONE;
}

/* Value of "key: value" at the left edge, without quotes and comment. */
static struct str
yaml_value(struct str text, const char *key)
{
	struct str line, k = str_c(key);

	while (text.n > 0 && str_next(&text, '\n', &line)) {
		ptrdiff_t hash;

		if (!str_starts(line, k) || line.n <= k.n || line.p[k.n] != ':')
			continue;
		line = str_trim(str_sub(line, k.n + 1, line.n));
		if (line.n > 1 && (line.p[0] == '"' || line.p[0] == '\'')) {
			char quote = line.p[0];

			line = str_sub(line, 1, line.n);
			if ((hash = str_chr(line, quote)) >= 0)
				line.n = (size_t)hash;
		} else if ((hash = str_find(line, STR(" #"))) >= 0) {
			line = str_trim(str_sub(line, 0, (size_t)hash));
		}
		return line.n > 0 ? line : STR_NONE;
	}
	return STR_NONE;
}

static struct str
digest(struct arena *a, struct str of)
{
	char hex[SHA1_HEX + 1];

	hash_sha1_hex(of, hex);
	return arena_dup(a, (struct str){ hex, UID });
}

static struct str
default_branch(const struct facts *f)
{
	struct str name = git_says(f, ARGS("symbolic-ref", "--quiet", "--short", REMOTE_HEAD));
	const struct str prefix = STR(REMOTE "/");

	return str_starts(name, prefix) ? str_sub(name, prefix.n, name.n) : STR("main");
}

/* The common directory, from the root of the file system. */
static struct str
resolved(const struct facts *f)
{
	char real[PATH_MAX];
	struct str path = f->common;

	if (path.p[0] != '/')
		path = arena_printf(f->arena, "%s/%" PRIstr, f->dir, FSTR(path));
	return realpath(arena_cstr(f->arena, path), real) != NULL ? arena_dup(f->arena, str_c(real)) : path;
}

static struct str
project_uid(const struct facts *f, struct str yaml)
{
	struct str root = f->repository ? f->top : str_c(f->dir), uid, common;

	uid = first_line(file(f->arena, root, ".agent-mail-project-id"));
	if (uid.p == NULL)
		uid = yaml_value(yaml, "project_uid");
	if (uid.p != NULL)
		return uid;
	if (!f->repository)
		return digest(f->arena, str_c(f->dir));
	common = resolved(f);
	uid = first_line(file(f->arena, common, "agent-mail/project-id"));
	if (uid.p != NULL)
		return uid;
	if (f->remote.p != NULL)
		return digest(
		    f->arena, arena_printf(f->arena, "%" PRIstr "@%" PRIstr, FSTR(f->remote), FSTR(default_branch(f))));
	return digest(f->arena, common);
}

static struct str
last_segment(struct str path)
{
	struct str rest = path, part;

	while (rest.n > 0 && str_next(&rest, '/', &part))
		path = part;
	return path;
}

static void
find_identity(struct helper_task *t, struct str dir, struct identity_result *out)
{
	struct facts f = { .arena = t->arena, .dir = arena_cstr(t->arena, dir) };
	struct str yaml;

	f.git = (struct git){ .dir = f.dir, .deadline = t->deadline };
	if (f.dir[0] != '/' || (access(f.dir, R_OK | X_OK) != 0 && errno != ENOENT && errno != ENOTDIR))
		return;
	if (place_in_git(f.dir)) {
		look(&f);
		/* It is there, and git does not say so: not ours to look into, or too late. */
		if (!f.repository)
			return;
	}
	yaml = file(t->arena, f.repository ? f.top : str_c(f.dir), ".agent-mail.yaml");
	*out = (struct identity_result){
		.known = true,
		.repository = f.repository,
		.repo_root = f.top,
		.git_common_dir = f.common,
		.branch = f.branch,
		.worktree_name = f.repository ? last_segment(f.top) : STR_NONE,
		.core_ignorecase = f.ignorecase,
		.normalized_remote = f.remote,
		.project_uid = project_uid(&f, yaml),
		.marked_project = yaml_value(yaml, "project_uid"),
		.marked_product = yaml_value(yaml, "product_uid"),
	};
}

bool
helper_identity(struct helper_task *t)
{
	struct identity_result r = { .known = false };
	struct identity_query q;

	if (!identity_query_get(t->arena, t->query, &q))
		return false;
	find_identity(t, q.dir, &r);
	identity_result_put(t->result, &r);
	return true;
}
