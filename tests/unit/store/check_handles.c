/*
 * check_handles - the kinds of opening: which handles there are, and how their commits reach the disk.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/handles.h"
#include "support/fixture.h"

Suite *suite_handles(void);

#define SYNC_NORMAL 1
#define SYNC_FULL 2

static struct fixture f;
static struct db *rw, *ro;
static struct str why;

static void
setup(void)
{
	fixture_init_without_db(&f);
	f.conf->durability = DURABILITY_FULL;
	rw = ro = NULL;
	why = STR_NONE;
}

static void
teardown(void)
{
	f.db = NULL;
	db_close(&ro);
	db_close(&rw);
	fixture_fini(&f);
}

static int64_t
synchronous(struct db *db)
{
	f.db = f.cx.db = db;
	return fixture_int(&f, "PRAGMA synchronous");
}

START_TEST(both_flush_as_the_configuration_says)
{
	ck_assert(handles_open(f.conf, NULL, &f.arena, &rw, &ro, &why));
	ck_assert(db_writable(rw) && !db_writable(ro));
	ck_assert_int_eq(synchronous(rw), SYNC_FULL);
}
END_TEST

/* The configuration that others use stays as it is. */
START_TEST(derived_needs_no_flush)
{
	ck_assert(handles_open_derived(f.conf, NULL, &f.arena, &rw, &ro, &why));
	ck_assert(db_writable(rw) && !db_writable(ro));
	ck_assert_int_eq(synchronous(rw), SYNC_NORMAL);
	ck_assert_int_eq(f.conf->durability, DURABILITY_FULL);
}
END_TEST

START_TEST(writer_has_no_read_handle)
{
	ck_assert(handles_open_writer(f.conf, NULL, &f.arena, &rw, &ro, &why));
	ck_assert_ptr_null(ro);
	ck_assert_int_eq(synchronous(rw), SYNC_NORMAL);
}
END_TEST

START_TEST(what_cannot_be_opened_is_said)
{
	f.conf->database = STR("/proc/version");
	ck_assert(!handles_open(f.conf, NULL, &f.arena, &rw, &ro, &why));
	ck_assert(why.n > 0 && rw == NULL && ro == NULL);
}
END_TEST

Suite *
suite_handles(void)
{
	Suite *s = suite_create("handles");
	TCase *t = tcase_create("handles");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, both_flush_as_the_configuration_says);
	tcase_add_test(t, derived_needs_no_flush);
	tcase_add_test(t, writer_has_no_read_handle);
	tcase_add_test(t, what_cannot_be_opened_is_said);
	suite_add_tcase(s, t);
	return s;
}
