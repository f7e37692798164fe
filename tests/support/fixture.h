/*
 * fixture - a place to test in: directory, configuration, migrated database, context.
 *
 *   static struct fixture f;
 *   in the suite's setup: fixture_init(&f);
 *   in its tests: ... mail functions with &f.cx ...
 *   tcase_add_checked_fixture(tc, setup, fixture_end);
 *
 * f.cx runs on the write handle outside a transaction: each statement commits
 * by itself, which is enough for most tests of mail/. Where all-or-nothing
 * matters use fixture_write. Time stands at FIXTURE_NOW until fixture_tick,
 * randomness is repeatable.
 */
#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/json_write.h"
#include "base/str.h"
#include "store/cx.h"

struct conf;
struct db;

/* 2025-10-23T07:08:09.123456+00:00 */
#define FIXTURE_NOW INT64_C(1761203289123456)

struct fixture {
	struct arena arena;
	struct str dir;    /* fresh, removed by fixture_fini */
	struct conf *conf; /* conf_for_tests(dir), durability = process */
	struct db *db;     /* write handle, migrated */
	struct db *ro;     /* read handle */
	struct cx cx;      /* trusted caller by MCP, on f.db */
};

void fixture_init(struct fixture *f);
/* Directory and configuration only; db and ro are NULL. */
void fixture_init_without_db(struct fixture *f);
void fixture_fini(struct fixture *f);
/* fixture_fini of the fixture made last: the teardown of a suite that has nothing else to undo. */
void fixture_end(void);
/* Before a fork whose child opens the database itself, and after it: no handle may live over one. */
void fixture_close_db(struct fixture *f);
void fixture_open_db(struct fixture *f);

/* Forgets failure, warnings and effects of the last operation; returns &f->cx. */
struct cx *fixture_again(struct fixture *f);
/* Moves the clock of f->cx. */
void fixture_tick(struct fixture *f, int64_t us);
/* fn in a transaction: 0 committed, -1 rolled back with f->cx.fail. */
int fixture_write(struct fixture *f, int (*fn)(struct cx *cx, void *arg), void *arg);
/* Runs SQL text; fails the test when SQLite does. */
void fixture_sql(struct fixture *f, const char *sql);
/* First column of the first row; fails the test without a row. */
int64_t fixture_int(struct fixture *f, const char *sql);
struct str fixture_str(struct fixture *f, const char *sql);

/* What write(w, arg) writes, as text in f->arena. */
struct str fixture_json(struct fixture *f, void (*write)(struct jw *w, void *arg), void *arg);

/* The failure of the last operation is of this kind and its text holds `part`. */
#define ck_fail(f, errcode, part) \
	do { \
		ck_assert_str_eq(err_name((f)->cx.fail.code), err_name(errcode)); \
		ck_assert_msg(str_find((f)->cx.fail.msg, str_c(part)) >= 0, "\"%s\" not in: %.*s", part, \
		    (int)(f)->cx.fail.msg.n, (f)->cx.fail.msg.p); \
	} while (0)
/* A struct str equals a C string. */
#define ck_str(s, lit) \
	do { \
		struct str ck_s_ = (s); \
		ck_assert_msg(str_eqc(ck_s_, lit), "%s is \"%.*s\", expected \"%s\"", #s, (int)ck_s_.n, \
		    ck_s_.p ? ck_s_.p : "", lit); \
	} while (0)

#endif
