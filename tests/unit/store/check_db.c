/*
 * db - opening: what is ours, what is refused and left as it was, pragmas, modes, races at the first start.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "conf/conf.h"
#include "store/db.h"
#include "store/schema.h"
#include "store/stmt.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static struct str
refused(enum db_mode mode)
{
	struct str why = STR_NONE;

	ck_assert_ptr_null(db_open(f.conf, mode, &f.arena, &why));
	ck_assert_uint_gt(why.n, 0);
	return why;
}

static struct db *
opened(enum db_mode mode)
{
	struct str why = STR_NONE;
	struct db *db = db_open(f.conf, mode, &f.arena, &why);

	ck_assert_msg(db != NULL, "%.*s", (int)why.n, why.p);
	if (mode == DB_WRITE)
		ck_assert_msg(db_migrate(db, NULL, &f.arena, &why) == 0, "%.*s", (int)why.n, why.p);
	return db;
}

/* Runs SQL in the file by the handle of a database that we opened ourselves. */
static void
tamper(const char *sql)
{
	f.db = opened(DB_WRITE);
	f.cx.db = f.db;
	fixture_sql(&f, sql);
	db_close(&f.db);
}

START_TEST(mode_and_identity)
{
	struct stat st;
	struct str id;

	umask(0);
	f.db = opened(DB_WRITE);
	ck_assert_int_eq(stat(arena_cstr(&f.arena, f.conf->database), &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	id = arena_dup(&f.arena, db_store_id(f.db));
	ck_assert_uint_eq(id.n, 32);
	f.ro = opened(DB_READ);
	ck_assert(str_eq(id, db_store_id(f.ro)));
	db_close(&f.ro);
	db_close(&f.db);
	f.db = opened(DB_WRITE);
	ck_assert(str_eq(id, db_store_id(f.db)));
}
END_TEST

START_TEST(pragmas)
{
	f.db = opened(DB_WRITE);
	f.cx.db = f.db;
	ck_str(fixture_str(&f, "PRAGMA journal_mode"), "wal");
	ck_assert_int_eq(fixture_int(&f, "PRAGMA synchronous"), 1);
	ck_assert_int_eq(fixture_int(&f, "PRAGMA foreign_keys"), 1);
	ck_assert_int_eq(fixture_int(&f, "PRAGMA wal_autocheckpoint"), 0);
	ck_assert_int_eq(fixture_int(&f, "PRAGMA application_id"), DB_APPLICATION_ID);
	db_close(&f.db);
	f.conf->durability = DURABILITY_FULL;
	f.db = opened(DB_WRITE);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "PRAGMA synchronous"), 2);
}
END_TEST

START_TEST(reader_cannot_write)
{
	f.db = opened(DB_WRITE);
	f.ro = opened(DB_READ);
	f.cx.db = f.ro;
	ck_assert(!db_writable(f.ro));
	ck_assert_int_eq(stmt_run(&f.cx, stmt_adhoc(f.ro, STR("DELETE FROM projects"))), -1);
}
END_TEST

START_TEST(reader_wants_a_schema)
{
	struct str why = STR_NONE;

	refused(DB_READ);
	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	ck_assert_ptr_nonnull(f.db);
	ck_assert_int_ge(str_find(refused(DB_READ), STR("older")), 0);
}
END_TEST

START_TEST(newer_schema_is_refused)
{
	tamper("PRAGMA user_version = 9999");
	ck_assert_int_ge(str_find(refused(DB_WRITE), STR("9999")), 0);
	ck_assert_int_ge(str_find(refused(DB_READ), STR("newer")), 0);
}
END_TEST

START_TEST(foreign_database_is_refused_and_untouched)
{
	char before[8192], after[8192];
	const char *path = arena_cstr(&f.arena, f.conf->database);
	ssize_t n;
	int fd;

	tamper("PRAGMA application_id = 0;\nPRAGMA user_version = 0;\nPRAGMA journal_mode = DELETE");
	fd = open(path, O_RDONLY);
	n = pread(fd, before, sizeof(before), 0);
	ck_assert_int_ge(str_find(refused(DB_WRITE), STR("agentmail import")), 0);
	ck_assert_int_ge(str_find(refused(DB_READ), STR("agentmail import")), 0);
	ck_assert_int_eq(pread(fd, after, sizeof(after), 0), n);
	ck_assert(memcmp(before, after, (size_t)n) == 0);
	close(fd);
}
END_TEST

START_TEST(no_database_at_all)
{
	FILE *fp = fopen(arena_cstr(&f.arena, f.conf->database), "w");

	for (int i = 0; i < 1000; i++)
		fputs("this is no database\n", fp);
	fclose(fp);
	ck_assert_int_ge(str_find(refused(DB_WRITE), STR("not a SQLite database")), 0);
}
END_TEST

START_TEST(missing_directory)
{
	f.conf->database = STR("/nonexistent/agentmail.db");
	ck_assert_int_ge(str_find(refused(DB_WRITE), STR("/nonexistent/agentmail.db")), 0);
}
END_TEST

/* A step that a kill interrupted leaves nothing; the next start does it. */
START_TEST(half_a_step_is_no_step)
{
	struct str why = STR_NONE;

	f.db = db_open(f.conf, DB_WRITE, &f.arena, &why);
	f.cx.db = f.db;
	fixture_sql(&f, "BEGIN IMMEDIATE;\nCREATE TABLE store (x)");
	db_close(&f.db);
	f.db = opened(DB_WRITE);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM store"), 1);
}
END_TEST

START_TEST(many_start_at_once)
{
	int status, fds[2];
	pid_t pid[6];
	char c = 0;

	ck_assert_int_eq(pipe(fds), 0);
	for (int i = 0; i < 6; i++)
		if ((pid[i] = fork()) == 0) {
			struct str why = STR_NONE;
			struct db *db;

			/* All begin when the parent closes the pipe. */
			close(fds[1]);
			if (read(fds[0], &c, 1) != 0)
				_exit(2);
			db = db_open(f.conf, DB_WRITE, &f.arena, &why);
			if (db == NULL || db_migrate(db, NULL, &f.arena, &why) < 0)
				fprintf(stderr, "%.*s\n", (int)why.n, why.p);
			_exit(db == NULL || why.n > 0);
		}
	close(fds[1]);
	for (int i = 0; i < 6; i++) {
		waitpid(pid[i], &status, 0);
		ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	f.db = opened(DB_WRITE);
	f.cx.db = f.db;
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM store"), 1);
}
END_TEST

START_TEST(data_version_sees_other_handles)
{
	int64_t v;

	f.db = opened(DB_WRITE);
	f.ro = opened(DB_READ);
	f.cx.db = f.db;
	v = db_data_version(f.ro);
	fixture_sql(&f, "INSERT INTO keeper_state VALUES ('x', 1)");
	ck_assert_int_ne(db_data_version(f.ro), v);
}
END_TEST

Suite *suite_db(void);

Suite *
suite_db(void)
{
	Suite *s = suite_create("db");
	TCase *t = tcase_create("db");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, mode_and_identity);
	tcase_add_test(t, pragmas);
	tcase_add_test(t, reader_cannot_write);
	tcase_add_test(t, reader_wants_a_schema);
	tcase_add_test(t, newer_schema_is_refused);
	tcase_add_test(t, foreign_database_is_refused_and_untouched);
	tcase_add_test(t, no_database_at_all);
	tcase_add_test(t, missing_directory);
	tcase_add_test(t, half_a_step_is_no_step);
	tcase_add_test(t, many_start_at_once);
	tcase_add_test(t, data_version_sees_other_handles);
	suite_add_tcase(s, t);
	return s;
}
