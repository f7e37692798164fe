/*
 * fixture - see fixture.h. Check forks per test, so state left by a failing test dies with it;
 * only the directory stays.
 */
#include "support/fixture.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/rules.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/rng.h"
#include "conf/conf.h"
#include "store/db.h"
#include "store/stmt.h"
#include "store/txn.h"

static struct fixture *last;

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

void
fixture_init_without_db(struct fixture *f)
{
	const char *base = getenv("TMPDIR");
	char dir[512];

	last = f;
	*f = (struct fixture){ 0 };
	arena_init(&f->arena, 8192);
	snprintf(dir, sizeof(dir), "%s/agentmail-test-XXXXXX", base != NULL ? base : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	f->dir = arena_dup(&f->arena, str_c(dir));
	f->conf = conf_for_tests(f->dir.p);
	f->conf->durability = DURABILITY_PROCESS;
	rng_seed_for_tests(1);
	log_set(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	cx_init(&f->cx, &f->arena, f->conf);
	f->cx.now = FIXTURE_NOW;
	f->cx.rules = dialect_rules(DIALECT_MCP);
	f->cx.caller.trusted = true;
}

static struct db *
open_db(struct fixture *f, enum db_mode mode)
{
	struct str why = STR_NONE;
	struct db *db = db_open(f->conf, mode, &f->arena, &why);

	ck_assert_msg(db != NULL, "db_open: %.*s", (int)why.n, why.p);
	if (mode == DB_WRITE)
		ck_assert_msg(db_migrate(db, NULL, &f->arena, &why) == 0, "db_migrate: %.*s", (int)why.n, why.p);
	return db;
}

void
fixture_init(struct fixture *f)
{
	fixture_init_without_db(f);
	fixture_open_db(f);
}

void
fixture_open_db(struct fixture *f)
{
	f->db = open_db(f, DB_WRITE);
	f->ro = open_db(f, DB_READ);
	f->cx.db = f->db;
}

void
fixture_close_db(struct fixture *f)
{
	db_close(&f->ro);
	db_close(&f->db);
	f->cx.db = NULL;
}

void
fixture_fini(struct fixture *f)
{
	db_close(&f->ro);
	db_close(&f->db);
	nftw(f->dir.p, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	conf_free(&f->conf);
	arena_fini(&f->arena);
}

void
fixture_end(void)
{
	fixture_fini(last);
}

struct cx *
fixture_again(struct fixture *f)
{
	cx_rewind(&f->cx);
	return &f->cx;
}

void
fixture_tick(struct fixture *f, int64_t us)
{
	f->cx.now += us;
}

int
fixture_write(struct fixture *f, int (*fn)(struct cx *cx, void *arg), void *arg)
{
	return txn_once(f->db, NULL, &f->cx, fn, arg);
}

void
fixture_sql(struct fixture *f, const char *sql)
{
	struct str rest = str_c(sql), one;

	/* Statements end with ";\n" or the text. */
	while (rest.n > 0) {
		ptrdiff_t end = str_find(rest, STR(";\n"));

		one = end < 0 ? rest : str_sub(rest, 0, (size_t)end);
		rest = end < 0 ? STR_NONE : str_sub(rest, (size_t)end + 2, rest.n);
		if (!str_blank(one))
			ck_assert_msg(stmt_run(&f->cx, stmt_adhoc(f->db, one)) == 0, "%.*s: %.*s", (int)one.n, one.p,
			    (int)f->cx.fail.msg.n, f->cx.fail.msg.p);
	}
}

static struct stmt *
first_row(struct fixture *f, const char *sql)
{
	struct stmt *s = stmt_adhoc(f->db, str_c(sql));

	ck_assert_msg(stmt_step(&f->cx, s) == 1, "no row: %s", sql);
	return s;
}

int64_t
fixture_int(struct fixture *f, const char *sql)
{
	struct stmt *s = first_row(f, sql);
	int64_t v = stmt_int(s, 0);

	stmt_done(s);
	return v;
}

struct str
fixture_str(struct fixture *f, const char *sql)
{
	struct stmt *s = first_row(f, sql);
	struct str v = stmt_str(s, 0, &f->arena);

	stmt_done(s);
	return v;
}

struct str
fixture_json(struct fixture *f, void (*write)(struct jw *w, void *arg), void *arg)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &f->arena);
	jw_init(&w, &b, JW_COMPACT);
	write(&w, arg);
	return buf_flat(&b);
}
