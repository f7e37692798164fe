/*
 * txn - grouping, isolation of failures, broken transactions, other writers, deadlines.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/gate.h"
#include "store/changes.h"
#include "store/db.h"
#include "store/archive_queue.h"
#include "store/stmt.h"
#include "store/txn.h"
#include "store/wal.h"
#include "support/fixture.h"

struct job {
	struct op op;
	struct cx cx;
	const char *sql; /* what it writes; with ?1 for its number */
	int no;
	bool fail, keep; /* fails after writing */
	int outbox;      /* rows it adds */
	int runs, dones, rc;
	int order; /* of done among all */
};

static struct fixture f;
static struct txnq *q;
static struct job job[100];
static int ndone, ncommitted, nafter;
static int64_t first, last;

static void
committed(void *arg, int64_t a, int64_t b)
{
	ncommitted++;
	first = first == 0 ? a : first;
	last = b;
}

static void
setup(void)
{
	fixture_init(&f);
	fixture_sql(&f, "CREATE TABLE t (no INTEGER PRIMARY KEY, v BLOB)");
	q = txn_new(f.db, NULL, committed, NULL);
}

static void
teardown(void)
{
	txn_free(&q);
	fixture_fini(&f);
}

static void
after(void *arg)
{
	nafter++;
}

static int
run(struct op *op)
{
	struct job *j = op->arg;
	struct stmt *s = stmt_adhoc(op->cx->db, str_c(j->sql));

	j->runs++;
	cx_after_commit(op->cx, after, NULL);
	cx_changed(op->cx, TOPIC_OF(INBOX, 1), CHANGE_MESSAGE, j->no);
	stmt_bind_int(s, 1, j->no);
	if (stmt_run(op->cx, s) < 0)
		return -1;
	for (int i = 0; i < j->outbox; i++)
		if (archive_queue_add(op->cx, QUEUE_MAIL, 1, j->no, STR_NONE) < 0)
			return -1;
	op->cx->keep_writes = j->keep;
	return j->fail ? fail(op->cx, ERR_NOT_FOUND, "as told") : 0;
}

static void
done(struct op *op, int rc)
{
	struct job *j = op->arg;

	j->dones++;
	j->rc = rc;
	j->order = ndone++;
}

static struct job *
submit(int no)
{
	struct job *j = &job[no];

	cx_init(&j->cx, &f.arena, f.conf);
	j->cx.now = FIXTURE_NOW;
	j->op = (struct op){ .cx = &j->cx, .run = run, .done = done, .arg = j };
	j->no = no;
	if (j->sql == NULL)
		j->sql = "INSERT INTO t VALUES (?1, 'x')";
	txn_submit(q, &j->op);
	return j;
}

static int64_t
rows(void)
{
	return fixture_int(&f, "SELECT count(*) FROM t");
}

START_TEST(all_of_a_turn_in_one_transaction)
{
	int64_t before = db_data_version(f.ro);

	job[1].outbox = 2;
	job[3].outbox = 1;
	for (int i = 0; i < 5; i++)
		submit(i);
	ck_assert(txn_pending(q));
	ck_assert_int_eq(txn_run(q, 1000), 0);
	ck_assert(!txn_pending(q));
	ck_assert_int_eq(rows(), 5);
	ck_assert_int_ne(db_data_version(f.ro), before);
	ck_assert_int_eq(ncommitted, 1);
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(last, 3);
	ck_assert_int_eq(nafter, 5);
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(job[i].dones, 1);
		ck_assert_int_eq(job[i].rc, 0);
		ck_assert_int_eq(job[i].order, i);
		ck_assert_ptr_null(job[i].cx.db);
		ck_assert_ptr_nonnull(job[i].cx.changes);
	}
}
END_TEST

/* Alone or in a group: the one that fails leaves nothing, its neighbours stay. */
START_TEST(failure_stays_with_its_operation)
{
	int n = _i;

	job[0].fail = true;
	job[0].outbox = 1;
	for (int i = 0; i < n; i++)
		submit(i);
	ck_assert_int_eq(txn_run(q, 1000), 0);
	ck_assert_int_eq(job[0].rc, -1);
	ck_assert_int_eq(job[0].cx.fail.code, ERR_NOT_FOUND);
	ck_assert_int_eq(job[0].cx.queue_first, 0);
	ck_assert_ptr_null(job[0].cx.changes);
	ck_assert_int_eq(rows(), n - 1);
	ck_assert_int_eq(nafter, n - 1);
	ck_assert_int_eq(ncommitted, 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 0);
}
END_TEST

START_TEST(failure_that_keeps_its_writes)
{
	job[0].fail = job[0].keep = true;
	job[0].outbox = 1;
	for (int i = 0; i < _i; i++)
		submit(i);
	ck_assert_int_eq(txn_run(q, 1000), 0);
	ck_assert_int_eq(job[0].rc, -1);
	ck_assert_int_eq(job[0].cx.fail.code, ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(job[0].cx.changes);
	ck_assert_int_eq(rows(), _i);
	ck_assert_int_eq(ncommitted, 1);
	ck_assert_int_eq(nafter, _i);
}
END_TEST

START_TEST(groups_have_a_bound)
{
	for (int i = 0; i < TXN_MAX_OPS + 3; i++)
		submit(i);
	ck_assert_int_gt(txn_run(q, 1000), 0);
	ck_assert_int_le(rows(), TXN_MAX_OPS);
	while (txn_run(q, 1000) > 0)
		;
	ck_assert_int_eq(rows(), TXN_MAX_OPS + 3);
}
END_TEST

/* One fills the disk: SQLite rolls back all of it; the others are run again and succeed. */
START_TEST(broken_transaction_is_run_again_one_by_one)
{
	int64_t pages = fixture_int(&f, "PRAGMA page_count");

	fixture_sql(&f, arena_printf(&f.arena, "PRAGMA max_page_count = %d", (int)pages + 20).p);
	job[1].outbox = job[2].outbox = job[3].outbox = 1;
	job[2].sql = "INSERT INTO t VALUES (?1, zeroblob(1000000))";
	for (int i = 0; i < 5; i++)
		submit(i);
	while (txn_run(q, 1000) > 0)
		;
	for (int i = 0; i < 5; i++) {
		ck_assert_int_eq(job[i].dones, 1);
		ck_assert_int_eq(job[i].order, i);
		ck_assert_int_eq(job[i].rc, i == 2 ? -1 : 0);
	}
	ck_assert_int_eq(job[2].cx.fail.code, ERR_RESOURCE_EXHAUSTED);
	ck_assert_int_eq(job[2].cx.queue_first, 0);
	ck_assert_int_eq(rows(), 4);
	ck_assert_int_eq(nafter, 4);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox"), 2);
	ck_assert_int_eq(first, 1);
	ck_assert_int_eq(last, 2);
}
END_TEST

/* The file system has no room: everyone is told so, nothing is half-done, and when there is room again all goes on. */
START_TEST(full_file_system)
{
	struct rlimit was, now;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &was), 0);
	now = was;
	now.rlim_cur = (rlim_t)wal_bytes(f.conf) + 8192;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &now), 0);
	for (int i = 0; i < 3; i++) {
		job[i].sql = "INSERT INTO t VALUES (?1, randomblob(20000))";
		submit(i);
	}
	while (txn_run(q, 1000) > 0)
		;
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &was), 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(job[i].dones, 1);
		ck_assert_int_eq(job[i].rc, -1);
		ck_assert_int_eq(job[i].cx.fail.code, ERR_RESOURCE_EXHAUSTED);
	}
	ck_assert_int_eq(rows(), 0);
	submit(7);
	ck_assert_int_eq(txn_run(q, 1000), 0);
	ck_assert_int_eq(job[7].rc, 0);
	ck_assert_int_eq(rows(), 1);
}
END_TEST

START_TEST(deadline_inside_the_transaction)
{
	job[0].sql = "INSERT INTO t SELECT ?1, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
		     "SELECT max(i) FROM n)";
	for (int i = 0; i < _i; i++)
		submit(i);
	job[0].cx.deadline = clock_mono_us() + 30000;
	while (txn_run(q, 1000) > 0)
		;
	ck_assert_int_eq(job[0].rc, -1);
	ck_assert_int_eq(job[0].cx.fail.code, ERR_TIMEOUT);
	ck_assert_int_eq(rows(), _i - 1);
}
END_TEST

START_TEST(gate_is_respected_without_blocking)
{
	struct gate *g = mmap(NULL, gate_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int64_t t;
	pid_t pid;
	int fds[2];
	char c;

	gate_init(g);
	ck_assert_int_eq(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		gate_take(g, 0);
		ck_assert_int_eq(write(fds[1], "x", 1), 1);
		pause();
	}
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	txn_free(&q);
	q = txn_new(f.db, g, committed, NULL);
	submit(0);
	submit(1)->cx.deadline = clock_mono_us() + 1;
	t = clock_mono_us();
	ck_assert_int_gt(txn_run(q, 3000), 0);
	ck_assert_int_lt(clock_mono_us() - t, 500000);
	/* What has no time left is told so although the gate is taken. */
	ck_assert_int_gt(txn_run(q, 0), 0);
	ck_assert_int_eq(job[1].rc, -1);
	ck_assert_int_eq(job[1].cx.fail.code, ERR_TIMEOUT);
	ck_assert_int_eq(job[0].dones, 0);
	/* The holder dies: nobody waits for it. */
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	ck_assert_int_eq(txn_run(q, 1000000), 0);
	ck_assert_int_eq(job[0].rc, 0);
}
END_TEST

/* A program that knows no gate (sqlite3 shell, a backup) holds SQLite's lock. */
START_TEST(foreign_writer_only_delays)
{
	struct str why;
	struct db *other = db_open(f.conf, DB_WRITE, &f.arena, &why);
	int64_t t;

	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(other, STR("BEGIN IMMEDIATE"))), 0);
	submit(0);
	submit(1);
	t = clock_mono_us();
	ck_assert_int_gt(txn_run(q, 3000), 0);
	ck_assert_int_lt(clock_mono_us() - t, 500000);
	ck_assert_int_eq(job[0].runs, 0);
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(other, STR("COMMIT"))), 0);
	ck_assert_int_eq(txn_run(q, 3000), 0);
	ck_assert_int_eq(rows(), 2);
	db_close(&other);
}
END_TEST

static int
once(struct cx *cx, void *arg)
{
	ck_assert(cx->db == f.db);
	return archive_queue_add(cx, QUEUE_MAIL, 1, 1, STR_NONE) < 0 ? -1
	    : *(int *)arg                                            ? fail(cx, ERR_CONFLICT, "no")
								     : 0;
}

START_TEST(once_at_once)
{
	int no = 1, yes = 0;

	f.cx.db = f.ro;
	ck_assert_int_eq(txn_once(f.db, NULL, &f.cx, once, &yes), 0);
	ck_assert_int_eq(f.cx.queue_last, 1);
	ck_assert(f.cx.db == f.ro);
	ck_assert_int_eq(txn_once(f.db, NULL, &f.cx, once, &no), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_CONFLICT);
	ck_assert_int_eq(f.cx.queue_last, 0);
}
END_TEST

/* kill -9 in the middle of a transaction: the next writer finds the state before it. */
START_TEST(killed_inside_a_transaction)
{
	struct gate *g = mmap(NULL, gate_size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	int fds[2];
	char c;

	gate_init(g);
	ck_assert_int_eq(pipe(fds), 0);
	if ((pid = fork()) == 0) {
		struct str why;
		struct db *db = db_open(f.conf, DB_WRITE, &f.arena, &why);

		gate_take(g, 0);
		stmt_run(&f.cx, stmt_adhoc(db, STR("BEGIN IMMEDIATE")));
		stmt_run(&f.cx, stmt_adhoc(db, STR("INSERT INTO t VALUES (77, 'half')")));
		if (write(fds[1], "x", 1) == 1)
			pause();
	}
	ck_assert_int_eq(read(fds[0], &c, 1), 1);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	txn_free(&q);
	q = txn_new(f.db, g, committed, NULL);
	submit(0);
	ck_assert_int_eq(txn_run(q, 1000000), 0);
	ck_assert_int_eq(job[0].rc, 0);
	ck_assert_int_eq(rows(), 1);
}
END_TEST

Suite *suite_txn(void);

Suite *
suite_txn(void)
{
	Suite *s = suite_create("txn");
	TCase *t = tcase_create("txn");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, all_of_a_turn_in_one_transaction);
	tcase_add_loop_test(t, failure_stays_with_its_operation, 1, 4);
	tcase_add_loop_test(t, failure_that_keeps_its_writes, 1, 4);
	tcase_add_test(t, groups_have_a_bound);
	tcase_add_test(t, broken_transaction_is_run_again_one_by_one);
	tcase_add_test(t, full_file_system);
	tcase_add_loop_test(t, deadline_inside_the_transaction, 1, 4);
	tcase_add_test(t, gate_is_respected_without_blocking);
	tcase_add_test(t, foreign_writer_only_delays);
	tcase_add_test(t, once_at_once);
	tcase_add_test(t, killed_inside_a_transaction);
	suite_add_tcase(s, t);
	return s;
}
