/*
 * repack - when to repack, and the child that does: counts packs and loose objects, starts
 * it, reaps it. The work itself is in git_repack.c.
 */
#include "archive/repack.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>

#include "archive/arch.h"
#include "archive/child.h"
#include "archive/git/git_repack.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"

#define LOOSE_EVERY_US (60 * USEC)
#define RETRY_US (10 * USEC)
#define GC_LIFE (12 * 3600) /* git itself takes an older gc.pid for stale */

/* A person's `git gc` does the same work. */
static bool
gc_runs(const struct arch *a)
{
	char path[PATH_MAX];
	struct stat st;

	snprintf(path, sizeof(path), "%s/gc.pid", repo_gitdir(a->repo));
	return stat(path, &st) == 0 && time(NULL) - st.st_mtime < GC_LIFE;
}

static int
repack_child(void *arg)
{
	const struct arch *a = arg;
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%s", repo_gitdir(a->repo));
	return repack_now(dir, a->sync);
}

static void
start(struct arch_repack *rp, struct arch *a, bool urgent)
{
	rp->child = child_start(urgent ? 0 : 19, repack_child, a);
	rp->urgent = urgent;
	if (!rp->child)
		rp->retry_at = clock_mono_us() + RETRY_US;
}

static void
reap(struct arch_repack *rp, struct arch *a, struct slot *slot)
{
	int ended = child_ended(rp->child);

	if (ended == 0)
		return;
	rp->child = 0;
	rp->failed = ended < 0;
	rp->seen_commits = -1;
	if (rp->failed) {
		rp->retry_at = clock_mono_us() + RETRY_US;
		return;
	}
	if (slot)
		counter_add(slot, C_archive_repacks_total, 1);
	/* What libgit2 has open keeps removed packs on the disk. */
	if (repo_reopen(a->repo, &a->why) != 0)
		log_warn("archive: %s", a->why.text);
}

static void
count(struct arch_repack *rp, struct arch *a)
{
	if (rp->seen_commits == a->commits + 1)
		return;
	rp->packs = repack_count_packs(repo_packdir(a->repo));
	rp->seen_commits = a->commits + 1;
}

void
repack_turn(struct arch_repack *rp, struct arch *a, struct slot *slot)
{
	int64_t now = clock_mono_us();
	bool many, urgent;

	if (rp->child)
		reap(rp, a, slot);
	count(rp, a);
	urgent = rp->packs >= REPACK_URGENT;
	if (rp->child && urgent && !rp->urgent)
		repack_stop(rp);
	if (rp->child || now < rp->retry_at)
		return;
	many = rp->packs >= REPACK_AT;
	if (!many && now >= rp->loose_at) {
		rp->loose_at = now + LOOSE_EVERY_US;
		many = repack_count_loose(repo_gitdir(a->repo)) >= REPACK_LOOSE_AT;
	}
	if (many && (urgent || !gc_runs(a)))
		start(rp, a, urgent);
}

bool
repack_must_wait(const struct arch_repack *rp)
{
	return rp->child && rp->packs >= REPACK_LIMIT && !rp->failed;
}

void
repack_stop(struct arch_repack *rp)
{
	if (rp->child)
		child_kill(rp->child);
	rp->child = 0;
}
