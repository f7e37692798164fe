/*
 * git - opens or makes the repository and reads objects of it. References are
 * git_ref.c's, work tree and index git_work.c's.
 *
 * Settings of users and system stay out: the archive comes out the same on every machine.
 */
#include "archive/git/git.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/git/git_priv.h"
#include "archive/pack/error.h"
#include "base/log.h"

#define BRANCH "refs/heads/main"
#define DONE_KEY "agentmail.archive"

int
git_why(struct arch_error *why, const char *what, int code)
{
	const git_error *e = git_error_last();
	enum arch_kind kind = code == GIT_EMODIFIED ? ARCH_MOVED : ARCH_AGAIN;

	return arch_error(why, kind, "%s: %s", what, e && e->message ? e->message : "unknown error of libgit2");
}

/*
 * One process, one owner, own hashes: what libgit2 checks a second time costs
 * more than writing. Configuration of users and system stays out, so that the
 * archive does not depend on who started the daemon.
 */
static void
set_options(bool sync)
{
	git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, (int)sync);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, "");
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, "");
	git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_SYSTEM, "");
}

/*
 * gc.auto: the archiver repacks by itself, and a person's `git commit` should not
 * set off a collection beside it. logAllRefUpdates: a reflog would repeat the
 * branch, which nobody rewinds, and cost two more writes for each commit.
 */
static const struct {
	const char *key, *value;
} settings[] = {
	{ "commit.gpgsign", "false" }, { "core.logallrefupdates", "false" }, { "gc.auto", "0" },
	{ DONE_KEY, "1" }, /* last: a new repository is complete, people may change the others */
};

/* Removes files that libgit2 leaves beside the repository when it tries out what the file system can do. */
static void
remove_trials(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d)) != NULL)
		if (strncmp(e->d_name, "_git2_", 6) == 0)
			unlinkat(dirfd(d), e->d_name, 0);
	if (d)
		closedir(d);
}

/*
 * Sets the repository's settings, unless they are there: a start that was killed may have left
 * some unset, and the lock of their file.
 */
static int
configure(git_repository *git, const char *dir)
{
	git_config *c = NULL;
	git_config_entry *e = NULL;
	char lock[PATH_MAX];
	int rc = git_repository_config(&c, git);

	if (rc == 0 && git_config_get_entry(&e, c, DONE_KEY) != 0) {
		must((size_t)snprintf(lock, sizeof(lock), "%sconfig.lock", git_repository_path(git)) < sizeof(lock));
		unlink(lock);
		remove_trials(dir);
		for (size_t i = 0; rc == 0 && i < sizeof(settings) / sizeof(settings[0]); i++)
			rc = git_config_set_string(c, settings[i].key, settings[i].value);
	}
	git_config_entry_free(e);
	git_config_free(c);
	return rc;
}

/*
 * Makes the repository. Only the owner of the archive's lock comes here, so lock files that are
 * there were left by one who was killed.
 */
static int
create(git_repository **git, const char *dir, enum repo_make make)
{
	static const char *const left[] = { ".git/config.lock", ".git/HEAD.lock", "config.lock", "HEAD.lock" };
	git_repository_init_options o;

	for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
		char path[PATH_MAX];

		if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, left[i]) < sizeof(path))
			unlink(path);
	}
	git_repository_init_options_init(&o, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	o.flags = GIT_REPOSITORY_INIT_MKDIR | (make == REPO_BARE ? GIT_REPOSITORY_INIT_BARE : 0);
	o.initial_head = "main";
	return git_repository_init_ext(git, dir, &o);
}

static void
set_path(char out[PATH_MAX], const char *path)
{
	size_t n = strlen(path);

	must(n < PATH_MAX);
	while (n > 1 && path[n - 1] == '/')
		n--;
	memcpy(out, path, n);
	out[n] = '\0';
}

static void
set_branch(struct repo *r)
{
	git_reference *head = NULL;
	const char *target = NULL;

	if (git_reference_lookup(&head, r->git, "HEAD") == 0)
		target = git_reference_symbolic_target(head);
	/* A detached HEAD is somebody looking at an old commit. */
	snprintf(
	    r->branch, sizeof(r->branch), "%s", target && strncmp(target, "refs/heads/", 11) == 0 ? target : BRANCH);
	git_reference_free(head);
}

struct repo *
repo_open(const char *dir, enum repo_make make, bool sync, struct arch_error *why)
{
	struct repo *r = calloc(1, sizeof(*r));
	int rc;

	must(r != NULL);
	git_libgit2_init();
	set_options(sync);
	rc = git_repository_open_ext(&r->git, dir, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (rc == GIT_ENOTFOUND && make != REPO_EXISTING)
		rc = create(&r->git, dir, make);
	if (rc == 0 && make != REPO_EXISTING)
		rc = configure(r->git, dir);
	if (rc == 0)
		rc = git_repository_odb(&r->odb, r->git);
	if (rc != 0) {
		git_why(why, dir, rc);
		repo_close(&r);
		return NULL;
	}
	set_path(r->gitdir, git_repository_path(r->git));
	must((size_t)snprintf(r->packdir, PATH_MAX, "%s/objects/pack", r->gitdir) < PATH_MAX);
	if (git_repository_workdir(r->git))
		set_path(r->worktree, git_repository_workdir(r->git));
	set_branch(r);
	return r;
}

void
repo_close(struct repo **r)
{
	if (!*r)
		return;
	git_odb_free((*r)->odb);
	git_repository_free((*r)->git);
	free(*r);
	*r = NULL;
	git_libgit2_shutdown();
}

int
repo_reopen(struct repo *r, struct arch_error *why)
{
	git_repository *git = NULL;
	git_odb *odb = NULL;
	int rc = git_repository_open_ext(&git, r->gitdir, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);

	if (rc == 0)
		rc = git_repository_odb(&odb, git);
	if (rc != 0) {
		git_repository_free(git);
		return git_why(why, r->gitdir, rc);
	}
	git_odb_free(r->odb);
	git_repository_free(r->git);
	r->git = git;
	r->odb = odb;
	return 0;
}

const char *
repo_gitdir(const struct repo *r)
{
	return r->gitdir;
}

const char *
repo_packdir(const struct repo *r)
{
	return r->packdir;
}

const char *
repo_worktree(const struct repo *r)
{
	return r->worktree[0] ? r->worktree : NULL;
}

int
repo_read(
    struct repo *r, const struct oid *id, enum obj_type type, unsigned char **bytes, size_t *n, struct arch_error *why)
{
	git_odb_object *o = NULL;
	char hex[OID_HEX + 1];
	git_oid g;
	int rc;

	memcpy(g.id, id->b, OID_SIZE);
	rc = git_odb_read(&o, r->odb, &g);
	oid_hex(id, hex);
	if (rc != 0)
		return git_why(why, hex, rc);
	if ((int)git_odb_object_type(o) != (int)type) {
		git_odb_object_free(o);
		return arch_error(why, ARCH_AGAIN, "%s is not a %s", hex, obj_word(type));
	}
	*n = git_odb_object_size(o);
	*bytes = malloc(*n + 1);
	must(*bytes != NULL);
	memcpy(*bytes, git_odb_object_data(o), *n);
	(*bytes)[*n] = '\0';
	git_odb_object_free(o);
	return 0;
}

static bool
header_oid(struct str line, const char *key, struct oid *out)
{
	struct str k = str_c(key);

	return str_starts(line, k) && oid_parse(str_sub(line, k.n, line.n), out);
}

int
repo_commit(struct repo *r, const struct oid *id, struct arena *a, struct commit *out, struct arch_error *why)
{
	unsigned char *bytes = NULL;
	struct str rest, line = STR_NONE;
	bool parent = false;
	size_t n = 0;

	if (repo_read(r, id, OBJ_COMMIT, &bytes, &n, why) != 0)
		return -1;
	rest = arena_dup(a, (struct str){ (char *)bytes, n });
	free(bytes);
	memset(out, 0, sizeof(*out));
	out->id = *id;
	while (str_next(&rest, '\n', &line) && line.n > 0) {
		header_oid(line, "tree ", &out->tree);
		if (!parent)
			parent = header_oid(line, "parent ", &out->parent);
	}
	out->message = rest.p ? rest : STR("");
	return 0;
}

bool
repo_reached(struct repo *r, const struct oid *id, int limit)
{
	struct arch_error why;
	struct commit c = { .parent = { { 0 } } };
	struct arena a;
	struct oid at;
	bool found = false;

	arena_init(&a, 1 << 14);
	for (int rc = repo_tip(r, &at, &why) == 1; rc && limit-- > 0 && !found; at = c.parent) {
		struct arena_mark m = arena_mark(&a);

		found = oid_eq(&at, id);
		rc = !oid_none(&at) && repo_commit(r, &at, &a, &c, &why) == 0 && !oid_none(&c.parent);
		arena_rewind(&a, m);
	}
	arena_fini(&a);
	return found;
}
