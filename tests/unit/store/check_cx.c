/*
 * cx - what an operation leaves behind, and what a second run of it must not inherit.
 */
#include <check.h>

#include "conf/conf.h"
#include "store/changes.h"
#include "store/cx.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static char trace[8];
static int ntrace;

static void
step(void *arg)
{
	trace[ntrace++] = *(char *)arg;
}

START_TEST(failure_has_text_and_data)
{
	ck_assert_int_eq(fail(&f.cx, ERR_NOT_FOUND, "agent %s", "X"), -1);
	jw_kint(fail_data(&f.cx), "n", 3);
	ck_fail(&f, ERR_NOT_FOUND, "agent X");
	ck_str(fail_data_json(&f.cx.fail), "{\"n\":3}");
}
END_TEST

START_TEST(after_commit_runs_once_in_order)
{
	cx_after_commit(&f.cx, step, "a");
	cx_after_commit(&f.cx, step, "b");
	cx_run_after(&f.cx);
	cx_run_after(&f.cx);
	ck_assert_str_eq(trace, "ab");
}
END_TEST

START_TEST(warnings_in_order)
{
	cx_warn(&f.cx, "one %d", 1);
	cx_warn(&f.cx, "two");
	ck_str(f.cx.warnings->text, "one 1");
	ck_str(f.cx.warnings->next->text, "two");
	ck_assert_ptr_null(f.cx.warnings->next->next);
}
END_TEST

static void
leave_traces(void)
{
	cx_warn(&f.cx, "w");
	cx_after_commit(&f.cx, step, "x");
	cx_changed(&f.cx, TOPIC_OF(INBOX, 1), CHANGE_MESSAGE, 2);
	f.cx.queue_first = f.cx.queue_last = 9;
	f.cx.keep_writes = true;
	fail(&f.cx, ERR_CONFLICT, "again");
}

START_TEST(rewind_forgets_the_first_run)
{
	leave_traces();
	cx_rewind(&f.cx);
	ck_assert_int_eq(f.cx.fail.code, ERR_NONE);
	ck_assert_ptr_null(f.cx.warnings);
	ck_assert_ptr_null(f.cx.changes);
	ck_assert(!f.cx.keep_writes);
	ck_assert_int_eq(f.cx.queue_first + f.cx.queue_last, 0);
	cx_run_after(&f.cx);
	ck_assert_int_eq(ntrace, 0);
	/* What says who asks and when stays. */
	ck_assert_int_eq(f.cx.now, FIXTURE_NOW);
	ck_assert(f.cx.caller.trusted);
	cx_warn(&f.cx, "second");
	ck_str(f.cx.warnings->text, "second");
}
END_TEST

START_TEST(roll_back_keeps_the_reason)
{
	leave_traces();
	cx_drop_effects(&f.cx);
	ck_fail(&f, ERR_CONFLICT, "again");
	ck_assert_ptr_null(f.cx.changes);
	ck_assert_int_eq(f.cx.queue_last, 0);
	cx_run_after(&f.cx);
	ck_assert_int_eq(ntrace, 0);
}
END_TEST

Suite *suite_cx(void);

Suite *
suite_cx(void)
{
	Suite *s = suite_create("cx");
	TCase *t = tcase_create("cx");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, failure_has_text_and_data);
	tcase_add_test(t, after_commit_runs_once_in_order);
	tcase_add_test(t, warnings_in_order);
	tcase_add_test(t, rewind_forgets_the_first_run);
	tcase_add_test(t, roll_back_keeps_the_reason);
	suite_add_tcase(s, t);
	return s;
}
