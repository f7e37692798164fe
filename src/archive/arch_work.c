/*
 * arch_work - see arch_work.h.
 */
#include "archive/arch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/arch.h"
#include "archive/arch_git_work.h"
#include "archive/arch_locks.h"
#include "base/clock.h"
#include "base/log.h"

#define NOTE "agentmail-worktree"
/* The index is one file: the larger it is, the less often it is written. */
#define BUSY_EVERY_US (3 * USEC)
#define IDLE_EVERY_US (USEC / 5)
#define COST_SHARE 20

static void
note_path(const struct arch *a, char out[PATH_MAX])
{
	must((size_t)snprintf(out, PATH_MAX, "%s/%s", repo_gitdir(a->repo), NOTE) < PATH_MAX);
}

static void
show(struct arch_work *w, struct arch *a)
{
	char path[PATH_MAX], text[OID_HEX + 2];
	int fd;

	w->shown = a->tip;
	w->tree = a->base;
	note_path(a, path);
	oid_hex(&a->tip, text);
	text[OID_HEX] = '\n';
	/* In place: a torn note names no commit, and then everything is compared. */
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, OID_HEX + 1) != OID_HEX + 1)
		log_warn("cannot write %s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* What index and files show according to the note; nothing when it cannot be told. */
static void
read_note(struct arch_work *w, struct arch *a)
{
	char path[PATH_MAX], text[OID_HEX];
	struct arch_why why;
	struct commit c;
	ssize_t n = -1;
	int fd;

	w->known = true;
	memset(&w->shown, 0, sizeof(w->shown));
	memset(&w->tree, 0, sizeof(w->tree));
	note_path(a, path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	if (n == OID_HEX && oid_parse((struct str){ text, OID_HEX }, &w->shown) &&
	    repo_commit(a->repo, &w->shown, &a->group, &c, &why) == 0)
		w->tree = c.tree;
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
	if (!oid_eq(&now, shown) || oid_none(ours))
		return 0;
	l->n++;
	return trees_put(l->a->trees, path, ours, &l->a->why);
}

static int
restore_left_out(struct arch_work *w, struct arch *a)
{
	struct left_out l = { a, 0 };
	struct commit ours;
	struct oid id;
	int others = newest_of_ours(a, &ours);

	if (others <= 0 || oid_none(&w->tree))
		return others < 0 ? -1 : 0;
	if (repo_diff(a->repo, &w->tree, &ours.tree, put_back, &l, &a->why) != 0)
		return -1;
	if (l.n == 0)
		return 0;
	log_warn("archive: a commit was made from an index that lacked %d of our files; putting them back", l.n);
	return arch_commit_add(a, &a->tip,
		   arena_printf(&a->group, "archive: put back %d files that a commit left out\n\n%" PRIstr, l.n,
		       FSTR(arch_message_mark(a, &a->mark))),
		   &id) == 0
	    ? arch_commit_land(a, &id)
	    : -1;
}

static int
update(struct arch_work *w, struct arch *a, bool trust)
{
	int64_t started = clock_mono_us();
	struct arch_why why;
	int rc;

	if (!repo_on_branch(a->repo))
		return 0;
	rc = repo_work_update(a->repo, &w->tree, &a->base, trust && !w->doubt, &why);
	if (rc != 0 && locks_clear(a->repo) > 0)
		rc = repo_work_update(a->repo, &w->tree, &a->base, false, &why);
	w->updated_at = clock_mono_us();
	w->cost_us = w->updated_at - started;
	if (rc != 0) {
		log_warn("archive: work tree: %s; trying again", why.text);
		w->doubt = true;
		return -1;
	}
	w->doubt = false;
	show(w, a);
	return 0;
}

int
work_mend(struct arch_work *w, struct arch *a)
{
	if (!repo_worktree(a->repo))
		return 0;
	if (!w->known)
		read_note(w, a);
	if (restore_left_out(w, a) != 0)
		return -1;
	w->doubt = true;
	if (!oid_eq(&w->shown, &a->tip))
		update(w, a, false);
	return 0;
}

void
work_files(struct arch_work *w, struct arch *a)
{
	struct arch_why why;

	if (!repo_worktree(a->repo) || !repo_on_branch(a->repo))
		return;
	for (const struct arch_file *f = a->files; f; f = f->next) {
		if (!f->live || repo_work_write(a->repo, f->path, f->bytes.p, f->bytes.n, &why) == 0)
			continue;
		if (!w->doubt)
			log_warn("archive: work tree: %s", why.text);
		w->doubt = true;
	}
}

int64_t
work_index(struct arch_work *w, struct arch *a, enum work_when when)
{
	int64_t every = when == WORK_BUSY ? BUSY_EVERY_US : IDLE_EVERY_US, left;

	if (!repo_worktree(a->repo) || oid_eq(&w->shown, &a->tip))
		return 0;
	if (every < w->cost_us * COST_SHARE)
		every = w->cost_us * COST_SHARE;
	left = w->updated_at + every - clock_mono_us();
	if (left > 0 && when != WORK_NOW)
		return left;
	return update(w, a, true);
}
