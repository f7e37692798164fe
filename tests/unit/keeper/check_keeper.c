/*
 * keeper - the process as the master sees it: ready, alive, at work, and gone when told or orphaned.
 */
#include <check.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/channel.h"
#include "ipc/archive_notice.h"
#include "ipc/helper_query.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "keeper/keeper.h"
#include "store/db.h"
#include "support/fixture.h"
#include "support/rows.h"

static struct fixture f;
static struct shm *shm;
static int channel, orders[2], queries[2];
static pid_t pid;

static void
start(void)
{
	int fds[2];

	ck_assert_int_eq(channel_pair(fds), 0);
	pid = fork();
	if (pid == 0) {
		const struct role role = { .name = "keeper", .ops = &keeper_ops };
		struct child_env env = { .role = &role,
			.conf = f.conf,
			.shm = shm,
			.slot = 1,
			.generation = 3,
			.channel = fds[1],
			.pipe = { { "archive_notices", orders[1] }, { "helper_queries", queries[1] } } };

		close(fds[0]);
		_exit(role_main(&env));
	}
	close(fds[1]);
	channel = fds[0];
}

static void
setup(void)
{
	fixture_init_without_db(&f);
	shm = shm_new(2);
	ck_assert_ptr_nonnull(shm);
	ck_assert_int_eq(archive_notice_pipe(orders), 0);
	ck_assert_int_eq(helper_query_pair(queries), 0);
}

static void
teardown(void)
{
	shm_free(&shm);
	fixture_fini(&f);
}

static void
expect(uint32_t kind)
{
	struct pollfd p = { .fd = channel, .events = POLLIN };
	struct channel_msg m;
	int fd;

	ck_assert_int_eq(poll(&p, 1, 20000), 1);
	ck_assert_int_eq(channel_recv(channel, &m, &fd), 1);
	ck_assert_str_eq(channel_name(m.kind), channel_name(kind));
	ck_assert_uint_eq(m.generation, 3);
	ck_assert_int_eq(m.slot, 1);
}

static int
ended(void)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
tell(uint32_t kind)
{
	ck_assert_int_eq(
	    channel_send(channel, &(struct channel_msg){ .kind = kind, .generation = 3, .slot = 1 }, -1), 0);
}

/* Comes true within 20 s; the keeper has no other way to tell. */
static void
wait_for(const char *sql)
{
	for (int i = 0; fixture_int(&f, sql) == 0; i++) {
		ck_assert_msg(i < 2000, "never true: %s", sql);
		usleep(10000);
	}
}

static void
open_beside(void)
{
	struct str why = STR_NONE;

	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	ck_assert_ptr_nonnull(f.db);
	f.cx.db = f.db;
}

START_TEST(does_its_duties)
{
	int64_t p, a, last;

	start();
	expect(CH_READY);
	open_beside();
	p = rows_project(&f, "p");
	a = rows_agent(&f, p, "BlueLake");
	rows_messages(&f, 300, p, a, 0, "s", "b");
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " VALUES (1, 1, 'x', 1, 2)");
	wait_for("SELECT value = 300 FROM keeper_state WHERE key = 'indexed_through'");
	wait_for("SELECT released_ts IS NOT NULL FROM file_reservations");
	while (counter_get(shm_slot(shm, 1), C_checkpoints_total) == 0 || archive_notice_drain(orders[0], &last) == 0)
		usleep(10000);
	ck_assert_int_gt(last, 0);
	ck_assert_uint_eq(counter_get(shm_slot(shm, 1), C_index_rows_total), 300);
	ck_assert_uint_gt(atomic_load(&shm_slot(shm, 1)->heartbeat), 0);
	tell(CH_DRAIN);
	expect(CH_DRAINED);
	ck_assert_int_eq(ended(), 0);
}
END_TEST

/* The next query of the keeper, within 20 s: where its result goes. */
static int
take_query(void)
{
	struct pollfd p = { .fd = queries[0], .events = POLLIN };
	char buf[HELPER_QUERY_MAX];
	int reply;

	ck_assert_int_eq(poll(&p, 1, 20000), 1);
	ck_assert_int_gt(helper_query_recv(queries[0], buf, sizeof(buf), &reply), 0);
	return reply;
}

static void
wait_for_count(enum counter_id id, uint64_t n)
{
	for (int i = 0; counter_get(shm_slot(shm, 1), id) != n; i++) {
		ck_assert_msg(i < 2000, "%s is %d, not %d", counter_table[id].name,
		    (int)counter_get(shm_slot(shm, 1), id), (int)n);
		usleep(10000);
	}
}

/* Reservations of agents who have gone, in two projects: the helper dies over the first, has no room for the second. */
START_TEST(helper_is_of_no_use)
{
	struct slot *s = shm_slot(shm, 1);
	int reply;

	fixture_open_db(&f);
	for (int i = 0; i < 2; i++) {
		int64_t p = rows_project(&f, i == 0 ? "p" : "q"), a = rows_agent(&f, p, "BlueLake");

		ck_assert_int_gt(a, 0);
	}
	fixture_sql(&f,
	    "INSERT INTO file_reservations (project_id, agent_id, path_pattern, created_ts, expires_ts)"
	    " VALUES (1, 1, 'x', 1, 9000000000000000), (2, 2, 'x', 1, 9000000000000000)");
	fixture_close_db(&f);
	start();
	expect(CH_READY);
	reply = take_query();
	ck_assert_uint_eq(counter_get(s, C_helper_queries_waiting), 1);
	close(reply);
	helper_query_refuse(take_query());
	wait_for_count(C_helper_queries_refused_total, 1);
	wait_for_count(C_helper_queries_waiting, 0);
	ck_assert_uint_eq(counter_get(s, C_helper_queries_total), 2);
	ck_assert_uint_eq(counter_get(s, C_helper_queries_failed_total), 1);
	tell(CH_DRAIN);
	expect(CH_DRAINED);
	ck_assert_int_eq(ended(), 0);
}
END_TEST

START_TEST(orphan_leaves)
{
	start();
	expect(CH_READY);
	close(channel);
	ck_assert_int_eq(ended(), 0);
}
END_TEST

START_TEST(foreign_database_ends_it)
{
	struct str why;

	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	f.cx.db = f.db;
	fixture_sql(&f, "CREATE TABLE theirs (x)");
	db_close(&f.db);
	start();
	ck_assert_int_eq(ended(), EXIT_CONFIG);
}
END_TEST

Suite *suite_keeper(void);

Suite *
suite_keeper(void)
{
	Suite *s = suite_create("keeper");
	TCase *t = tcase_create("keeper");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, does_its_duties);
	tcase_add_test(t, helper_is_of_no_use);
	tcase_add_test(t, orphan_leaves);
	tcase_add_test(t, foreign_database_ends_it);
	suite_add_tcase(s, t);
	return s;
}
