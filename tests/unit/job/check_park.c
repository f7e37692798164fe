/*
 * park - a read that waits is put away, comes back once, and keeps little.
 */
#include <check.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "ipc/scoreboard.h"
#include "job/job.h"
#include "job/runtime.h"
#include "support/rpc_fixture.h"

Suite *suite_park(void);

static struct rpc_fixture f;
static struct follows follows;
static char trace[128];

/* An owner as a transport is one: what it needs is the inbox and a label; each job has an arena of its own. */
struct request_here {
	struct arena arena;
	int64_t inbox;
	char label[8];
	struct parked *parked;
};

static struct request_here *last_parked;

static void
listen_to(void *arg)
{
}

static void
say(const char *what, const char *label)
{
	snprintf(trace + strlen(trace), sizeof(trace) - strlen(trace), "%s %s; ", what, label);
}

static int
run(struct job *job)
{
	struct request_here *r = job->arg;

	say(job->cx.park.over ? "last look" : "look", r->label);
	cx_park(&job->cx, TOPIC_OF(INBOX, r->inbox), 10, 60000000);
	return 0;
}

static void
done(struct job *job, int rc)
{
	struct request_here *r = job->arg;

	say("done", r->label);
	arena_fini(&r->arena);
	free(r);
}

static void begin(int64_t inbox, const char *label, struct parked *p, bool over);

static void
save(const struct job *job, struct buf *out)
{
	const struct request_here *r = job->arg;

	buf_printf(out, "%lld %s", (long long)r->inbox, r->label);
}

/* The arena with the job in it goes back at once. */
static void
put_away(struct job *job, struct parked *p)
{
	struct request_here *r = job->arg;
	struct arena arena = r->arena;

	say("wait", r->label);
	arena_fini(&arena);
	memset(&r->arena, 0xa5, sizeof(r->arena));
	r->parked = p;
	p->handle = r;
	last_parked = r;
}

static void
resume(struct parked *p, bool over)
{
	char label[8] = "", text[32] = "";
	long long inbox = 0;

	ck_assert_uint_lt(p->n, sizeof(text));
	memcpy(text, p->saved, p->n);
	ck_assert_int_eq(sscanf(text, "%lld %7s", &inbox, label), 2);
	free(p->handle);
	begin(inbox, label, p, over);
}

static const struct parker parker = { save, put_away, resume };

static void
begin(int64_t inbox, const char *label, struct parked *p, bool over)
{
	struct caller nobody = { .trusted = true };
	struct request_here *r = calloc(1, sizeof(*r));
	struct job *job;

	arena_init(&r->arena, 4096);
	r->inbox = inbox;
	snprintf(r->label, sizeof(r->label), "%s", label);
	job = job_new(&f.rt, &r->arena, 0, &nobody);
	job->run = run;
	job->done = done;
	job->parker = &parker;
	job->arg = r;
	if (p != NULL)
		job_resume(job, p, over);
	else
		job_start(job);
}

static void
setup(void)
{
	rpc_fixture_init(&f);
	follows_init(&follows, listen_to, NULL);
	follows.listening = true;
	f.rt.follows = &follows;
	trace[0] = '\0';
}

static void
teardown(void)
{
	follows_fini(&follows);
	rpc_fixture_fini(&f);
}

static void
hint(int64_t inbox, int64_t number)
{
	struct topic t = TOPIC_OF(INBOX, inbox);

	follows_hint(&follows, topic_hash(&t), number);
	follows_run(&follows, 0, 64);
}

static uint64_t
waiting(void)
{
	return counter_get(f.rt.slot, C_requests_waiting);
}

START_TEST(comes_back_for_its_event_and_at_its_end)
{
	int64_t until;

	begin(7, "a", NULL, false);
	ck_assert_str_eq(trace, "look a; wait a; ");
	ck_assert_uint_eq(waiting(), 1);
	until = last_parked->parked->until;
	hint(7, 10);
	hint(8, 11);
	ck_assert_str_eq(trace, "look a; wait a; ");
	hint(7, 11);
	ck_assert_str_eq(trace, "look a; wait a; look a; wait a; ");
	/* What it had to wait does not begin anew. */
	ck_assert_int_eq(last_parked->parked->until, until);
	ck_assert_int_eq(follows_next(&follows), until);
	trace[0] = '\0';
	follows_run(&follows, until, 64);
	ck_assert_str_eq(trace, "last look a; done a; ");
	ck_assert_uint_eq(waiting(), 0);
	ck_assert_uint_eq(follows.n, 0);
}
END_TEST

START_TEST(drain_ends_it)
{
	begin(7, "a", NULL, false);
	follows_close(&follows);
	follows_run(&follows, 0, 64);
	ck_assert_str_eq(trace, "look a; wait a; last look a; done a; ");
}
END_TEST

START_TEST(one_that_is_dropped_is_not_called)
{
	begin(7, "a", NULL, false);
	parked_drop(last_parked->parked);
	free(last_parked);
	hint(7, 11);
	follows_close(&follows);
	follows_run(&follows, INT64_MAX, 64);
	ck_assert_str_eq(trace, "look a; wait a; ");
	ck_assert_uint_eq(waiting(), 0);
}
END_TEST

/* At most 2 KB each beside what its owner saves; memory as the allocator sees it, heap of deadlines included. */
START_TEST(ten_thousand_keep_little)
{
	enum { N = 10000 };
	size_t before = mallinfo2().uordblks, each;

	for (int i = 0; i < N; i++) {
		begin(i, "x", NULL, false);
		trace[0] = '\0';
	}
	each = (mallinfo2().uordblks - before) / N;
	ck_assert_uint_eq(waiting(), N);
	/* Its owner of this test is in it, too. */
	ck_assert_uint_lt(each, 1024);
	follows_close(&follows);
	while (follows_run(&follows, 0, 64))
		trace[0] = '\0';
	ck_assert_uint_eq(waiting(), 0);
}
END_TEST

Suite *
suite_park(void)
{
	Suite *s = suite_create("park");
	TCase *t = tcase_create("park");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, comes_back_for_its_event_and_at_its_end);
	tcase_add_test(t, drain_ends_it);
	tcase_add_test(t, one_that_is_dropped_is_not_called);
	tcase_add_test(t, ten_thousand_keep_little);
	suite_add_tcase(s, t);
	return s;
}
