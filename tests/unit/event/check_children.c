/*
 * check_children - real children on a loop: their ends, their deadlines, the end of the table.
 */
#include <check.h>
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "event/children.h"

Suite *suite_children(void);

#define N 20
#define PATIENCE (10 * USEC)

static struct loop *l;
static struct children t;
static struct child_process child[N];
static int status_of[N], ended, again;

static void
setup(void)
{
	l = loop_new();
	children_init(&t, l, SIGALRM);
	memset(child, 0, sizeof(child));
	ended = again = 0;
}

static void
teardown(void)
{
	children_fini(&t);
	loop_free(&l);
}

static void
on_end(struct child_process *p, int status)
{
	ck_assert_int_eq(p->pid, 0);
	status_of[p - child] = status;
	ended++;
}

static void
wait_for_ends(int count)
{
	int64_t until = clock_mono_us() + PATIENCE;

	while (ended < count) {
		ck_assert_int_lt(clock_mono_us(), until);
		loop_turn(l, USEC);
	}
}

static int
return_arg(void *arg)
{
	return *(int *)arg;
}

static int
sleep_long(void *arg)
{
	for (;;)
		pause();
	return 0;
}

static int
sleep_deaf(void *arg)
{
	signal(SIGALRM, SIG_IGN);
	return sleep_long(arg);
}

START_TEST(each_end_is_told_once_with_its_status)
{
	for (int i = 0; i < N; i++)
		ck_assert(children_start(&t, &child[i], return_arg, &i, 0, on_end));
	ck_assert_int_eq(t.n, N);
	wait_for_ends(N);
	for (int i = 0; i < N; i++)
		ck_assert_int_eq(WEXITSTATUS(status_of[i]), i);
	ck_assert_int_eq(t.n, 0);
	loop_turn(l, 0);
	ck_assert_int_eq(ended, N);
}
END_TEST

START_TEST(deadline_ends_a_child_and_spares_the_others)
{
	ck_assert(children_start(&t, &child[0], sleep_long, NULL, 50000, on_end));
	ck_assert(children_start(&t, &child[1], sleep_long, NULL, 3600 * USEC, on_end));
	ck_assert(children_start(&t, &child[2], sleep_long, NULL, 0, on_end));
	wait_for_ends(1);
	ck_assert_int_eq(WTERMSIG(status_of[0]), SIGALRM);
	ck_assert_int_eq(t.n, 2);
	ck_assert_int_eq(kill(child[1].pid, 0), 0);
	ck_assert_int_eq(kill(child[2].pid, 0), 0);
}
END_TEST

/* A second later it is killed. */
START_TEST(deaf_child_is_killed)
{
	ck_assert(children_start(&t, &child[0], sleep_deaf, NULL, 200000, on_end));
	wait_for_ends(1);
	ck_assert_int_eq(WTERMSIG(status_of[0]), SIGKILL);
}
END_TEST

static void
start_again(struct child_process *p, int status)
{
	if (++again < 3)
		ck_assert(children_start(&t, p, return_arg, &again, 1000000, start_again));
	else
		on_end(p, status);
}

START_TEST(end_may_start_the_next)
{
	int zero = 0;

	ck_assert(children_start(&t, &child[0], return_arg, &zero, 1000000, start_again));
	wait_for_ends(1);
	ck_assert_int_eq(again, 3);
	ck_assert_int_eq(WEXITSTATUS(status_of[0]), 2);
	ck_assert_int_eq(loop_timer_left(&t.timer), INT64_MAX);
}
END_TEST

/* Children of others are not waited for. */
START_TEST(leaves_the_children_of_others)
{
	int seven = 7, status;
	pid_t other = fork();

	if (other == 0)
		_exit(9);
	ck_assert(children_start(&t, &child[0], return_arg, &seven, 0, on_end));
	wait_for_ends(1);
	ck_assert_int_eq(waitpid(other, &status, 0), other);
	ck_assert_int_eq(WEXITSTATUS(status), 9);
}
END_TEST

START_TEST(end_of_the_table_is_the_end_of_its_children)
{
	pid_t pid;

	ck_assert(children_start(&t, &child[0], sleep_deaf, NULL, 0, on_end));
	pid = child[0].pid;
	children_fini(&t);
	ck_assert_int_eq(kill(pid, 0), -1);
	ck_assert_int_eq(errno, ESRCH);
	ck_assert_int_eq(ended, 0);
	children_init(&t, l, SIGALRM);
}
END_TEST

Suite *
suite_children(void)
{
	Suite *s = suite_create("children");
	TCase *c = tcase_create("children");

	tcase_add_checked_fixture(c, setup, teardown);
	tcase_set_timeout(c, 20);
	tcase_add_test(c, each_end_is_told_once_with_its_status);
	tcase_add_test(c, deadline_ends_a_child_and_spares_the_others);
	tcase_add_test(c, deaf_child_is_killed);
	tcase_add_test(c, end_may_start_the_next);
	tcase_add_test(c, leaves_the_children_of_others);
	tcase_add_test(c, end_of_the_table_is_the_end_of_its_children);
	suite_add_tcase(s, c);
	return s;
}
