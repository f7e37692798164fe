/*
 * work - when files and index follow the branch, in which process, and what is done about
 * commits of people.
 *
 * Which files differ, and how one is written safely, is arch_git_work's. The branch never waits
 * for anything here.
 */
#include "archive/work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/group.h"
#include "archive/child.h"
#include "archive/git/git_work.h"
#include "archive/git/locks.h"
#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"

#define NOTE "agentmail-worktree"
#define BOOT_ID 36
#define NOTE_SIZE (OID_HEX + 1 + BOOT_ID + 2)
/* The index is one file: the larger it is, the less often it is written. */
#define BUSY_EVERY_US (3 * USEC)
#define IDLE_EVERY_US (USEC / 5)
#define BUSY_SHARE 10
#define IDLE_SHARE 2
/* But whoever looks at a quiet archive finds it complete soon, also when the last update was slow: after a crash, on a loaded machine. */
#define IDLE_MOST_US (3 * USEC)
/* An update that takes longer than this is the child's. */
#define INLINE_US 20000
#define CHILD_NICE 10
#define CHILD_CHECK_US 20000
/*
 * While mail comes faster than this the files wait for it to end, and after a minute are written by a child that sleeps
 * five sixths of its time: files made by the thousand fill the file system's journal, and the flush of a send waits for that.
 */
#define RUSH_ROWS 500
#define RUSH_LOOK_US (2 * USEC)
#define RUSH_MOST_US (60 * USEC)
#define RUSH_SHARE 5
#define RUSH_SLEEP_MAX_US 50000
#define PAUSE_FILES 16

static void
note_path(const struct arch *a, char out[PATH_MAX])
{
	must((size_t)snprintf(out, PATH_MAX, "%s/%s", repo_gitdir(a->repo), NOTE) < PATH_MAX);
}

/* Files are not flushed: what they hold after a power failure is not known. */
static void
boot_id(char out[BOOT_ID + 1])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, out, BOOT_ID) : 0;

	out[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static void
show(struct arch_work *w, struct arch *a, const struct work_state *now)
{
	char path[PATH_MAX], hex[OID_HEX + 1], boot[BOOT_ID + 1], text[NOTE_SIZE];
	int fd, n;

	w->shown = *now;
	w->torn = false;
	note_path(a, path);
	oid_hex(&now->commit, hex);
	boot_id(boot);
	n = snprintf(text, sizeof(text), "%s %s\n", hex, boot);
	/* In place: a torn note names no commit, and then everything is compared. */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		log_warn("cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* What index and files show according to the note; nothing when it cannot be told. */
static void
read_note(struct arch_work *w, struct arch *a)
{
	char path[PATH_MAX], boot[BOOT_ID + 1], text[NOTE_SIZE];
	struct str note = { text, 0 };
	struct arch_error why;
	struct commit c;
	ssize_t n = -1;
	int fd;

	w->known = true;
	memset(&w->shown, 0, sizeof(w->shown));
	note_path(a, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	note.n = n > 0 ? (size_t)n : 0;
	boot_id(boot);
	w->torn = str_find(note, str_c(boot)) < 0;
	if (oid_parse(note, &w->shown.commit) && repo_commit(a->repo, &w->shown.commit, &a->group, &c, &why) == 0)
		w->shown.tree = c.tree;
	else
		memset(&w->shown, 0, sizeof(w->shown));
}

/* The newest commit of ours, and how many commits of others lie on it. */
static int
newest_of_ours(struct arch *a, struct commit *c)
{
	struct oid at = a->tip;
	int others = 0;

	for (; !oid_none(&at); at = c->parent, others++) {
		struct arch_mark mark;

		if (repo_commit(a->repo, &at, &a->group, c, &a->why) != 0)
			return -1;
		if (arch_mark_parse(c->message, &mark))
			return others;
	}
	return 0;
}

struct left_out {
	struct arch *a;
	int n;
};

/*
 * A path that we changed after the index was written last. Where the tip still
 * has what that index had, its author never saw our change.
 */
static int
put_back(void *arg, struct str path, const struct oid *shown, const struct oid *ours, unsigned mode)
{
	struct left_out *l = arg;
	struct oid now = { { 0 } };
	unsigned unused;

	if (trees_find(l->a->trees, path, &now, &unused, &l->a->why) < 0)
		return -1;
	if (!oid_eq(&now, shown))
		return 0;
	l->n++;
	if (oid_none(ours))
		return trees_remove(l->a->trees, path, &l->a->why) < 0 ? -1 : 0;
	return trees_put(l->a->trees, path, ours, &l->a->why);
}

static int
restore_left_out(struct arch_work *w, struct arch *a)
{
	struct left_out l = { a, 0 };
	struct commit ours;
	struct oid id;
	int others = newest_of_ours(a, &ours), rc;

	if (others <= 0 || oid_none(&w->shown.tree))
		return others < 0 ? -1 : 0;
	if (repo_diff(a->repo, &w->shown.tree, &ours.tree, put_back, &l, &a->why) != 0)
		return -1;
	if (l.n == 0)
		return 0;
	log_warn("archive: a commit was made from an index that lacked %d of our files; putting them back", l.n);
	rc = arch_commit_add(a, &a->tip,
	    arena_printf(&a->group, "archive: put back %d files that a commit left out\n\n%" PRIstr, l.n,
		FSTR(arch_message_mark(a, &a->mark))),
	    false, &id);
	return rc == 0 ? arch_commit_land(a, &id) : rc < 0 ? -1 : 0;
}

/* Do rows come fast? Looked at every RUSH_LOOK_US; `slot` counts them. */
static bool
in_rush(struct work_rush *r, const struct slot *slot, int64_t now)
{
	uint64_t rows;
	bool on;

	if (slot == NULL || now - r->looked_at < RUSH_LOOK_US)
		return slot != NULL && r->on;
	rows = counter_get(slot, C_archive_rows_total);
	on = r->looked_at > 0 && (int64_t)(rows - r->rows) * USEC >= RUSH_ROWS * (now - r->looked_at);
	if (on && !r->on)
		r->since = now;
	r->on = on;
	r->rows = rows;
	r->looked_at = now;
	return on;
}

struct work_job {
	struct repo *repo;
	struct oid from, to;
	bool trust;
	work_pause_fn *pause;    /* in the child */
	const struct slot *slot; /* where the archiver counts its rows */
	struct work_rush rush;
	unsigned files;
	int64_t paused_at; /* end of the last sleep, monotonic */
};

static void
make_way(void *arg)
{
	struct work_job *j = arg;
	int64_t now, nap;

	if (j->files++ % PAUSE_FILES != 0)
		return;
	now = clock_mono_us();
	nap = (now - j->paused_at) * RUSH_SHARE;
	if (in_rush(&j->rush, j->slot, now))
		usleep((useconds_t)(nap < RUSH_SLEEP_MAX_US ? nap : RUSH_SLEEP_MAX_US));
	j->paused_at = clock_mono_us();
}

static int
update_files(void *arg)
{
	struct work_job *j = arg;
	struct arch_error why;

	if (repo_work_update(j->repo, &j->from, &j->to, j->trust, j->pause, j, &why) == 0)
		return 0;
	if (locks_clear(j->repo) > 0 && repo_work_update(j->repo, &j->from, &j->to, false, j->pause, j, &why) == 0)
		return 0;
	log_warn("archive: work tree: %s; trying again", why.text);
	return -1;
}

/* The child's own repository: nothing of libgit2 may live over a fork. */
static int
update_in_child(void *arg)
{
	struct work_job *j = arg;
	struct arch_error why;
	int rc;

	j->repo = repo_open(repo_gitdir(j->repo), REPO_EXISTING, false, &why);
	if (!j->repo)
		return -1;
	rc = update_files(j);
	repo_close(&j->repo);
	return rc;
}

static void
updated(struct arch_work *w, struct arch *a, bool good)
{
	int64_t now = clock_mono_us();

	w->cost_us = now - w->updated_at;
	w->updated_at = now;
	if (good)
		show(w, a, &w->going);
	else
		w->behind = true;
}

static int64_t
update(struct arch_work *w, struct arch *a, enum work_when when)
{
	struct work_job j = {
		.repo = a->repo, .from = w->shown.tree, .to = a->base, .trust = !w->behind, .slot = w->slot, .rush = w->rush
	};
	bool good;

	if (w->torn)
		memset(&j.from, 0, sizeof(j.from));
	w->going = (struct work_state){ a->tip, a->base };
	w->updated_at = clock_mono_us();
	if (when != WORK_NOW && (w->behind || w->cost_us > INLINE_US)) {
		j.pause = w->slot != NULL ? make_way : NULL;
		w->child = child_start(CHILD_NICE, update_in_child, &j);
		/* Files of later groups are another child's: this one may still write older contents. */
		w->behind = w->child == 0;
		return CHILD_CHECK_US;
	}
	good = update_files(&j) == 0;
	if (good)
		w->behind = false;
	updated(w, a, good);
	return good ? 0 : -1;
}

/* 0 no child any more, else microseconds until to look again. */
static int64_t
look_after_child(struct arch_work *w, struct arch *a, enum work_when when)
{
	int ended = 0;

	if (!w->child)
		return 0;
	while ((ended = child_ended(w->child)) == 0 && when == WORK_NOW)
		usleep(CHILD_CHECK_US);
	if (ended == 0)
		return CHILD_CHECK_US;
	w->child = 0;
	updated(w, a, ended > 0);
	return 0;
}

int
work_mend(struct arch_work *w, struct arch *a)
{
	if (!repo_worktree(a->repo))
		return 0;
	if (!w->known)
		read_note(w, a);
	w->behind = w->torn || !oid_eq(&w->shown.commit, &a->tip);
	return restore_left_out(w, a);
}

void
work_files(struct arch_work *w, struct arch *a, bool backlog)
{
	struct arch_error why;

	if (!repo_worktree(a->repo) || !repo_on_branch(a->repo))
		return;
	if (backlog || w->child)
		w->behind = true;
	if (w->behind)
		return;
	for (const struct arch_file *f = a->files; f; f = f->next) {
		if (f->gone)
			repo_work_remove(a->repo, f->path, &f->id);
		if (!f->live || repo_work_write(a->repo, f->path, f->bytes.p, f->bytes.n, &why) == 0)
			continue;
		if (!w->behind)
			log_warn("archive: work tree: %s", why.text);
		w->behind = true;
	}
}

bool
work_done(const struct arch_work *w, const struct arch *a)
{
	if (!repo_worktree(a->repo) || !repo_on_branch(a->repo))
		return true;
	return !w->child && !w->torn && oid_eq(&w->shown.commit, &a->tip);
}

int64_t
work_index(struct arch_work *w, struct arch *a, enum work_when when)
{
	int64_t every = when == WORK_BUSY ? BUSY_EVERY_US : IDLE_EVERY_US, now = clock_mono_us();
	int64_t rest = w->cost_us * (when == WORK_BUSY ? BUSY_SHARE : IDLE_SHARE), left;
	bool rush = in_rush(&w->rush, w->slot, now);

	left = look_after_child(w, a, when);
	if (left > 0)
		return left;
	if (work_done(w, a))
		return 0;
	if (rush && when != WORK_NOW && now - w->rush.since < RUSH_MOST_US && now - w->updated_at < RUSH_MOST_US)
		return RUSH_LOOK_US;
	if (when == WORK_IDLE && rest > IDLE_MOST_US)
		rest = IDLE_MOST_US;
	left = w->updated_at + (every > rest ? every : rest) - clock_mono_us();
	if (left > 0 && when != WORK_NOW)
		return left;
	return update(w, a, when);
}

void
work_stop(struct arch_work *w)
{
	if (w->child)
		child_kill(w->child);
	w->child = 0;
}
