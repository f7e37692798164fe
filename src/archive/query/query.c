/*
 * query - opens the repository for one question, runs it, and says how it ended; packs that
 * vanish meanwhile are looked for once more.
 *
 * The questions themselves are query_log.c's, query_show.c's and query_changes.c's.
 */
#include "archive/query/query.h"

#include <stdio.h>
#include <string.h>

#include "archive/pack/error.h"
#include "archive/query/query_priv.h"
#include "base/clock.h"

static const struct {
	const char *name;
	enum query_end (*fn)(struct query *q, struct repo *r, struct jw *w);
} table[] = {
	{ "log", query_log },
	{ "commit", query_commit },
	{ "tree", query_tree },
	{ "file", query_file },
	{ "activity", query_activity },
	{ "changes", query_changes },
};

enum query_end
query_trouble(struct query *q, const char *what)
{
	const git_error *e = git_error_last();

	snprintf(q->why, sizeof(q->why), "%s: %s", what, e != NULL && e->message != NULL ? e->message : "libgit2 does not say why");
	return QUERY_TROUBLE;
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
	jw_kc(w, "author_name", who != NULL ? who->name : "");
	jw_kc(w, "author_email", who != NULL ? who->email : "");
	clock_iso(when, git_commit_time(c) * USEC);
	jw_kc(w, "timestamp", when);
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

static enum query_end
once(struct query *q, size_t row, struct buf *out)
{
	struct arch_why why;
	struct repo *r = repo_open(q->dir, REPO_EXISTING, false, &why);
	enum query_end end;
	struct jw w;

	if (r == NULL) {
		snprintf(q->why, sizeof(q->why), "%s", why.text);
		return QUERY_TROUBLE;
	}
	buf_init(out, q->arena);
	jw_init(&w, out, JW_COMPACT);
	end = table[row].fn(q, r, &w);
	repo_close(&r);
	return end;
}

enum query_end
arch_query(struct query *q, struct str what, struct buf *out)
{
	enum query_end end = QUERY_TROUBLE;
	size_t row;

	snprintf(q->why, sizeof(q->why), "no such question");
	for (row = 0; row < sizeof(table) / sizeof(table[0]); row++) {
		if (!str_eqc(what, table[row].name))
			continue;
		end = once(q, row, out);
		if (end == QUERY_TROUBLE || end == QUERY_ABSENT)
			end = once(q, row, out);
	}
	return end;
}
