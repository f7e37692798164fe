/*
 * browse - REST: the history and the contents of the Git archive
 * (contract/rest-and-rust-peers.md A.3).
 *
 * Git is walked by the helper (decision 3.54); a row checks the arguments, writes
 * the query, and hands its result on. Who may call these routes sees all mail: the archive
 * knows no viewer, so with agent_auth = token they want the server's credentials
 * (decision 3.38).
 */
#include <inttypes.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/query/archive.h"
#include "rest/rest.h"
#include "store/cx.h"

#define LIMIT 1000 /* decision 3.59 */
#define PATH_BYTES 4096
#define DAY (86400 * USEC)
#define PERIOD (30 * DAY)

struct log_in {
	struct p_str author, path, since, until;
	struct p_int limit, offset;
};

struct at_in {
	struct p_str sha, path;
	struct p_int limit, offset;
};

#define SINCE(type) PARAM(type, since, P_STR, P_TIME, "Not before this ISO-8601 time or day")
#define UNTIL(type) PARAM(type, until, P_STR, P_TIME, "Not after this time; a day counts to its end")
#define OFFSET(type) PARAM(type, offset, P_INT, 0, "Rows to leave out first, to page on", "0")
#define SHA(type) PARAM(type, sha, P_STR, P_REQUIRED | P_PATH, "The commit: 4 to 40 hex digits")

static const struct param log_params[] = {
	PARAM(log_in, author, P_STR, 0, "Part of the author's name or address, ignoring case"),
	PARAM(log_in, path, P_STR, 0, "Only commits that change this file or directory"),
	SINCE(log_in),
	UNTIL(log_in),
	PARAM(log_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "50"),
	OFFSET(log_in),
};

static const struct param activity_params[] = { SINCE(log_in), UNTIL(log_in) };
static const struct param show_params[] = { SHA(at_in) };
static const struct param file_params[] = {
	SHA(at_in),
	PARAM(at_in, path, P_STR, P_REQUIRED, "A file, from the top of the archive"),
};
static const struct param tree_params[] = {
	SHA(at_in),
	PARAM(at_in, path, P_STR, 0, "A directory; the top of the archive without it", "\"\""),
	PARAM(at_in, limit, P_INT, 0, "Rows at most", "1000"),
	OFFSET(at_in),
};

/* Refuses a path with ".." or the like. Git would find nothing by it, but it is a mistake or an attempt. */
static int
check_path(struct cx *cx, struct str path)
{
	struct str rest = path, part;

	if (path.n > PATH_BYTES || str_chr(path, '\0') >= 0)
		return fail(cx, ERR_VALIDATION_ERROR,
		    "Invalid input: path is longer than %d bytes or holds a zero byte", PATH_BYTES);
	while (path.n > 0 && str_next(&rest, '/', &part))
		if (part.n == 0 || str_eqc(part, ".") || str_eqc(part, ".."))
			return fail(cx, ERR_VALIDATION_ERROR,
			    "Invalid input: path goes from the top of the archive, without '/' at either end, '.' or '..'");
	return 0;
}

static int
check_sha(struct cx *cx, struct str sha)
{
	bool good = sha.n >= 4 && sha.n <= 40;

	for (size_t i = 0; i < sha.n; i++)
		good &= (sha.p[i] >= '0' && sha.p[i] <= '9') || ((sha.p[i] | 0x20) >= 'a' && (sha.p[i] | 0x20) <= 'f');
	if (!good)
		return fail(cx, ERR_VALIDATION_ERROR, "Invalid input: Invalid commit SHA format: 4 to 40 hex digits");
	return 0;
}

static int
read_time(struct cx *cx, const char *name, const struct p_str *in, bool end, int64_t absent, int64_t *out)
{
	*out = absent;
	if (!in->set)
		return 0;
	if (!clock_parse_iso(str_trim(in->v), out))
		return fail(cx, ERR_VALIDATION_ERROR,
		    "Invalid input: %s is no ISO-8601 time, such as 2026-01-31T12:00:00Z", name);
	/* A day alone. */
	if (end && str_trim(in->v).n == 10)
		*out += DAY - 1;
	return 0;
}

static struct archive_query
query_of(const struct cx *cx, enum archive_what what)
{
	return (struct archive_query){ .what = what, .dir = cx->conf->storage_root };
}

static void
set_page(struct archive_query *q, int64_t limit, int64_t offset)
{
	q->limit = limit < 0 || limit > LIMIT ? LIMIT : limit;
	q->offset = offset < 0 ? 0 : offset;
}

static int
query_log(struct cx *cx, const void *arg, struct buf *out)
{
	struct archive_query q = query_of(cx, ARCHIVE_LOG);
	const struct log_in *in = arg;

	if (check_path(cx, in->path.v) < 0 || read_time(cx, "since", &in->since, false, 0, &q.since) < 0 ||
	    read_time(cx, "until", &in->until, true, INT64_MAX, &q.until) < 0)
		return -1;
	q.author = str_trim(in->author.v);
	q.path = in->path.v;
	set_page(&q, in->limit.v, in->offset.v);
	archive_query_put(out, &q);
	return 1;
}

static int
query_activity(struct cx *cx, const void *arg, struct buf *out)
{
	struct archive_query q = query_of(cx, ARCHIVE_ACTIVITY);
	const struct log_in *in = arg;

	if (read_time(cx, "until", &in->until, true, cx->now, &q.until) < 0 ||
	    read_time(cx, "since", &in->since, false, q.until - PERIOD, &q.since) < 0)
		return -1;
	archive_query_put(out, &q);
	return 1;
}

static int
query_at(struct cx *cx, const struct at_in *in, enum archive_what what, struct buf *out)
{
	struct archive_query q = query_of(cx, what);

	if (check_sha(cx, in->sha.v) < 0 || check_path(cx, in->path.v) < 0)
		return -1;
	q.sha = in->sha.v;
	q.path = in->path.v;
	set_page(&q, in->limit.v, in->offset.v);
	archive_query_put(out, &q);
	return 1;
}

static int
query_show(struct cx *cx, const void *in, struct buf *out)
{
	return query_at(cx, in, ARCHIVE_COMMIT, out);
}

static int
query_tree(struct cx *cx, const void *in, struct buf *out)
{
	return query_at(cx, in, ARCHIVE_TREE, out);
}

static int
query_file(struct cx *cx, const void *in, struct buf *out)
{
	const struct at_in *at = in;

	if (str_blank(at->path.v))
		return fail(cx, ERR_VALIDATION_ERROR, "Invalid input: path names no file");
	return query_at(cx, in, ARCHIVE_FILE, out);
}

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	struct archive_result r;
	bool known = archive_result_get(cx->arena, cx->query_result, &r);

	switch (known ? r.end : ARCHIVE_LATE) {
	case ARCHIVE_FOUND: jw_raw(out, r.json); return 0;
	case ARCHIVE_ABSENT: return fail(cx, ERR_NOT_FOUND, "Resource not found");
	case ARCHIVE_AMBIGUOUS:
		return fail(cx, ERR_VALIDATION_ERROR,
		    "Invalid input: more than one commit begins with that SHA; give more digits");
	case ARCHIVE_LARGE:
		return fail(cx, ERR_PAYLOAD_TOO_LARGE,
		    "'%" PRIstr "' has %" PRId64 " bytes; only files of up to 1048576 are shown. Read it with git.",
		    FSTR(r.why), r.size);
	case ARCHIVE_TROUBLE: return fail(cx, ERR_OS_ERROR, "Version control operation failed");
	default:
		return fail(cx, ERR_RESOURCE_BUSY,
		    "The archive could not be looked through in time. Try again, or ask for less: a later `since`, a smaller `limit`.");
	}
}

#define ROW(what, path, text, table, type) \
	const struct rest_route rest_archive_##what = { \
		.op.name = "archive_" #what, \
		.method = "GET", \
		.paths = REST_PATHS(path), \
		.op.desc = text, \
		OP_PARAMS(table, type), \
		.op.flags = OP_READ, \
		.op.query = query_##what, \
		.op.run = run, \
	}

ROW(log, "/api/archive/commits", "Commits of the archive, newest first", log_params, log_in);
ROW(show, "/api/archive/commits/{sha}", "A commit and the files that it changes", show_params, at_in);
ROW(tree, "/api/archive/files/{sha}", "What a directory held at a commit", tree_params, at_in);
ROW(file, "/api/archive/file/{sha}", "A file as it was at a commit", file_params, at_in);
ROW(activity, "/api/archive/activity", "Commits by day and author, and the files that change most", activity_params,
    log_in);
