/*
 * query_show - one commit: what it says and changes, and what the archive
 * held then.
 */
#include <stdio.h>
#include <string.h>

#include "archive/query/query_priv.h"
#include "base/clock.h"
#include "base/hash.h"

/* Of one commit; the archiver's largest groups touch more. */
#define FILES_MAX 5000

/* Looks up the commit that q->sha begins the name of; NULL with *end for why not. */
static git_commit *
find(struct query *q, struct repo *r, enum archive_end *end)
{
	git_commit *c = NULL;
	git_oid id;
	int rc = git_oid_fromstrn(&id, q->sha.p, q->sha.n);

	if (rc == 0)
		rc = git_commit_lookup_prefix(&c, r->git, &id, q->sha.n);
	*end = rc == 0             ? ARCHIVE_FOUND
	    : rc == GIT_ENOTFOUND  ? ARCHIVE_ABSENT
	    : rc == GIT_EAMBIGUOUS ? ARCHIVE_AMBIGUOUS
				   : query_trouble(q, "commit");
	return rc == 0 ? c : NULL;
}

static void
put_sha(struct jw *w, const char *key, const git_oid *id)
{
	char hex[GIT_OID_HEXSZ + 1];

	git_oid_tostr(hex, sizeof(hex), id);
	if (key != NULL)
		jw_kcstr(w, key, hex);
	else
		jw_cstr(w, hex);
}

static void
put_files(struct jw *w, const char *key, const git_diff *d, bool (*wanted)(git_delta_t status), size_t *left)
{
	jw_karr(w, key);
	for (size_t i = 0; i < git_diff_num_deltas(d) && *left > 0; i++) {
		const git_diff_delta *delta = git_diff_get_delta(d, i);

		if (!wanted(delta->status))
			continue;
		jw_cstr(w, delta->status == GIT_DELTA_DELETED ? delta->old_file.path : delta->new_file.path);
		--*left;
	}
	jw_end(w);
}

static bool
added(git_delta_t s)
{
	return s == GIT_DELTA_ADDED;
}

static bool
deleted(git_delta_t s)
{
	return s == GIT_DELTA_DELETED;
}

static bool
modified(git_delta_t s)
{
	return s == GIT_DELTA_MODIFIED || s == GIT_DELTA_TYPECHANGE;
}

enum archive_end
query_commit(struct query *q, struct repo *r, struct jw *w)
{
	size_t left = FILES_MAX;
	enum archive_end end;
	git_commit *c = find(q, r, &end);
	git_diff *d = NULL;

	if (c == NULL)
		return end;
	if (query_diff(r, c, &d) != 0) {
		git_commit_free(c);
		return query_trouble(q, "files of the commit");
	}
	jw_obj(w);
	put_sha(w, "sha", git_commit_id(c));
	jw_karr(w, "parents");
	for (unsigned i = 0; i < git_commit_parentcount(c); i++)
		put_sha(w, NULL, git_commit_parent_id(c, i));
	jw_end(w);
	query_author(c, 0, w);
	put_files(w, "files_added", d, added, &left);
	put_files(w, "files_modified", d, modified, &left);
	put_files(w, "files_deleted", d, deleted, &left);
	if (git_diff_num_deltas(d) > FILES_MAX)
		jw_kint(w, "files_total", (int64_t)git_diff_num_deltas(d));
	jw_end(w);
	git_diff_free(d);
	git_commit_free(c);
	return ARCHIVE_FOUND;
}

/* What lies at the path in the commit; *commit and *entry are the caller's, entry NULL for the top. */
static enum archive_end
at_path(struct query *q, struct repo *r, git_commit **commit, git_tree **top, git_tree_entry **entry)
{
	enum archive_end end;
	int rc;

	*top = NULL;
	*entry = NULL;
	*commit = find(q, r, &end);
	if (*commit == NULL)
		return end;
	if (git_commit_tree(top, *commit) != 0)
		return query_trouble(q, "tree of the commit");
	if (q->path[0] == '\0')
		return ARCHIVE_FOUND;
	rc = git_tree_entry_bypath(entry, *top, q->path);
	return rc == 0 ? ARCHIVE_FOUND : rc == GIT_ENOTFOUND ? ARCHIVE_ABSENT : query_trouble(q, "path");
}

/* Bytes of a file; 0 for what is none. */
static int64_t
size_of(struct repo *r, const git_tree_entry *e)
{
	git_object_t type;
	size_t n;

	return git_tree_entry_type(e) == GIT_OBJECT_BLOB &&
		git_odb_read_header(&n, &type, r->odb, git_tree_entry_id(e)) == 0
	    ? (int64_t)n
	    : 0;
}

static void
put_entry(struct query *q, struct repo *r, const git_tree_entry *e, struct jw *w)
{
	const char *name = git_tree_entry_name(e);

	jw_obj(w);
	jw_kcstr(w, "name", name);
	jw_kstr(w, "path", q->path[0] == '\0' ? str_c(name) : arena_printf(q->arena, "%s/%s", q->path, name));
	jw_kbool(w, "is_directory", git_tree_entry_type(e) == GIT_OBJECT_TREE);
	jw_kint(w, "size", size_of(r, e));
	jw_end(w);
}

static enum archive_end
put_tree(struct query *q, struct repo *r, const git_tree *t, struct jw *w)
{
	size_t n = git_tree_entrycount(t), i = q->offset < (int64_t)n ? (size_t)q->offset : n;

	jw_arr(w);
	for (int64_t left = q->limit; i < n && left > 0; i++, left--) {
		if (clock_mono_us() > q->deadline)
			return ARCHIVE_LATE;
		put_entry(q, r, git_tree_entry_byindex(t, i), w);
	}
	jw_end(w);
	return ARCHIVE_FOUND;
}

enum archive_end
query_tree(struct query *q, struct repo *r, struct jw *w)
{
	git_tree *top, *t = NULL;
	git_tree_entry *e;
	git_commit *c;
	enum archive_end end = at_path(q, r, &c, &top, &e);

	if (end == ARCHIVE_FOUND && e != NULL && git_tree_entry_type(e) != GIT_OBJECT_TREE)
		end = ARCHIVE_ABSENT;
	if (end == ARCHIVE_FOUND && e != NULL && git_tree_lookup(&t, r->git, git_tree_entry_id(e)) != 0)
		end = query_trouble(q, "directory");
	if (end == ARCHIVE_FOUND)
		end = put_tree(q, r, t != NULL ? t : top, w);
	git_tree_free(t);
	git_tree_entry_free(e);
	git_tree_free(top);
	git_commit_free(c);
	return end;
}

/* Text as it is; what a JSON string cannot hold as base64, and then it says so. */
static void
put_file(struct query *q, const git_commit *c, struct str bytes, struct jw *w)
{
	bool text = memchr(bytes.p, '\0', bytes.n) == NULL && str_utf8_ok(bytes);

	jw_obj(w);
	jw_kcstr(w, "path", q->path);
	jw_kstr(w, "content", text ? bytes : hash_base64(q->arena, bytes.p, bytes.n));
	if (!text)
		jw_kcstr(w, "encoding", "base64");
	put_sha(w, "commit_sha", git_commit_id(c));
	jw_kint(w, "size", (int64_t)bytes.n);
	jw_end(w);
}

enum archive_end
query_file(struct query *q, struct repo *r, struct jw *w)
{
	git_odb_object *o = NULL;
	git_tree *top;
	git_tree_entry *e;
	git_commit *c;
	enum archive_end end = at_path(q, r, &c, &top, &e);

	if (end == ARCHIVE_FOUND && (e == NULL || git_tree_entry_type(e) != GIT_OBJECT_BLOB))
		end = ARCHIVE_ABSENT;
	if (end == ARCHIVE_FOUND && (q->size = size_of(r, e)) > QUERY_FILE_MAX) {
		snprintf(q->why, sizeof(q->why), "%s", q->path);
		end = ARCHIVE_LARGE;
	}
	if (end == ARCHIVE_FOUND && git_odb_read(&o, r->odb, git_tree_entry_id(e)) != 0)
		end = query_trouble(q, "file");
	if (end == ARCHIVE_FOUND)
		put_file(q, c, (struct str){ git_odb_object_data(o), git_odb_object_size(o) }, w);
	git_odb_object_free(o);
	git_tree_entry_free(e);
	git_tree_free(top);
	git_commit_free(c);
	return end;
}
