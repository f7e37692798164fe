/*
 * limits - the work of a send and of an archive commit, done by raw SQLite and
 * raw libgit2 with nothing around it. The daemon's figures are read as ratios
 * to these, taken on the same disk in the same run.
 *
 * usage: limits sqlite DIR SECONDS GROUP      message, recipient and outbox row per operation, FULL, GROUP per commit
 *        limits git DIR SECONDS GROUP FILES   one blob in 3 directories of FILES files per message, GROUP per commit
 * prints one line of name=value.
 */
#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/repository.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cputime.h"
#include "hist.h"
#include "store/schema.h"

static struct lat commits;

static double
now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
report(const char *what, int group, long operations, double seconds, uint64_t cpu_ns)
{
	printf(
	    "what=%s group=%d operations=%ld seconds=%.3f per_s=%.1f commit_p50_us=%lu commit_p99_us=%lu cpu_us=%.2f\n",
	    what, group, operations, seconds, (double)operations / seconds, (unsigned long)lat_at(&commits, 0.5),
	    (unsigned long)lat_at(&commits, 0.99), (double)cpu_ns / 1e3 / (double)operations);
}

static void
die_sqlite(sqlite3 *db, const char *what)
{
	fprintf(stderr, "limits: %s: %s\n", what, sqlite3_errmsg(db));
	exit(70);
}

static void
sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die_sqlite(db, text);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *text)
{
	sqlite3_stmt *s;

	if (sqlite3_prepare_v2(db, text, -1, &s, NULL) != SQLITE_OK)
		die_sqlite(db, text);
	return s;
}

static void
step(sqlite3 *db, sqlite3_stmt *s)
{
	if (sqlite3_step(s) != SQLITE_DONE)
		die_sqlite(db, sqlite3_sql(s));
	sqlite3_reset(s);
}

static sqlite3 *
sqlite_store(const char *dir)
{
	char path[4096];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/limits.db", dir);
	unlink(path);
	if (sqlite3_open(path, &db) != SQLITE_OK)
		die_sqlite(db, path);
	sql(db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
	for (const struct schema_step *s = schema_steps; s->sql != NULL; s++)
		sql(db, s->sql);
	sql(db, "INSERT INTO projects (id, slug, human_key, created_at) VALUES (1,'p','/p',1)");
	sql(db,
	    "INSERT INTO agents (project_id,name,name_key,program,model,inception_ts,last_active_ts) VALUES "
	    "(1,'A','a','p','m',1,1),(1,'B','b','p','m',1,1)");
	return db;
}

static int
run_sqlite(const char *dir, double seconds, int group)
{
	sqlite3 *db = sqlite_store(dir);
	sqlite3_stmt *begin = prepare(db, "BEGIN IMMEDIATE"), *commit = prepare(db, "COMMIT");
	sqlite3_stmt *m =
	    prepare(db, "INSERT INTO messages (project_id,sender_id,subject,body_md,created_ts) VALUES (1,1,?,?,?)");
	sqlite3_stmt *r = prepare(db, "INSERT INTO message_recipients (agent_id,message_id) VALUES (2,?)");
	sqlite3_stmt *o = prepare(db, "INSERT INTO outbox (kind,project_id,ref_id,created_ts) VALUES (3,1,?,?)");
	double start = now_s();
	uint64_t cpu = cputime_ns(getpid());
	long n = 0;

	while (now_s() - start < seconds) {
		double at = now_s();

		step(db, begin);
		for (int i = 0; i < group; i++, n++) {
			sqlite3_bind_text(m, 1, "Bench", 5, SQLITE_STATIC);
			sqlite3_bind_text(m, 2, "Test", 4, SQLITE_STATIC);
			sqlite3_bind_int64(m, 3, n);
			step(db, m);
			sqlite3_bind_int64(r, 1, sqlite3_last_insert_rowid(db));
			sqlite3_bind_int64(o, 1, sqlite3_last_insert_rowid(db));
			sqlite3_bind_int64(o, 2, n);
			step(db, r);
			step(db, o);
		}
		step(db, commit);
		lat_add(&commits, (uint64_t)((now_s() - at) * 1e6));
	}
	report("sqlite", group, n, now_s() - start, cputime_ns(getpid()) - cpu);
	return 0;
}

static void
git(int rc, const char *what)
{
	if (rc < 0) {
		fprintf(stderr, "limits: %s: %s\n", what, git_error_last() ? git_error_last()->message : "?");
		exit(70);
	}
}

#define HOT 3

struct tree_state {
	git_repository *repo;
	git_odb *odb;
	git_odb_backend *mempack;
	git_treebuilder *hot[HOT];
	git_oid tip;
	int has_tip;
};

static void
add_file(struct tree_state *t, const char *name, const git_oid *blob)
{
	for (int i = 0; i < HOT; i++)
		git(git_treebuilder_insert(NULL, t->hot[i], name, blob, GIT_FILEMODE_BLOB), "insert");
}

/* Writes the hot trees, a root over them and a commit; then the pack of all new objects. */
static void
commit_group(struct tree_state *t)
{
	static const char *const names[HOT] = { "inbox", "messages", "outbox" };
	git_treebuilder *root;
	git_signature *who;
	git_commit *parent = NULL;
	git_tree *tree;
	git_oid id;
	git_buf pack = { 0 };

	git(git_treebuilder_new(&root, t->repo, NULL), "root");
	for (int i = 0; i < HOT; i++) {
		git(git_treebuilder_write(&id, t->hot[i]), "tree");
		git(git_treebuilder_insert(NULL, root, names[i], &id, GIT_FILEMODE_TREE), "root");
	}
	git(git_treebuilder_write(&id, root), "root");
	git(git_tree_lookup(&tree, t->repo, &id), "tree");
	git(git_signature_new(&who, "limits", "limits@localhost", (git_time_t)time(NULL), 0), "signature");
	if (t->has_tip)
		git(git_commit_lookup(&parent, t->repo, &t->tip), "parent");
	git(git_commit_create_v(&t->tip, t->repo, NULL, who, who, NULL, "group", tree, t->has_tip, parent), "commit");
	t->has_tip = 1;
	git(git_mempack_dump(&pack, t->repo, t->mempack), "dump");
	if (pack.size > 0) {
		git_odb_writepack *wp;
		git_indexer_progress progress;

		git(git_odb_write_pack(&wp, t->odb, NULL, NULL), "write pack");
		git(wp->append(wp, pack.ptr, pack.size, &progress), "append");
		git(wp->commit(wp, &progress), "pack");
		wp->free(wp);
	}
	git_buf_dispose(&pack);
	git_mempack_reset(t->mempack);
	git_commit_free(parent);
	git_signature_free(who);
	git_tree_free(tree);
	git_treebuilder_free(root);
}

static int
run_git(const char *dir, double seconds, int group, int files)
{
	struct tree_state t = { 0 };
	char text[600], name[64];
	git_oid blob;
	double start;
	uint64_t cpu;
	long n = 0;

	git_libgit2_init();
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	git(git_repository_init(&t.repo, dir, 1), "init");
	git(git_repository_odb(&t.odb, t.repo), "odb");
	git(git_mempack_new(&t.mempack), "mempack");
	git(git_odb_add_backend(t.odb, t.mempack, 999), "mempack");
	for (int i = 0; i < HOT; i++)
		git(git_treebuilder_new(&t.hot[i], t.repo, NULL), "tree");
	git(git_blob_create_from_buffer(&blob, t.repo, "x", 1), "blob");
	for (int i = 0; i < files; i++) {
		snprintf(name, sizeof(name), "2026-01-01T00-00-00Z__seed__%07d.md", i);
		add_file(&t, name, &blob);
	}
	commit_group(&t);
	start = now_s();
	cpu = cputime_ns(getpid());
	while (now_s() - start < seconds) {
		double at = now_s();

		for (int i = 0; i < group; i++, n++) {
			snprintf(name, sizeof(name), "2026-01-02T00-00-00Z__bench__%07ld.md", n);
			snprintf(text, sizeof(text), "---json\n{\n  \"id\": %ld\n}\n---\n\nTest %ld\n", n, n);
			git(git_blob_create_from_buffer(&blob, t.repo, text, strlen(text)), "blob");
			add_file(&t, name, &blob);
		}
		commit_group(&t);
		lat_add(&commits, (uint64_t)((now_s() - at) * 1e6));
	}
	report("git", group, n, now_s() - start, cputime_ns(getpid()) - cpu);
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 5 && strcmp(argv[1], "sqlite") == 0)
		return run_sqlite(argv[2], atof(argv[3]), atoi(argv[4]));
	if (argc == 6 && strcmp(argv[1], "git") == 0)
		return run_git(argv[2], atof(argv[3]), atoi(argv[4]), atoi(argv[5]));
	fputs("usage: limits sqlite DIR SECONDS GROUP | limits git DIR SECONDS GROUP FILES\n", stderr);
	return 64;
}
