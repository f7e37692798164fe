/*
 * query_log - along the history: the commits, and what went on in a period.
 *
 * Newest first from the branch tip, in the order of git log: any sorting of
 * libgit2 would read the whole history before the first commit. Times of commits need not be in order where
 * people commit too; a walk ends a day before the period that was asked for.
 */
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "archive/query/query_priv.h"
#include "base/clock.h"
#include "base/log.h"

/* Of a message in a list; a group's names each of its operations. */
#define MESSAGE_MAX 2000
#define DAY (86400 * USEC)
/* Most changed files that are told. */
#define TOP 20

struct history {
	git_revwalk *walk;
	git_commit *commit; /* the present one */
};

static enum archive_end
history_open(struct query *q, struct repo *r, struct history *h)
{
	git_oid tip;
	int rc = git_reference_name_to_id(&tip, r->git, r->branch);

	*h = (struct history){ NULL, NULL };
	if (rc == GIT_ENOTFOUND)
		return ARCHIVE_FOUND;
	if (rc != 0 || git_revwalk_new(&h->walk, r->git) != 0 || git_revwalk_push(h->walk, &tip) != 0)
		return query_trouble(q, r->branch);
	return ARCHIVE_FOUND;
}

static void
history_close(struct history *h)
{
	git_commit_free(h->commit);
	git_revwalk_free(h->walk);
}

static bool
in_period(const struct query *q, const git_commit *c)
{
	int64_t t = git_commit_time(c) * USEC;

	return t >= q->since && t <= q->until;
}

static bool
by_author(const struct query *q, const git_commit *c)
{
	const git_signature *who = git_commit_author(c);

	return q->author[0] == '\0' ||
	    (who != NULL && (strcasestr(who->name, q->author) != NULL || strcasestr(who->email, q->author) != NULL));
}

/* The next commit of the period and the author; ARCHIVE_ABSENT at the end. */
static enum archive_end
history_next(struct query *q, struct repo *r, struct history *h)
{
	git_oid id;
	int rc;

	while (h->walk != NULL && (rc = git_revwalk_next(&id, h->walk)) != GIT_ITEROVER) {
		git_commit_free(h->commit);
		h->commit = NULL;
		if (rc != 0 || git_commit_lookup(&h->commit, r->git, &id) != 0)
			return query_trouble(q, "history");
		if (clock_mono_us() > q->deadline)
			return ARCHIVE_LATE;
		if (git_commit_time(h->commit) * USEC < q->since - DAY)
			break;
		if (in_period(q, h->commit) && by_author(q, h->commit))
			return ARCHIVE_FOUND;
	}
	return ARCHIVE_ABSENT;
}

/* What lay at the path in a commit; the parent of one is usually the next one asked for. */
struct seen {
	git_oid commit, entry;
	bool known, there;
};

static int
look(const struct query *q, const git_commit *c, struct seen *s)
{
	git_tree_entry *e = NULL;
	git_tree *t = NULL;
	int rc;

	if (s->known && git_oid_equal(&s->commit, git_commit_id(c)))
		return 0;
	rc = git_commit_tree(&t, c);
	if (rc == 0)
		rc = git_tree_entry_bypath(&e, t, q->path);
	s->known = rc == 0 || rc == GIT_ENOTFOUND;
	s->there = rc == 0;
	s->commit = *git_commit_id(c);
	if (rc == 0)
		s->entry = *git_tree_entry_id(e);
	git_tree_entry_free(e);
	git_tree_free(t);
	return s->known ? 0 : -1;
}

/* Whether the commit changes what lies at the path. */
static int
touches(const struct query *q, const git_commit *c, struct seen *s)
{
	struct seen before = { .known = false };
	git_commit *parent = NULL;
	int rc = look(q, c, s);

	if (rc == 0 && git_commit_parentcount(c) > 0) {
		rc = git_commit_parent(&parent, c, 0);
		if (rc == 0)
			rc = look(q, parent, &before);
	}
	if (rc == 0)
		rc = s->there != before.there || (s->there && !git_oid_equal(&s->entry, &before.entry));
	else
		rc = -1;
	if (before.known)
		*s = before;
	git_commit_free(parent);
	return rc;
}

static void
put_row(const git_commit *c, struct jw *w)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), git_commit_id(c));
	jw_obj(w);
	jw_kstr(w, "short_sha", (struct str){ hex, 7 });
	jw_kcstr(w, "full_sha", hex);
	query_author(c, MESSAGE_MAX, w);
	jw_knull(w, "files_changed");
	jw_end(w);
}

enum archive_end
query_log(struct query *q, struct repo *r, struct jw *w)
{
	struct seen seen = { .known = false };
	int64_t skip = q->offset, left = q->limit;
	struct history h;
	enum archive_end end = history_open(q, r, &h);

	jw_arr(w);
	while (end == ARCHIVE_FOUND && left > 0 && (end = history_next(q, r, &h)) == ARCHIVE_FOUND) {
		int hit = q->path[0] == '\0' ? 1 : touches(q, h.commit, &seen);

		if (hit < 0)
			end = query_trouble(q, "history of the path");
		if (hit <= 0 || skip-- > 0)
			continue;
		put_row(h.commit, w);
		left--;
	}
	jw_end(w);
	history_close(&h);
	return end == ARCHIVE_ABSENT ? ARCHIVE_FOUND : end;
}

/* Counts by name, in order of their first appearance. */
struct count {
	const char *name;
	int64_t n;
	UT_hash_handle hh;
};

static void
count(struct query *q, struct count **all, const char *name)
{
	struct count *c;

	HASH_FIND_STR(*all, name, c);
	if (c == NULL) {
		c = arena_new(q->arena, struct count);
		c->name = arena_cstr(q->arena, str_c(name));
		HASH_ADD_KEYPTR(hh, *all, c->name, strlen(c->name), c);
	}
	c->n++;
}

static int
by_name(struct count *a, struct count *b)
{
	return strcmp(a->name, b->name);
}

static int
by_number(struct count *a, struct count *b)
{
	return a->n != b->n ? (a->n < b->n ? 1 : -1) : strcmp(a->name, b->name);
}

static void
put_counts(struct jw *w, const char *key, struct count *all)
{
	struct count *c;

	jw_kobj(w, key);
	for (c = all; c != NULL; c = c->hh.next)
		jw_kint(w, c->name, c->n);
	jw_end(w);
}

static bool
count_files(struct query *q, struct repo *r, const git_commit *c, struct count **files)
{
	git_diff *d = NULL;

	if (query_diff(r, c, &d) != 0)
		return false;
	for (size_t i = 0; i < git_diff_num_deltas(d); i++)
		count(q, files, git_diff_get_delta(d, i)->new_file.path);
	git_diff_free(d);
	return true;
}

static void
put_files(struct jw *w, struct count *files)
{
	struct count *c;
	int n = 0;

	jw_karr(w, "most_changed_files");
	for (c = files; c != NULL && n < TOP; c = c->hh.next, n++) {
		jw_obj(w);
		jw_kcstr(w, "path", c->name);
		jw_kint(w, "changes", c->n);
		jw_end(w);
	}
	jw_end(w);
}

static void
put_time(struct jw *w, const char *key, int64_t us)
{
	char text[CLOCK_ISO_SIZE];

	clock_iso(text, us);
	jw_kcstr(w, key, text);
}

/* What went on: by day, by author, by file. */
struct sums {
	struct count *days, *authors, *files;
	int64_t commits, looked;
};

static void
put_activity(struct query *q, struct sums *s, struct jw *w)
{
	HASH_SORT(s->days, by_name);
	HASH_SORT(s->authors, by_number);
	HASH_SORT(s->files, by_number);
	jw_obj(w);
	put_time(w, "period_start", q->since);
	put_time(w, "period_end", q->until);
	jw_kint(w, "commit_count", s->commits);
	put_counts(w, "commits_by_day", s->days);
	put_counts(w, "commits_by_author", s->authors);
	put_files(w, s->files);
	if (s->looked < s->commits)
		jw_kint(w, "files_of_newest_commits", s->looked);
	jw_end(w);
}

enum archive_end
query_activity(struct query *q, struct repo *r, struct jw *w)
{
	int64_t now = clock_mono_us(), enough = now + (q->deadline - now) / 2;
	struct sums s = { .days = NULL };
	struct history h;
	enum archive_end end = history_open(q, r, &h);

	while (end == ARCHIVE_FOUND && (end = history_next(q, r, &h)) == ARCHIVE_FOUND) {
		const git_signature *who = git_commit_author(h.commit);
		char day[CLOCK_ISO_SIZE];

		clock_iso(day, git_commit_time(h.commit) * USEC);
		day[10] = '\0';
		count(q, &s.days, day);
		count(q, &s.authors, who != NULL ? who->name : "");
		s.commits++;
		/* Files cost more than commits: of the newest ones, as far as half of the time goes. */
		if (clock_mono_us() < enough && count_files(q, r, h.commit, &s.files))
			s.looked++;
	}
	history_close(&h);
	if (end == ARCHIVE_ABSENT || end == ARCHIVE_FOUND) {
		put_activity(q, &s, w);
		end = ARCHIVE_FOUND;
	}
	/* The tables; what they hold is the arena's. */
	HASH_CLEAR(hh, s.days);
	HASH_CLEAR(hh, s.authors);
	HASH_CLEAR(hh, s.files);
	return end;
}
