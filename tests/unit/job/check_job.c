/*
 * check_job - a job ends once, whatever it waits for.
 */
#include "job/job.h"

#include <check.h>
#include <string.h>

#include "job/runtime.h"
#include "store/stmt.h"
#include "support/rpc_fixture.h"

static struct rpc_fixture f;
static struct park park;
static const struct topic topic = TOPIC_OF(INBOX, 7);
static int runs, ends, last;
static unsigned heard;

static void
follow(void *arg)
{
}

static void
setup(void)
{
	rpc_fixture_init(&f);
	park_init(&park, follow, NULL);
	park.following = true;
	f.rt.park = &park;
	runs = ends = last = 0;
	heard = 0;
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

static int
run(struct job *job)
{
	runs++;
	if (!job->write && !job->cx.park.over)
		cx_park(&job->cx, topic, 60000000);
	return 0;
}

static void
done(struct job *job, int rc)
{
	ends++;
	last = rc;
}

static void
parked(struct job *job, bool waits)
{
	heard += waits ? 1 : 100;
}

static struct job *
start(bool write)
{
	struct caller nobody = { .trusted = true };
	struct job *job = job_new(&f.rt, &f.base.arena, 0, &nobody);

	job->cx.deadline = 0;
	job->write = write;
	job->run = run;
	job->done = done;
	job->parked = parked;
	job_start(job);
	return job;
}

START_TEST(a_queued_write_that_is_cancelled_never_runs)
{
	struct job *job = start(true), *other = start(true);

	ck_assert(job_cancel(job, ERR_TIMEOUT, "no longer wanted"));
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, -1);
	ck_assert_int_eq(job->cx.fail.code, ERR_TIMEOUT);
	while (txn_run(f.rt.txn, 1000000) > 0)
		;
	ck_assert_int_eq(runs, 1);
	ck_assert_int_eq(ends, 2);
	ck_assert_int_eq(last, 0);
	ck_assert(!job_cancel(job, ERR_TIMEOUT, "again"));
	ck_assert(!job_cancel(other, ERR_TIMEOUT, "too late"));
	ck_assert_int_eq(ends, 2);
}
END_TEST

START_TEST(a_parked_read_that_is_cancelled_ends_and_is_forgotten)
{
	struct job *job = start(false);

	ck_assert_uint_eq(park.n, 1);
	ck_assert_uint_eq(heard, 1);
	ck_assert(job_cancel(job, ERR_TIMEOUT, "no longer wanted"));
	ck_assert_uint_eq(park.n, 0);
	ck_assert_uint_eq(heard, 101);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, -1);
	park_touch(&park, topic_hash(&topic));
	ck_assert(!park_run(&park, 10));
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(one_that_is_touched_goes_on_and_ends_once)
{
	struct job *job = start(false);

	park_touch(&park, topic_hash(&topic));
	park_run(&park, 10);
	ck_assert_int_eq(runs, 2);
	ck_assert_int_eq(ends, 0);
	ck_assert_uint_eq(heard, 102);
	park_close(&park);
	park_run(&park, 10);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, 0);
	ck_assert(!job_cancel(job, ERR_TIMEOUT, "too late"));
}
END_TEST

Suite *
suite_job(void)
{
	Suite *s = suite_create("job");
	TCase *tc = tcase_create("cancel");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_queued_write_that_is_cancelled_never_runs);
	tcase_add_test(tc, a_parked_read_that_is_cancelled_ends_and_is_forgotten);
	tcase_add_test(tc, one_that_is_touched_goes_on_and_ends_once);
	suite_add_tcase(s, tc);
	return s;
}
