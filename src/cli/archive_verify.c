/*
 * archive_verify - compares messages with their files, and holds what the other parts share: the
 * tip, reading, counting.
 *
 * What is missing is looked for once more at the newest tip before it is told, since the archiver
 * may be at work. Nothing is written.
 */
#include "cli/archive_verify.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "archive/content/layout.h"
#include "archive/content/mail.h"
#include "cli/archive_verify_priv.h"
#include "conf/conf.h"
#include "store/db.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

#define IDS 1000

int
verify_tip(struct verify *v)
{
	struct commit c;
	struct oid tip;
	int rc = repo_tip(v->repo, &tip, &v->why);

	if (rc == 0)
		return arch_error(&v->why, ARCH_AGAIN, "the archive has no commit");
	if (rc < 0 || repo_commit(v->repo, &tip, &v->arena, &c, &v->why) != 0)
		return -1;
	if (oid_eq(&tip, &v->tip))
		return 0;
	v->tip = tip;
	trees_root(v->trees, &c.tree);
	return 1;
}

void
verify_differs(struct verify *v, int64_t *counter, const char *kind, struct str path, const char *fmt, ...)
{
	struct str about;
	va_list ap;

	va_start(ap, fmt);
	about = arena_vprintf(&v->arena, fmt, ap);
	va_end(ap);
	++*counter;
	v->say(v->arg, kind, path, about);
}

int
verify_pending(struct verify *v, int kind, int64_t ref)
{
	struct stmt *s = stmt_get(v->cx.db, STMT_ARCH_PENDING);
	int64_t one;
	int rc;

	stmt_bind_int(s, 1, kind);
	stmt_bind_int(s, 2, ref);
	rc = stmt_run_int(&v->cx, s, &one);
	return rc < 0 ? arch_error(&v->why, ARCH_AGAIN, "%" PRIstr, FSTR(v->cx.fail.msg)) : rc;
}

int
verify_read(struct verify *v, struct str path, struct str *text)
{
	unsigned char *bytes;
	unsigned mode;
	struct oid id;
	size_t n;
	int rc = trees_find(v->trees, path, &id, &mode, &v->why);

	if (rc <= 0)
		return rc;
	if (repo_read(v->repo, &id, OBJ_BLOB, &bytes, &n, &v->why) != 0)
		return -1;
	*text = arena_dup(&v->arena, (struct str){ (char *)bytes, n });
	free(bytes);
	return 1;
}

int
verify_each(struct verify *v, int stmt, int (*fn)(struct verify *v, int64_t id))
{
	static int64_t ids[IDS];
	int64_t last = 0;
	int n, rc;

	do {
		struct stmt *s = stmt_get(v->cx.db, (enum stmt_id)stmt);

		stmt_bind_int(s, 1, last);
		stmt_bind_int(s, 2, IDS);
		for (n = 0; (rc = stmt_step(&v->cx, s)) > 0;)
			ids[n++] = stmt_int(s, 0);
		stmt_done(s);
		if (rc < 0)
			return arch_error(&v->why, ARCH_AGAIN, "%" PRIstr, FSTR(v->cx.fail.msg));
		for (int i = 0; i < n; i++) {
			if (fn(v, ids[i]) != 0)
				return -1;
			cx_rewind(&v->cx);
			arena_reset(&v->arena);
		}
		last = n > 0 ? ids[n - 1] : last;
	} while (n == IDS);
	return 0;
}

struct look {
	struct verify *v;
	int64_t id;
	bool report;
	int bad;
};

static int
look_at_file(void *arg, struct str path, struct str bytes)
{
	struct look *l = arg;
	struct verify *v = l->v;
	struct oid want, id;
	unsigned mode;
	int rc = trees_find(v->trees, path, &id, &mode, &v->why);

	if (rc < 0)
		return -1;
	oid_of(OBJ_BLOB, bytes.p, bytes.n, &want);
	if (rc > 0 && oid_eq(&id, &want)) {
		v->out->files += l->report;
		return 0;
	}
	l->bad++;
	if (!l->report)
		return 0;
	if (rc == 0)
		verify_differs(v, &v->out->missing, "missing", path, "message %lld", (long long)l->id);
	else
		verify_differs(v, &v->out->differing, "differs", path, "message %lld", (long long)l->id);
	return 0;
}

/* How many files of the message are not as they should be; -1 when it could not be told. */
static int
look_at_mail(struct verify *v, const struct arch_mail *m, struct str canonical, bool report)
{
	struct look l = { v, m->id, report, 0 };

	return layout_files(&v->arena, m, canonical, look_at_file, &l) == 0 ? l.bad : -1;
}

static int
check_mail(struct verify *v, int64_t id)
{
	struct arch_mail m;
	struct str canonical;
	int rc = arch_mail_read(&v->cx, id, &m, &v->why), bad;

	if (rc < 0 && v->why.kind == ARCH_POISON) {
		verify_differs(
		    v, &v->out->missing, "missing", STR("messages"), "message %lld: %s", (long long)id, v->why.text);
		return 0;
	}
	if (rc <= 0)
		return rc;
	canonical = layout_message(&v->arena, &m, LAYOUT_BCC_NONE, STR_NONE);
	bad = look_at_mail(v, &m, canonical, false);
	if (bad < 0)
		return -1;
	if (bad > 0) {
		rc = verify_pending(v, QUEUE_MAIL, id);
		v->out->pending += rc > 0;
		if (rc != 0)
			return rc < 0 ? -1 : 0;
		/* Perhaps it was archived since the walk began. */
		if (verify_tip(v) < 0)
			return -1;
	}
	v->out->messages++;
	if (look_at_mail(v, &m, canonical, true) < 0)
		return -1;
	if (m.thread.p && m.thread.n > 0 && bad == 0 && !verify_shown(v, layout_canonical(&v->arena, &m)))
		verify_differs(v, &v->out->missing, "missing", layout_digest(&v->arena, m.slug, m.thread, 1),
		    "entry of message %lld", (long long)id);
	return 0;
}

static int
list_failed(struct verify *v)
{
	struct stmt *s = stmt_get(v->cx.db, STMT_ARCH_FAILED_ROWS);
	int rc;

	while ((rc = stmt_step(&v->cx, s)) > 0)
		verify_differs(v, &v->out->failed, "failed", STR("outbox_failed"),
		    "row %lld, kind %lld, ref %lld: %" PRIstr, (long long)stmt_int(s, 0), (long long)stmt_int(s, 1),
		    (long long)stmt_int(s, 2), FSTR(stmt_peek(s, 3)));
	stmt_done(s);
	return rc < 0 ? arch_error(&v->why, ARCH_AGAIN, "%" PRIstr, FSTR(v->cx.fail.msg)) : 0;
}

static int
read_tree(void *arg, const struct oid *id, unsigned char **bytes, size_t *n, struct arch_error *why)
{
	return repo_read(((struct verify *)arg)->repo, id, OBJ_TREE, bytes, n, why);
}

static int
compare(struct verify *v)
{
	if (verify_tip(v) < 0 || verify_walk(v) != 0)
		return -1;
	if (verify_each(v, STMT_ARCH_MAIL_IDS, check_mail) != 0)
		return -1;
	if (verify_profiles(v) != 0 || verify_reservations(v) != 0)
		return -1;
	return list_failed(v);
}

int
archive_verify(
    const struct conf *conf, verify_say_fn *say, void *arg, struct verify_result *out, struct arena *a, struct str *why)
{
	struct verify v = { .say = say, .arg = arg, .out = out };
	struct db *db = db_open(conf, DB_READ, a, why);
	int rc = -1;

	memset(out, 0, sizeof(*out));
	if (!db)
		return -1;
	arena_init(&v.arena, 1 << 16);
	cx_init(&v.cx, &v.arena, conf);
	v.cx.db = db;
	v.trees = trees_new(read_tree, &v);
	v.repo = repo_open(arena_cstr(a, conf->storage_root), REPO_EXISTING, false, &v.why);
	if (v.repo)
		rc = compare(&v);
	if (rc != 0)
		*why = arena_dup(a, str_c(v.why.text));
	trees_free(&v.trees);
	repo_close(&v.repo);
	free(v.shown);
	arena_fini(&v.arena);
	db_close(&db);
	return rc;
}

int64_t
verify_differences(const struct verify_result *r)
{
	return r->missing + r->differing + r->unknown + r->failed;
}
