/*
 * git_work - writes and removes files of the work tree and brings Git's index up to date
 * (decision 3.43: the branch tip is the record, index and files follow it).
 *
 * A file that somebody changed is left alone. The index is written beside the real one, which is
 * locked for a moment only.
 */
#include "archive/git/git_work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/git/git_priv.h"
#include "archive/pack/error.h"
#include "base/fault.h"
#include "base/log.h"

static int
tree_of(struct repo *r, const struct oid *id, git_tree **out)
{
	git_oid g;

	*out = NULL;
	if (oid_none(id))
		return 0;
	memcpy(g.id, id->b, OID_SIZE);
	return git_tree_lookup(out, r->git, &g);
}

int
repo_diff(
    struct repo *r, const struct oid *from, const struct oid *to, repo_diff_fn *fn, void *arg, struct arch_error *why)
{
	git_tree *a = NULL, *b = NULL;
	git_diff *diff = NULL;
	int rc = tree_of(r, from, &a);

	if (rc == 0)
		rc = tree_of(r, to, &b);
	if (rc == 0)
		rc = git_diff_tree_to_tree(&diff, r->git, a, b, NULL);
	if (rc != 0)
		git_why(why, "comparing trees", rc);
	for (size_t i = 0; rc == 0 && i < git_diff_num_deltas(diff); i++) {
		const git_diff_delta *d = git_diff_get_delta(diff, i);
		struct oid was = { { 0 } }, is = { { 0 } };

		if (d->status != GIT_DELTA_ADDED)
			memcpy(was.b, d->old_file.id.id, OID_SIZE);
		if (d->status != GIT_DELTA_DELETED)
			memcpy(is.b, d->new_file.id.id, OID_SIZE);
		rc = fn(arg, str_c(d->new_file.path), &was, &is, d->new_file.mode);
	}
	git_diff_free(diff);
	git_tree_free(a);
	git_tree_free(b);
	return rc == 0 ? 0 : -1;
}

static bool
full_path(const struct repo *r, struct str path, char out[PATH_MAX])
{
	return (size_t)snprintf(out, PATH_MAX, "%s/%" PRIstr, r->worktree, FSTR(path)) < PATH_MAX;
}

/* Makes the directories above a file. */
static void
make_parents(char *file, size_t root)
{
	for (char *p = file + root + 1; (p = strchr(p, '/')) != NULL; *p++ = '/') {
		*p = '\0';
		if (mkdir(file, 0755) != 0 && errno != EEXIST)
			log_debug("cannot make %s: %s", file, strerror(errno));
	}
}

int
repo_work_write(struct repo *r, struct str path, const void *bytes, size_t n, struct arch_error *why)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
	char file[PATH_MAX];
	int fd;

	if (!full_path(r, path, file))
		return arch_error(why, ARCH_AGAIN, "path too long: %" PRIstr, FSTR(path));
	fd = open(file, flags, 0644);
	if (fd < 0 && errno == ENOENT) {
		make_parents(file, strlen(r->worktree));
		fd = open(file, flags, 0644);
	}
	if (fd < 0)
		return arch_error(why, ARCH_AGAIN, "cannot write %s: %s", file, strerror(errno));
	for (const char *p = bytes; n > 0;) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0) {
			arch_error(why, ARCH_AGAIN, "cannot write %s: %s", file, strerror(errno));
			close(fd);
			return -1;
		}
		p += w;
		n -= (size_t)w;
	}
	close(fd);
	return 0;
}

static bool
holds(const char *file, const struct oid *id)
{
	git_oid g;

	return git_odb_hashfile(&g, file, GIT_OBJECT_BLOB) == 0 && memcmp(g.id, id->b, OID_SIZE) == 0;
}

void
repo_work_remove(struct repo *r, struct str path, const struct oid *id)
{
	char file[PATH_MAX], *slash;
	struct stat st;

	if (!full_path(r, path, file) || lstat(file, &st) != 0 || !S_ISREG(st.st_mode) || !holds(file, id))
		return;
	if (unlink(file) != 0)
		return;
	while ((slash = strrchr(file, '/')) != NULL && (size_t)(slash - file) > strlen(r->worktree)) {
		*slash = '\0';
		if (rmdir(file) != 0)
			break;
	}
}

struct update {
	struct repo *r;
	git_index *index;
	bool trust;
	work_pause_fn *pause;
	void *pause_arg;
	struct arch_error *why;
};

static int
restore_file(struct update *u, struct str path, const struct oid *id)
{
	unsigned char *bytes;
	size_t n;
	int rc;

	if (repo_read(u->r, id, OBJ_BLOB, &bytes, &n, u->why) != 0)
		return -1;
	rc = repo_work_write(u->r, path, bytes, n, u->why);
	free(bytes);
	return rc;
}

static void
fill_entry(git_index_entry *e, const struct stat *st, struct str path, const struct oid *id, unsigned mode)
{
	memset(e, 0, sizeof(*e));
	e->ctime.seconds = (int32_t)st->st_ctim.tv_sec;
	e->ctime.nanoseconds = (uint32_t)st->st_ctim.tv_nsec;
	e->mtime.seconds = (int32_t)st->st_mtim.tv_sec;
	e->mtime.nanoseconds = (uint32_t)st->st_mtim.tv_nsec;
	e->dev = (uint32_t)st->st_dev;
	e->ino = (uint32_t)st->st_ino;
	e->mode = mode;
	e->uid = st->st_uid;
	e->gid = st->st_gid;
	e->file_size = (uint32_t)st->st_size;
	memcpy(e->id.id, id->b, OID_SIZE);
	e->path = path.p;
}

static int
update_one(void *arg, struct str path, const struct oid *from, const struct oid *to, unsigned mode)
{
	struct update *u = arg;
	char file[PATH_MAX];
	git_index_entry e;
	struct stat st;
	bool there;
	int rc;

	if (!full_path(u->r, path, file))
		return 0;
	if (u->pause != NULL)
		u->pause(u->pause_arg);
	there = lstat(file, &st) == 0 && S_ISREG(st.st_mode);
	if (oid_none(to)) {
		repo_work_remove(u->r, path, from);
		git_index_remove(u->index, path.p, 0);
		return 0;
	}
	/* Links and submodules are some person's; so are their files. */
	if (mode != 0100644 && mode != 0100755)
		return 0;
	if (!there || (!u->trust && !holds(file, to))) {
		if (restore_file(u, path, to) != 0)
			return -1;
		(void)FAULT("archive.in_worktree");
		if (lstat(file, &st) != 0)
			return arch_error(u->why, ARCH_AGAIN, "cannot stat %s: %s", file, strerror(errno));
	}
	fill_entry(&e, &st, path, to, mode);
	rc = git_index_add(u->index, &e);
	return rc == 0 ? 0 : git_why(u->why, path.p, rc);
}

/*
 * The index is written beside the real one, so that a person's git finds it
 * locked for a moment only, and a kill leaves no lock behind.
 */
struct beside {
	char index[PATH_MAX], mine[PATH_MAX], mine_lock[PATH_MAX], lock[PATH_MAX];
	struct stat before;
	bool existed;
	bool holding; /* the lock is ours */
};

static void
name_files(const struct repo *r, struct beside *b)
{
	must((size_t)snprintf(b->index, PATH_MAX, "%s/index", r->gitdir) < PATH_MAX);
	must((size_t)snprintf(b->lock, PATH_MAX, "%s/index.lock", r->gitdir) < PATH_MAX);
	must((size_t)snprintf(b->mine, PATH_MAX, "%s/agentmail-index", r->gitdir) < PATH_MAX);
	must((size_t)snprintf(b->mine_lock, PATH_MAX, "%s/agentmail-index.lock", r->gitdir) < PATH_MAX);
}

/* Gives the index a second name, under which libgit2 will write a new one. */
static int
begin_beside(struct beside *b, bool locked, struct arch_error *why)
{
	int fd;

	unlink(b->mine);
	unlink(b->mine_lock);
	if (locked) {
		fd = open(b->lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
		if (fd < 0)
			return arch_error(why, ARCH_AGAIN, "%s: %s", b->lock, strerror(errno));
		close(fd);
		b->holding = true;
	} else if (access(b->lock, F_OK) == 0) {
		return arch_error(why, ARCH_AGAIN, "%s: somebody holds it", b->lock);
	}
	b->existed = stat(b->index, &b->before) == 0;
	if (b->existed && link(b->index, b->mine) != 0)
		return arch_error(why, ARCH_AGAIN, "cannot link %s: %s", b->mine, strerror(errno));
	return 0;
}

static bool
is_as_before(const struct beside *b)
{
	struct stat now;

	if (stat(b->index, &now) != 0)
		return !b->existed;
	return b->existed && now.st_ino == b->before.st_ino && now.st_size == b->before.st_size &&
	    now.st_mtim.tv_sec == b->before.st_mtim.tv_sec && now.st_mtim.tv_nsec == b->before.st_mtim.tv_nsec;
}

/*
 * Puts the new index in place as Git does: a file that must not exist yet is the lock, and
 * becomes the index by a rename.
 */
static int
install(struct beside *b, bool locked, struct arch_error *why)
{
	if (!locked && link(b->mine, b->lock) != 0)
		return arch_error(why, ARCH_AGAIN, "%s: %s", b->lock, strerror(errno));
	b->holding = true;
	(void)FAULT("archive.index_locked");
	if (!is_as_before(b))
		return arch_error(why, ARCH_MOVED, "somebody else wrote the index meanwhile");
	if ((locked && rename(b->mine, b->lock) != 0) || rename(b->lock, b->index) != 0)
		return arch_error(why, ARCH_AGAIN, "cannot replace %s: %s", b->index, strerror(errno));
	b->holding = false;
	return 0;
}

static int
update_beside(struct update *u, struct beside *b, const struct oid *from, const struct oid *to, bool locked)
{
	/* Opened each time: a person's git writes it too, and in memory it would be large. */
	int rc = git_index_open(&u->index, b->mine), e;

	if (rc != 0)
		return git_why(u->why, b->mine, rc);
	rc = repo_diff(u->r, from, to, update_one, u, u->why);
	if (rc == 0) {
		e = git_index_write(u->index);
		rc = e == 0 ? install(b, locked, u->why) : git_why(u->why, b->mine, e);
	}
	git_index_free(u->index);
	return rc;
}

static int
attempt(struct update *u, const struct oid *from, const struct oid *to, bool locked)
{
	struct beside b = { .holding = false };
	int rc;

	name_files(u->r, &b);
	u->why->kind = ARCH_FINE;
	rc = begin_beside(&b, locked, u->why);
	if (rc == 0)
		rc = update_beside(u, &b, from, to, locked);
	if (b.holding)
		unlink(b.lock);
	unlink(b.mine);
	return rc;
}

int
repo_work_update(struct repo *r, const struct oid *from, const struct oid *to, bool trust, work_pause_fn *pause,
    void *arg, struct arch_error *why)
{
	struct update u = { .r = r, .trust = trust, .pause = pause, .pause_arg = arg, .why = why };
	int rc = attempt(&u, from, to, false);

	/* Even `git status` writes the index. The files are right by now, so the second time is short: with the lock held. */
	if (rc != 0 && why->kind == ARCH_MOVED) {
		u.trust = true;
		rc = attempt(&u, from, to, true);
	}
	(void)FAULT("archive.after_index");
	return rc;
}
