/*
 * open - takes the lock of the archive, opens or makes the repository, and removes what a
 * crash left half done.
 *
 * Whoever has the lock is the only writer: the archiver of an upgrade waits here until the old one
 * has gone.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "archive/group.h"
#include "archive/git/locks.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/db.h"

#define LOCK_STEP_US 20000
#define RECOVER_COMMITS 100000 /* a .keep file names a commit that is at or near the tip, or nowhere */

/* The flock is on the directory itself: no file in somebody's `git status`, nothing that can be left behind. */
static int
take_lock(struct arch *a, const char *dir, int wait_ms)
{
	int64_t until = clock_mono_us() + (int64_t)wait_ms * 1000;

	if (mkdir(dir, 0750) != 0 && errno != EEXIST)
		return arch_error(&a->why, ARCH_AGAIN, "cannot make %s: %s", dir, strerror(errno));
	a->lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (a->lock < 0)
		return arch_error(&a->why, ARCH_AGAIN, "cannot open %s: %s", dir, strerror(errno));
	while (flock(a->lock, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return arch_error(&a->why, ARCH_AGAIN, "cannot lock %s: %s", dir, strerror(errno));
		if (wait_ms >= 0 && clock_mono_us() >= until)
			return 1;
		usleep(LOCK_STEP_US);
	}
	return 0;
}

static int
read_tree(void *arg, const struct oid *id, unsigned char **bytes, size_t *n, struct arch_error *why)
{
	struct arch *a = arg;

	return repo_read(a->repo, id, OBJ_TREE, bytes, n, why);
}

static bool
reached(void *arg, const struct oid *commit)
{
	struct arch *a = arg;

	return repo_reached(a->repo, commit, RECOVER_COMMITS);
}

int
arch_open(struct arch *a, const struct conf *conf, const char *dir, struct db *db, struct gate *gate, int wait_ms)
{
	int rc;

	memset(a, 0, sizeof(*a));
	arena_init(&a->group, 1 << 16);
	arena_init(&a->own, 1 << 12);
	a->conf = conf;
	a->gate = gate;
	a->lock = -1;
	a->files_tail = &a->files;
	cx_init(&a->cx, &a->group, conf);
	a->cx.db = db;
	a->mark.store = db ? arena_dup(&a->own, db_store_id(db)) : STR_NONE;
	/* What the outbox loses must be on the disk when the database promises to survive a power failure. */
	a->sync = conf->durability == DURABILITY_FULL;
	a->pack = pack_new((int)conf->archive_compression);
	a->trees = trees_new(read_tree, a);
	rc = take_lock(a, dir, wait_ms);
	if (rc != 0)
		return rc;
	a->repo = repo_open(dir, conf->archive_worktree ? REPO_WORKTREE : REPO_BARE, a->sync, &a->why);
	if (!a->repo)
		return -1;
	if ((repo_worktree(a->repo) != NULL) != conf->archive_worktree)
		log_warn("archive %s was made %s a work tree and stays so: archive_worktree has no effect", dir,
		    repo_worktree(a->repo) ? "with" : "without");
	locks_clear_branch(a->repo);
	pack_recover(repo_packdir(a->repo), reached, a);
	return 0;
}

void
arch_close(struct arch *a)
{
	arch_stage_clear(a);
	trees_free(&a->trees);
	pack_free(&a->pack);
	repo_close(&a->repo);
	if (a->lock >= 0)
		close(a->lock);
	a->lock = -1;
	arena_fini(&a->group);
	arena_fini(&a->own);
}
