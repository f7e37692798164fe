/*
 * check_job - a job ends once, whatever it waits for.
 */
#include "job/job.h"

#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "job/runtime.h"
#include "store/archive_queue.h"
#include "store/stmt.h"
#include "support/rpc_fixture.h"

static struct rpc_fixture f;
static struct follows follows;
static const struct topic topic = TOPIC_OF(INBOX, 7);
static int runs, ends, last;

static void
listen_to(void *arg)
{
}

static void
setup(void)
{
	rpc_fixture_init(&f);
	follows_init(&follows, listen_to, NULL);
	follows.listening = true;
	f.rt.follows = &follows;
	log_set(LOG_LEVEL_ERROR, LOG_FORMAT_TEXT);
	runs = ends = last = 0;
}

static void
teardown(void)
{
	follows_fini(&follows);
	rpc_fixture_fini(&f);
}

static int
run(struct job *job)
{
	runs++;
	if (!job->write && !job->cx.park.over)
		cx_park(&job->cx, topic, 0, 60000000);
	return 0;
}

static void
done(struct job *job, int rc)
{
	ends++;
	last = rc;
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

	ck_assert_uint_eq(follows.n, 1);
	ck_assert(job_cancel(job, ERR_TIMEOUT, "no longer wanted"));
	ck_assert_uint_eq(follows.n, 0);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, -1);
	follows_hint(&follows, topic_hash(&topic), 1);
	ck_assert(!follows_run(&follows, 0, 10));
	ck_assert_int_eq(runs, 1);
}
END_TEST

START_TEST(one_that_is_touched_goes_on_and_ends_once)
{
	struct job *job = start(false);

	follows_hint(&follows, topic_hash(&topic), 1);
	follows_run(&follows, 0, 10);
	ck_assert_int_eq(runs, 2);
	ck_assert_int_eq(ends, 0);
	follows_close(&follows);
	follows_run(&follows, 0, 10);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, 0);
	ck_assert(!job_cancel(job, ERR_TIMEOUT, "too late"));
}
END_TEST

static int
run_archived(struct job *job)
{
	runs++;
	return archive_queue_add(&job->cx, QUEUE_PROJECT, 1, 1, STR_NONE);
}

/* A write that is to be answered when Git has it, committed. */
static struct job *
start_archived(void)
{
	struct caller nobody = { .trusted = true };
	struct job *job = job_new(&f.rt, &f.base.arena, 0, &nobody);

	job->write = job->archived = true;
	job->run = run_archived;
	job->done = done;
	job->cx.deadline = clock_mono_us() + 60 * USEC;
	job_start(job);
	while (txn_run(f.rt.txn, 1000000) > 0)
		;
	return job;
}

static void
archive_comes_to(int64_t row, int64_t said)
{
	const struct topic archive = TOPIC_OF(ARCHIVE, 0);
	struct slot *s = shm_slot(f.shm, 1);

	strcpy(s->role, "archiver");
	counter_set(s, C_archive_through, (uint64_t)row);
	follows_hint(&follows, topic_hash(&archive), said);
	follows_run(&follows, 0, 10);
}

START_TEST(a_write_is_answered_when_git_has_it)
{
	struct job *first = start_archived(), *second = start_archived();

	ck_assert_int_eq(second->cx.queue_last, first->cx.queue_last + 1);
	ck_assert_int_eq(ends, 0);
	archive_comes_to(first->cx.queue_last - 1, first->cx.queue_last - 1);
	ck_assert_int_eq(ends, 0);
	/* A hint that says more than is so, a drain, lost hints: it still waits. */
	archive_comes_to(first->cx.queue_last - 1, second->cx.queue_last);
	follows_close(&follows);
	follows_lost(&follows);
	follows_run(&follows, 0, 10);
	ck_assert_int_eq(ends, 0);
	archive_comes_to(first->cx.queue_last, first->cx.queue_last);
	ck_assert_int_eq(ends, 1);
	ck_assert_int_eq(last, 0);
	/* Not for ever. */
	follows_run(&follows, second->cx.deadline, 10);
	ck_assert_int_eq(ends, 2);
	ck_assert_int_eq(last, 0);
	ck_assert_uint_eq(follows.n, 0);
}
END_TEST

START_TEST(what_git_has_already_waits_for_nobody)
{
	archive_comes_to(1000, 1000);
	start_archived();
	ck_assert_int_eq(ends, 1);
	ck_assert_uint_eq(follows.n, 0);
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
	tcase_add_test(tc, a_write_is_answered_when_git_has_it);
	tcase_add_test(tc, what_git_has_already_waits_for_nobody);
	suite_add_tcase(s, tc);
	return s;
}
