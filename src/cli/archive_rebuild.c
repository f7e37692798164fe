/*
 * archive_rebuild - makes the outbox rows that once were and gives them to the same functions as
 * the archiver does, in large groups.
 *
 * It keeps packs few as it goes, and ends with a commit that carries the mark. It never writes
 * into an archive that has commits.
 */
#include "cli/archive_rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "archive/group.h"
#include "archive/git/git_repack.h"
#include "archive/repack.h"
#include "archive/work.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve_archive.h"
#include "store/db.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

#define IDS 1000
#define BATCH 512

struct rebuild {
	struct arch a;
	struct arch_work work;
	bool in_place; /* dir is the configured storage_root */
	struct arch_row rows[BATCH];
	struct arch_op ops[BATCH];
	size_t n;
	rebuild_say_fn *say;
	void *arg;
	struct rebuild_result *out;
};

static int
from_mail(struct rebuild *b)
{
	return arch_error(&b->a.why, ARCH_AGAIN, "%" PRIstr, FSTR(b->a.cx.fail.msg));
}

static int
keep_packs_few(struct rebuild *b)
{
	if (repack_count_packs(repo_packdir(b->a.repo)) < REPACK_AT)
		return 0;
	if (repack_now(repo_gitdir(b->a.repo), b->a.sync) != 0)
		return arch_error(&b->a.why, ARCH_AGAIN, "the packs could not be put together");
	return repo_reopen(b->a.repo, &b->a.why);
}

/* Applies the first n rows; a row that can never be applied is named and left out. */
static int
apply(struct rebuild *b, size_t n)
{
	struct arch_row *bad;
	size_t end;

	while (n > 0) {
		struct str what;

		if (arch_group(&b->a, b->rows, n, false, b->ops, &end) == 0) {
			if (b->in_place && arch_ack(&b->a, b->ops, end) != 0)
				return -1;
			n -= end;
			memmove(b->rows, b->rows + end, n * sizeof(*b->rows));
			continue;
		}
		if (b->a.why.kind != ARCH_POISON || end == n)
			return -1;
		arch_restage(&b->a);
		bad = &b->rows[end];
		what = arena_printf(&b->a.group, "kind %d, id %lld", bad->kind, (long long)bad->ref_id);
		b->say(b->arg, what, b->a.why.text);
		b->out->failed++;
		memmove(bad, bad + 1, (n - end - 1) * sizeof(*bad));
		n--;
	}
	return 0;
}

static int
flush(struct rebuild *b)
{
	int rc = apply(b, b->n);

	b->n = 0;
	arch_group_end(&b->a);
	return rc == 0 ? keep_packs_few(b) : -1;
}

static int
add(struct rebuild *b, int kind, int64_t project, int64_t ref, struct str payload)
{
	b->rows[b->n++] = (struct arch_row){ .kind = kind, .project_id = project, .ref_id = ref, .payload = payload };
	return b->n == BATCH ? flush(b) : 0;
}

static int
add_mail(struct rebuild *b, int64_t id)
{
	struct stmt *s = stmt_get(b->a.cx.db, STMT_ARCH_PENDING);
	int64_t one;
	int rc;

	stmt_bind_int(s, 1, QUEUE_MAIL);
	stmt_bind_int(s, 2, id);
	rc = stmt_run_int(&b->a.cx, s, &one);
	if (rc != 0) {
		b->out->pending += rc > 0;
		return rc < 0 ? from_mail(b) : 0;
	}
	b->out->messages++;
	return add(b, QUEUE_MAIL, 0, id, STR_NONE);
}

static int
add_profile(struct rebuild *b, int64_t id)
{
	struct agent g;
	int rc = agent_by_id(&b->a.cx, id, &g);

	if (rc <= 0)
		return rc < 0 ? from_mail(b) : 0;
	b->out->profiles++;
	return add(b, QUEUE_AGENT, g.project_id, id, agent_profile(&b->a.group, &g));
}

static int
add_reservation(struct rebuild *b, int64_t id)
{
	struct reservation r;
	struct project p;
	struct record_payload record;
	int rc = reserve_by_id(&b->a.cx, id, &r);

	if (rc > 0)
		rc = project_by_id(&b->a.cx, r.project_id, &p);
	if (rc <= 0)
		return rc < 0 ? from_mail(b) : 0;
	record = reserve_record(&p, &r);
	b->out->reservations++;
	return add(b, QUEUE_RESERVATION, p.id, id, records_payload(&b->a.group, &record, 1));
}

static int
each(struct rebuild *b, enum stmt_id stmt, int (*fn)(struct rebuild *b, int64_t id))
{
	static int64_t ids[IDS];
	int64_t last = 0;
	int n, rc;

	do {
		struct stmt *s = stmt_get(b->a.cx.db, stmt);

		stmt_bind_int(s, 1, last);
		stmt_bind_int(s, 2, IDS);
		for (n = 0; (rc = stmt_step(&b->a.cx, s)) > 0;)
			ids[n++] = stmt_int(s, 0);
		stmt_done(s);
		if (rc < 0)
			return from_mail(b);
		for (int i = 0; i < n; i++)
			if (fn(b, ids[i]) != 0)
				return -1;
		last = n > 0 ? ids[n - 1] : last;
	} while (n == IDS);
	return flush(b);
}

static int
one_int(struct rebuild *b, enum stmt_id stmt, const char *name, int64_t *out)
{
	struct stmt *s = stmt_get(b->a.cx.db, stmt);

	*out = 0;
	if (name)
		stmt_bind_str(s, 1, str_c(name));
	return stmt_run_int(&b->a.cx, s, out) < 0 ? from_mail(b) : 0;
}

/* The mark that the archiver goes on from: everything below the first row that waits. */
static int
last_commit(struct rebuild *b)
{
	struct arch_mark *mark = &b->a.mark;
	int64_t first, last, messages;
	struct oid id;
	struct str text;

	if (one_int(b, STMT_ARCH_ENDS, NULL, &first) != 0 || one_int(b, STMT_ARCH_SEQ, "outbox", &last) != 0 ||
	    one_int(b, STMT_ARCH_SEQ, "messages", &messages) != 0)
		return -1;
	mark->outbox = first > 0 ? first - 1 : last;
	mark->message = messages;
	text = arena_printf(
	    &b->a.group, "chore: archive rebuilt from the database\n\n%" PRIstr, FSTR(arch_message_mark(&b->a, mark)));
	if (arch_commit_add(&b->a, &b->a.tip, text, true, &id) != 0)
		return -1;
	return arch_commit_land(&b->a, &id);
}

static int
write_all(struct rebuild *b)
{
	struct oid tip;
	int rc = repo_tip(b->a.repo, &tip, &b->a.why);

	if (rc > 0)
		return arch_error(&b->a.why, ARCH_REFUSED, "%s has commits: move it away first", repo_gitdir(b->a.repo));
	if (rc < 0 || arch_settle(&b->a) != 0)
		return -1;
	if (each(b, STMT_ARCH_AGENT_IDS, add_profile) != 0 || each(b, STMT_ARCH_MAIL_IDS, add_mail) != 0 ||
	    each(b, STMT_ARCH_LEASE_IDS, add_reservation) != 0 || last_commit(b) != 0 ||
	    one_int(b, STMT_ARCH_REMOVED_COUNT, NULL, &b->out->removed) != 0)
		return -1;
	if (repack_now(repo_gitdir(b->a.repo), b->a.sync) != 0 || repo_reopen(b->a.repo, &b->a.why) != 0 ||
	    work_mend(&b->work, &b->a) != 0)
		return -1;
	if (work_index(&b->work, &b->a, WORK_NOW) != 0)
		log_warn("the work tree is not complete; the archiver will mend it");
	b->out->commits = b->a.commits;
	return 0;
}

int
archive_rebuild(const struct conf *conf, struct str dir, rebuild_say_fn *say, void *arg, struct rebuild_result *out,
    struct arena *a, struct str *why)
{
	struct rebuild *b = calloc(1, sizeof(*b));
	struct db *db = db_open(conf, DB_WRITE, a, why);
	int rc;

	must(b != NULL);
	memset(out, 0, sizeof(*out));
	if (!db) {
		free(b);
		return -1;
	}
	b->in_place = str_eq(dir, conf->storage_root);
	b->say = say;
	b->arg = arg;
	b->out = out;
	rc = arch_open(&b->a, conf, arena_cstr(a, dir), db, NULL, 0);
	if (rc > 0)
		arch_error(&b->a.why, ARCH_AGAIN, "%" PRIstr " is in use: stop the daemon first", FSTR(dir));
	if (rc == 0)
		rc = write_all(b);
	if (rc != 0)
		*why = arena_dup(a, str_c(b->a.why.text));
	arch_close(&b->a);
	db_close(&db);
	free(b);
	return rc == 0 ? 0 : -1;
}
