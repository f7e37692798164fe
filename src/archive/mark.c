/*
 * mark - where the archive stands, and how that fits the database (arch_settle; decision
 * 3.44).
 *
 * A number alone never says "already done": rows at or below the mark are applied once more, which
 * changes nothing where they are done (apply.c). The mark is what keeps numbers from being
 * used twice.
 */
#include <string.h>

#include "archive/group.h"
#include "archive/content/layout.h"
#include "base/log.h"
#include "store/changes.h"
#include "store/db.h"
#include "store/stmt.h"
#include "store/txn.h"

#define SEEN_MAX 1024

/* What a walk along first parents found. */
struct found {
	bool any, own;
	struct arch_mark newest; /* of whatever store */
	struct arch_mark mine;   /* highest of our store */
};

struct outbox_ends {
	int64_t first, last; /* 0, 0 when empty */
};

static int
outbox_ends(struct arch *a, struct outbox_ends *e)
{
	struct stmt *s = stmt_get(a->cx.db, STMT_ARCH_ENDS);
	int rc = stmt_step(&a->cx, s);

	e->first = rc > 0 ? stmt_int(s, 0) : 0;
	e->last = rc > 0 ? stmt_int(s, 1) : 0;
	stmt_done(s);
	return rc > 0 ? 0 : arch_error(&a->why, ARCH_AGAIN, "outbox: %" PRIstr, FSTR(a->cx.fail.msg));
}

static void
note_mark(struct arch *a, struct found *f, const struct arch_mark *mark, const struct oid *commit)
{
	if (!f->any) {
		f->any = true;
		f->newest = *mark;
		f->newest.store = arena_dup(&a->own, mark->store);
	}
	if (!str_eq(mark->store, a->mark.store))
		return;
	/* The highest, should somebody have picked an older commit on top. */
	if (!f->own || mark->outbox > f->mine.outbox)
		f->mine.outbox = mark->outbox;
	if (!f->own || mark->message > f->mine.message)
		f->mine.message = mark->message;
	f->own = true;
	if (a->nseen < SEEN_MAX)
		a->seen[a->nseen++] = (struct arch_seen){ mark->outbox, *commit };
}

/* Walks from the tip until the mark of our store is known and lies below the oldest row of the outbox. */
static int
find_marks(struct arch *a, struct found *f)
{
	struct outbox_ends ends = { 0, 0 };
	struct oid at = a->tip;
	struct commit c;
	int rc = outbox_ends(a, &ends);

	memset(f, 0, sizeof(*f));
	if (!a->seen)
		a->seen = arena_array(&a->own, struct arch_seen, SEEN_MAX);
	a->nseen = 0;
	while (rc == 0 && !oid_none(&at)) {
		struct arena_mark m = arena_mark(&a->group);
		struct arch_mark mark;

		rc = repo_commit(a->repo, &at, &a->group, &c, &a->why);
		if (rc == 0 && arch_mark_parse(c.message, &mark)) {
			note_mark(a, f, &mark, &at);
			if (f->own && (ends.first == 0 || mark.outbox < ends.first || a->nseen == SEEN_MAX))
				at = (struct oid){ { 0 } };
		}
		if (!oid_none(&at))
			at = c.parent;
		arena_rewind(&a->group, m);
	}
	return rc;
}

static int
sequence(struct arch *a, const char *table, int64_t *out)
{
	struct stmt *s = stmt_get(a->cx.db, STMT_ARCH_SEQ);

	*out = 0;
	stmt_bind_str(s, 1, str_c(table));
	if (stmt_run_int(&a->cx, s, out) < 0)
		return arch_error(&a->why, ARCH_AGAIN, "sqlite_sequence: %" PRIstr, FSTR(a->cx.fail.msg));
	return 0;
}

static int
raise_sequence(struct cx *cx, const char *table, int64_t to)
{
	static const enum stmt_id steps[] = { STMT_ARCH_SEQ_RAISE, STMT_ARCH_SEQ_ADD };

	for (size_t i = 0; i < 2; i++) {
		struct stmt *s = stmt_get(cx->db, steps[i]);

		stmt_bind_str(s, 1, str_c(table));
		stmt_bind_int(s, 2, to);
		if (stmt_run(cx, s) != 0)
			return -1;
	}
	return 0;
}

struct raise {
	const struct arch_mark *above;
	int64_t last; /* rows up to here get new ids */
	bool renumber;
};

static int
raise_in_transaction(struct cx *cx, void *arg)
{
	struct raise *r = arg;
	struct stmt *s;

	if (raise_sequence(cx, "outbox", r->above->outbox) != 0 ||
	    raise_sequence(cx, "messages", r->above->message) != 0 || changes_leap(cx) != 0)
		return -1;
	if (!r->renumber)
		return 0;
	s = stmt_get(cx->db, STMT_ARCH_RENUMBER);
	stmt_bind_int(s, 1, r->last);
	if (stmt_run(cx, s) != 0)
		return -1;
	s = stmt_get(cx->db, STMT_ARCH_DONE);
	stmt_bind_int(s, 1, 0);
	stmt_bind_int(s, 2, r->last);
	return stmt_run(cx, s);
}

/* Lifts both counters above the mark; all pending rows follow in their order when the first of them lies at or below it. */
static int
raise_counters(struct arch *a, const struct arch_mark *above, const char *reason)
{
	struct raise r = { above, 0, false };
	struct outbox_ends ends;

	if (outbox_ends(a, &ends) != 0)
		return -1;
	r.last = ends.last;
	r.renumber = ends.first > 0 && ends.first <= above->outbox;
	log_error("archive: %s: counters go on above outbox=%lld message=%lld, %s", reason, (long long)above->outbox,
	    (long long)above->message, r.renumber ? "pending rows get new ids" : "no row was pending below");
	if (txn_once(a->cx.db, a->gate, &a->cx, raise_in_transaction, &r) != 0)
		return arch_error(&a->why, ARCH_AGAIN, "raising counters: %" PRIstr, FSTR(a->cx.fail.msg));
	if (r.renumber)
		a->nseen = 0;
	return 0;
}

static int
agree(struct arch *a, const struct found *f)
{
	int64_t outbox, message;

	if (sequence(a, "outbox", &outbox) != 0 || sequence(a, "messages", &message) != 0)
		return -1;
	if (!f->own) {
		a->mark.outbox = f->newest.outbox;
		a->mark.message = f->newest.message;
		return raise_counters(a, &f->newest, "the archive was written by another database");
	}
	a->mark.outbox = f->mine.outbox;
	a->mark.message = f->mine.message;
	if (outbox < f->mine.outbox || message < f->mine.message)
		return raise_counters(a, &f->mine, "the database is older than the archive");
	return 0;
}

static int
first_commit(struct arch *a)
{
	struct arch_mark zero = { a->mark.store, 0, 0 };
	struct oid id, none = { { 0 } };
	struct buf b;

	trees_root(a->trees, NULL);
	if (arch_stage_file(a, STR(".gitattributes"), STR(LAYOUT_ATTRIBUTES)) != 0)
		return -1;
	buf_init(&b, &a->group);
	buf_cstr(&b, "chore: initialize archive\n\n");
	buf_str(&b, arch_message_mark(a, &zero));
	if (arch_commit_add(a, &none, buf_flat(&b), true, &id) != 0 || arch_commit_land(a, &id) != 0)
		return -1;
	a->mark = zero;
	return 0;
}

int
arch_settle(struct arch *a)
{
	struct commit c;
	struct found f;
	int rc;

	cx_rewind(&a->cx);
	arch_stage_clear(a);
	pack_reset(a->pack);
	memset(&a->tip, 0, sizeof(a->tip));
	memset(&a->base, 0, sizeof(a->base));
	rc = repo_tip(a->repo, &a->tip, &a->why);
	if (rc == 0)
		return first_commit(a);
	if (rc < 0 || repo_commit(a->repo, &a->tip, &a->group, &c, &a->why) != 0)
		return -1;
	a->base = c.tree;
	arch_restage(a);
	if (!a->cx.db)
		return 0;
	if (find_marks(a, &f) != 0)
		return -1;
	if (!f.any)
		return arch_error(&a->why, ARCH_REFUSED,
		    "the repository at %s has commits, but none of them is ours: `agentmail import` takes such data over",
		    repo_gitdir(a->repo));
	return agree(a, &f);
}
