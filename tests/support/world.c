/*
 * world - see world.h.
 */
#include "support/world.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "archive/turn.h"
#include "base/clock.h"
#include "base/fault.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "store/db.h"
#include "store/archive_queue.h"

static const char *const people[] = {
	"INSERT INTO projects (id, slug, human_key, created_at) VALUES (1, 'backend', '/data/backend', 1), (2, 'other', '/data/other', 1)",
	"INSERT INTO agents (id, project_id, name, name_key, program, model, inception_ts, last_active_ts) VALUES"
	" (1, 1, 'BlueLake', 'bluelake', 'codex', 'gpt', 1, 1), (2, 1, 'GreenHill', 'greenhill', 'codex', 'gpt', 1, 1),"
	" (3, 1, 'RedFox', 'redfox', 'codex', 'gpt', 1, 1), (4, 2, 'GreyOwl', 'greyowl', 'codex', 'gpt', 1, 1)",
};

void
world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	fixture_init(&w->f);
	for (size_t i = 0; i < sizeof(people) / sizeof(people[0]); i++)
		fixture_sql(&w->f, people[i]);
}

void
world_fini(struct world *w)
{
	world_close(w);
	fixture_fini(&w->f);
}

static struct str
quoted(struct world *w, const char *s)
{
	struct buf b;

	if (!s)
		return STR("NULL");
	buf_init(&b, &w->f.arena);
	buf_putc(&b, '\'');
	for (; *s; s++)
		buf_cstr(&b, *s == '\'' ? "''" : (char[]){ *s, 0 });
	buf_putc(&b, '\'');
	return buf_flat(&b);
}

static void
sql(struct world *w, struct str text)
{
	fixture_sql(&w->f, arena_cstr(&w->f.arena, text));
}

static void
recipients(struct world *w, int64_t id, const char *list, const char *kind)
{
	struct str rest = str_c(list), one;

	while (rest.n > 0 && str_next(&rest, ',', &one))
		sql(w,
		    arena_printf(&w->f.arena,
			"INSERT INTO message_recipients (agent_id, message_id, kind) VALUES (%" PRIstr ", %lld, '%s')",
			FSTR(one), (long long)id, kind));
}

int64_t
world_mail(struct world *w, int from, const char *to, const char *cc, const char *bcc, const char *subject,
    const char *body, const char *thread)
{
	int64_t id;

	sql(w,
	    arena_printf(&w->f.arena,
		"INSERT INTO messages (project_id, sender_id, thread_id, subject, body_md, created_ts)"
		" VALUES (1, %d, %" PRIstr ", %" PRIstr ", %" PRIstr ", %lld)",
		from, FSTR(quoted(w, thread)), FSTR(quoted(w, subject)), FSTR(quoted(w, body)), (long long)FIXTURE_NOW));
	id = fixture_int(&w->f, "SELECT max(id) FROM messages");
	recipients(w, id, to, "to");
	recipients(w, id, cc, "cc");
	recipients(w, id, bcc, "bcc");
	world_row(w, QUEUE_MAIL, id, NULL);
	return id;
}

void
world_mails(struct world *w, int n)
{
	sql(w, STR("BEGIN"));
	for (int i = 0; i < n; i++) {
		struct arena_mark m = arena_mark(&w->f.arena);
		const char *subject = arena_printf(&w->f.arena, "Subject %d", i).p;

		world_mail(w, 1, "2", "", "", subject, "some words in a body", NULL);
		arena_rewind(&w->f.arena, m);
	}
	sql(w, STR("COMMIT"));
}

void
world_row(struct world *w, int kind, int64_t ref, const char *payload)
{
	sql(w,
	    arena_printf(&w->f.arena,
		"INSERT INTO outbox (kind, project_id, ref_id, payload, created_ts) VALUES (%d, 1, %lld, %" PRIstr
		", 1)",
		kind, (long long)ref, FSTR(quoted(w, payload))));
}

void
world_profile(struct world *w, int agent, const char *name, const char *task)
{
	struct str p = arena_printf(&w->f.arena,
	    "{\"id\":%d,\"name\":\"%s\",\"program\":\"codex\",\"model\":\"gpt\",\"task_description\":\"%s\",\"project_id\":1}",
	    agent, name, task);

	world_row(w, QUEUE_AGENT, agent, p.p);
}

static char *
archive_dir(struct world *w)
{
	return arena_cstr(&w->f.arena, w->f.conf->storage_root);
}

void
world_open(struct world *w)
{
	ck_assert_msg(arch_open(&w->a, w->f.conf, archive_dir(w), w->f.db, NULL, 5000) == 0, "%s", w->a.why.text);
	w->open = true;
	ck_assert_msg(arch_settle(&w->a) == 0, "%s", w->a.why.text);
}

void
world_close(struct world *w)
{
	if (w->open)
		arch_close(&w->a);
	w->open = false;
}

void
world_drain(struct world *w, bool single)
{
	struct arch_row rows[ARCH_GROUP_ROWS];
	struct arch_op ops[ARCH_GROUP_ROWS];
	size_t end;
	int n;

	while ((n = arch_rows(&w->a, rows, ARCH_GROUP_ROWS)) > 0) {
		ck_assert_msg(arch_group(&w->a, rows, (size_t)n, single, ops, &end) == 0, "%s", w->a.why.text);
		ck_assert_msg(arch_ack(&w->a, ops, end) == 0, "%s", w->a.why.text);
		arch_group_end(&w->a);
	}
	ck_assert_int_eq(n, 0);
}

int64_t
world_pending(struct world *w)
{
	return fixture_int(&w->f, "SELECT count(*) FROM outbox");
}

struct str
world_git_rc(struct world *w, const char *args, int *rc)
{
	char *cmd = arena_cstr(
	    &w->f.arena, arena_printf(&w->f.arena, "git -c safe.directory='*' -C '%s' %s 2>&1", archive_dir(w), args));
	FILE *p = popen(cmd, "r");
	struct buf b;
	char part[4096];
	struct str out;
	size_t n;

	ck_assert_ptr_nonnull(p);
	buf_init(&b, &w->f.arena);
	while ((n = fread(part, 1, sizeof(part), p)) > 0)
		buf_put(&b, part, n);
	*rc = WEXITSTATUS(pclose(p));
	out = buf_flat(&b);
	while (out.n > 0 && out.p[out.n - 1] == '\n')
		out.n--;
	return out;
}

struct str
world_git(struct world *w, const char *args)
{
	struct str out;
	int rc;

	out = world_git_rc(w, args, &rc);
	ck_assert_msg(rc == 0, "git %s: %.*s", args, (int)out.n, out.p);
	return out;
}

void
world_fsck(struct world *w)
{
	struct str out = world_git(w, "fsck --full --strict --no-progress");

	ck_assert_msg(out.n == 0, "%.*s", (int)out.n, out.p);
}

int
world_touches(struct world *w, const char *path)
{
	struct str args = arena_printf(&w->f.arena, "rev-list --count HEAD -- '%s'", path);

	return atoi(arena_cstr(&w->f.arena, world_git(w, args.p)));
}

static int
run_archiver(struct world *w, int turns)
{
	struct str why = STR_NONE;
	struct archiver *r = calloc(1, sizeof(*r));
	struct db *db = db_open(w->f.conf, DB_WRITE, &w->f.arena, &why);
	bool refused = false, to_the_end = turns < 0;

	if (!db) {
		fprintf(stderr, "db_open: %.*s\n", (int)why.n, why.p);
		free(r);
		return 3;
	}
	if (arch_open(&r->a, w->f.conf, archive_dir(w), db, NULL, 5000) != 0) {
		fprintf(stderr, "arch_open: %s\n", r->a.why.text);
		free(r);
		return 4;
	}
	r->slot = aligned_alloc(64, sizeof(*r->slot));
	memset(r->slot, 0, sizeof(*r->slot));
	r->hurry = true;
	pace_init(&r->pace, clock_mono_us());
	while (turns-- != 0 && !(r->settled && r->known == 0 && r->looked_at > 0)) {
		int64_t wait = arch_turn(r, &refused);

		if (refused)
			return 78;
		if (wait > 0 && !(r->settled && r->known == 0 && r->looked_at > 0))
			usleep((useconds_t)(wait < 50000 ? wait : 50000));
	}
	while (to_the_end && work_index(&r->work, &r->a, WORK_NOW) != 0)
		usleep(50000);
	while (r->repack.child) {
		usleep(10000);
		repack_turn(&r->repack, &r->a, r->slot);
	}
	arch_close(&r->a);
	db_close(&db);
	free(r->slot);
	free(r);
	return 0;
}

static pid_t
start_archiver(struct world *w, const char *fault, int turns)
{
	pid_t pid;

	world_close(w);
	fixture_close_db(&w->f);
	pid = fork();
	if (pid == 0) {
		setenv("AGENTMAIL_FAULT", fault ? fault : "", 1);
		fault_reset();
		_exit(run_archiver(w, turns));
	}
	ck_assert_int_gt(pid, 0);
	return pid;
}

static int
end_archiver(struct world *w, pid_t pid)
{
	int status = -1;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	fixture_open_db(&w->f);
	return status;
}

int
world_archiver_turns(struct world *w, const char *fault, int turns)
{
	return end_archiver(w, start_archiver(w, fault, turns));
}

void
world_archiver_killed(struct world *w, int us)
{
	pid_t pid = start_archiver(w, NULL, -1);

	usleep((useconds_t)us);
	kill(pid, SIGKILL);
	end_archiver(w, pid);
}

int
world_archiver(struct world *w, const char *fault)
{
	return world_archiver_turns(w, fault, -1);
}

void
world_settled(struct world *w, int messages)
{
	struct str out;

	ck_assert_int_eq(world_pending(w), 0);
	world_fsck(w);
	out = world_git(w, "log --format= --name-only --diff-filter=A -- projects/backend/messages/2025 | wc -l");
	ck_assert_msg(str_eq(out, arena_printf(&w->f.arena, "%d", messages)), "%.*s message files, not %d", (int)out.n,
	    out.p, messages);
	out = world_git(w, "log --format= --name-only -- projects/backend/messages/2025 | sort | uniq -d | head");
	ck_assert_msg(out.n == 0, "written twice: %.*s", (int)out.n, out.p);
	out = world_git(w, "log --reverse --format=%B | grep '^mail:.*Subject' | sed 's/.*Subject //' | sort -c -n");
	ck_assert_msg(out.n == 0, "out of order: %.*s", (int)out.n, out.p);
	out = world_git(w, "status --porcelain");
	ck_assert_msg(out.n == 0, "work tree: %.*s", (int)out.n, out.p);
	out = world_git(w, "count-objects -v | grep -E '^(garbage|count):'");
	ck_assert_msg(str_eqc(out, "count: 0\ngarbage: 0"), "%.*s", (int)out.n, out.p);
	out = world_git(w, "rev-parse --absolute-git-dir | xargs -I{} find '{}' -name '*.keep' -o -name 'tmp_*'");
	ck_assert_msg(out.n == 0, "left behind: %.*s", (int)out.n, out.p);
	ck_assert_int_eq(fixture_int(&w->f, "SELECT count(*) FROM messages WHERE commit_id IS NULL"), 0);
}
