/*
 * query_changes - what the commit of a message did to the message's file
 * (contract/reservations-resources.md 8.11). Best effort: what is not found, or
 * not in time, is left out.
 */
#include <stdio.h>
#include <string.h>

#include "archive/query/query_priv.h"
#include "base/clock.h"

#define LINES 12
#define LINE_CHARS 200
#define SHA_DIGITS 12

/* One commit at a time; messages that came together were committed together. */
struct open_commit {
	git_oid id;
	git_commit *commit;
	git_diff *diff;
};

static void
close_commit(struct open_commit *o)
{
	git_diff_free(o->diff);
	git_commit_free(o->commit);
	*o = (struct open_commit){ .commit = NULL };
}

static bool
open_commit(struct repo *r, struct str sha, struct open_commit *o)
{
	git_oid id;

	if (sha.n != GIT_OID_HEXSZ || git_oid_fromstrn(&id, sha.p, sha.n) != 0)
		return false;
	if (o->commit != NULL && git_oid_equal(&id, &o->id))
		return o->diff != NULL;
	close_commit(o);
	o->id = id;
	return git_commit_lookup(&o->commit, r->git, &id) == 0 && query_diff(r, o->commit, &o->diff) == 0;
}

/* projects/<slug>/messages/<year>/<month>/<...>__<id>.md: neither a copy nor a digest of a thread. */
static bool
is_file_of(struct str path, const char *end)
{
	struct str tail = str_c(end), first, slug;

	return path.n > tail.n && str_eq(str_sub(path, path.n - tail.n, tail.n), tail) &&
	    str_next(&path, '/', &first) && str_eqc(first, "projects") && str_next(&path, '/', &slug) &&
	    str_starts(path, STR("messages/")) && !str_starts(path, STR("messages/threads/"));
}

static git_patch *
patch_of(const struct open_commit *o, int64_t message)
{
	git_patch *p = NULL;
	char end[40];

	snprintf(end, sizeof(end), "__%lld.md", (long long)message);
	for (size_t i = 0; i < git_diff_num_deltas(o->diff); i++)
		if (is_file_of(str_c(git_diff_get_delta(o->diff, i)->new_file.path), end))
			return git_patch_from_diff(&p, o->diff, i) == 0 ? p : NULL;
	return NULL;
}

static void
put_line(struct query *q, const git_diff_line *line, struct jw *w)
{
	struct str text = { line->content, line->content_len };

	while (text.n > 0 && (text.p[text.n - 1] == '\n' || text.p[text.n - 1] == '\r'))
		text.n--;
	jw_str(w, str_cut_chars(arena_printf(q->arena, "%c%" PRIstr, line->origin, FSTR(text)), LINE_CHARS));
}

/* The first lines, and the hunks that they are of; none of a root commit. */
static void
put_excerpt(struct query *q, git_patch *p, bool root, struct jw *w)
{
	size_t hunks = root ? 0 : git_patch_num_hunks(p), h, n = 0;
	const git_diff_line *line;

	jw_kobj(w, "diff_summary");
	for (h = 0; h < hunks && n < LINES; h++)
		for (int i = 0; n < LINES && git_patch_get_line_in_hunk(&line, p, h, (size_t)i) == 0; i++)
			n += line->origin == '+' || line->origin == '-';
	jw_kint(w, "hunks", (int64_t)h);
	jw_karr(w, "excerpt");
	for (h = 0, n = 0; h < hunks && n < LINES; h++) {
		for (int i = 0; n < LINES && git_patch_get_line_in_hunk(&line, p, h, (size_t)i) == 0; i++) {
			if (line->origin != '+' && line->origin != '-')
				continue;
			put_line(q, line, w);
			n++;
		}
	}
	jw_end(w);
	jw_end(w);
}

static void
put_change(struct query *q, const struct open_commit *o, int64_t message, git_patch *p, struct jw *w)
{
	const git_signature *who = git_commit_author(o->commit);
	size_t context, added, deleted;
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), &o->id);
	jw_obj(w);
	jw_kint(w, "id", message);
	jw_kobj(w, "commit");
	jw_kstr(w, "hexsha", (struct str){ hex, SHA_DIGITS });
	jw_kcstr(w, "summary", git_commit_summary(o->commit));
	jw_ktime(w, "authored_ts", (who != NULL ? who->when.time : git_commit_time(o->commit)) * USEC);
	if (git_patch_line_stats(&context, &added, &deleted, p) == 0) {
		jw_kint(w, "insertions", (int64_t)added);
		jw_kint(w, "deletions", (int64_t)deleted);
	}
	put_excerpt(q, p, git_commit_parentcount(o->commit) == 0, w);
	jw_end(w);
	jw_end(w);
}

enum archive_end
query_changes(struct query *q, struct repo *r, struct jw *w)
{
	struct open_commit o = { .commit = NULL };

	jw_arr(w);
	for (size_t i = 0; i < q->nitems && clock_mono_us() < q->deadline; i++) {
		git_patch *p = open_commit(r, q->items[i].sha, &o) ? patch_of(&o, q->items[i].message) : NULL;

		if (p != NULL)
			put_change(q, &o, q->items[i].message, p, w);
		git_patch_free(p);
	}
	jw_end(w);
	close_commit(&o);
	return ARCHIVE_FOUND;
}
