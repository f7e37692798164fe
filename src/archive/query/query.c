/*
 * query - opens the repository for one query, runs it, and says how it ended; packs that
 * vanish meanwhile are looked for once more.
 *
 * The queries themselves are query_log.c's, query_show.c's and query_changes.c's.
 */
#include "archive/query/query.h"

#include <stdio.h>
#include <string.h>

#include "archive/pack/error.h"
#include "archive/query/query_priv.h"
#include "base/clock.h"

static enum archive_end (*const table[])(struct query *q, struct repo *r, struct jw *w) = {
	[ARCHIVE_LOG] = query_log,
	[ARCHIVE_COMMIT] = query_commit,
	[ARCHIVE_TREE] = query_tree,
	[ARCHIVE_FILE] = query_file,
	[ARCHIVE_ACTIVITY] = query_activity,
	[ARCHIVE_CHANGES] = query_changes,
};

enum archive_end
query_trouble(struct query *q, const char *what)
{
	const git_error *e = git_error_last();

	snprintf(q->why, sizeof(q->why), "%s: %s", what,
	    e != NULL && e->message != NULL ? e->message : "libgit2 does not say why");
	return ARCHIVE_TROUBLE;
}

void
query_author(const git_commit *c, size_t max, struct jw *w)
{
	const git_signature *who = git_commit_author(c);
	struct str message = str_c(git_commit_message(c));
	char when[CLOCK_ISO_SIZE];

	if (max > 0)
		message = str_cut_utf8(message, max);
	jw_kstr(w, "message", message);
	jw_kcstr(w, "author_name", who != NULL ? who->name : "");
	jw_kcstr(w, "author_email", who != NULL ? who->email : "");
	clock_iso(when, git_commit_time(c) * USEC);
	jw_kcstr(w, "timestamp", when);
}

int
query_diff(struct repo *r, const git_commit *c, git_diff **out)
{
	git_diff_options o;
	git_tree *new = NULL, *old = NULL;
	git_commit *parent = NULL;
	int rc = git_commit_tree(&new, c);

	git_diff_options_init(&o, GIT_DIFF_OPTIONS_VERSION);
	o.flags = GIT_DIFF_SKIP_BINARY_CHECK;
	if (rc == 0 && git_commit_parentcount(c) > 0)
		rc = git_commit_parent(&parent, c, 0);
	if (rc == 0 && parent != NULL)
		rc = git_commit_tree(&old, parent);
	if (rc == 0)
		rc = git_diff_tree_to_tree(out, r->git, old, new, &o);
	git_tree_free(old);
	git_tree_free(new);
	git_commit_free(parent);
	return rc;
}

static enum archive_end
once(struct query *q, enum archive_what what, struct buf *out)
{
	struct arch_error why;
	struct repo *r = repo_open(q->dir, REPO_EXISTING, false, &why);
	enum archive_end end;
	struct jw w;

	if (r == NULL) {
		snprintf(q->why, sizeof(q->why), "%s", why.text);
		return ARCHIVE_TROUBLE;
	}
	buf_init(out, q->arena);
	jw_init(&w, out, JW_COMPACT);
	end = table[what](q, r, &w);
	repo_close(&r);
	return end;
}

enum archive_end
arch_query(struct query *q, enum archive_what what, struct buf *out)
{
	enum archive_end end = once(q, what, out);

	return end == ARCHIVE_TROUBLE || end == ARCHIVE_ABSENT ? once(q, what, out) : end;
}
