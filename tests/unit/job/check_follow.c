/*
 * follow - who follows is called once, for its topic, at its deadline or when the
 * process drains; who left is never called; who waits costs nothing.
 */
#include <check.h>
#include <string.h>
#include <sys/mman.h>

#include "job/follow.h"

Suite *suite_follow(void);

static struct follows fs;
static char called[64];
static int listened;
static const struct topic five = TOPIC_OF(INBOX, 5), six = TOPIC_OF(INBOX, 6);

static void
listen_to(void *arg)
{
	listened++;
}

/* Goes when it is called, as a request does that answers. */
static void
leave(struct follower *f, bool over)
{
	unfollow(&fs, f);
	strcat(called, f->arg);
	strcat(called, over ? "! " : " ");
}

static void
stay(struct follower *f, bool over)
{
	strcat(called, f->arg);
	strcat(called, over ? "! " : " ");
}

static void
setup(void)
{
	called[0] = '\0';
	listened = 0;
	follows_init(&fs, listen_to, NULL);
	fs.listening = true;
}

static void
teardown(void)
{
	follows_fini(&fs);
}

static void
hint(const struct topic *t, int64_t number)
{
	follows_hint(&fs, topic_hash(t), number);
}

START_TEST(topics)
{
	struct follower w[] = { { .fn = leave, .arg = "a" }, { .fn = leave, .arg = "b" }, { .fn = leave, .arg = "c" } };

	follow(&fs, &w[0], &five, 100);
	follow(&fs, &w[1], &six, 100);
	follow(&fs, &w[2], &five, 50);
	ck_assert(!follows_run(&fs, 0, 64));
	hint(&five, 1);
	hint(&five, 2);
	ck_assert(follows_run(&fs, 0, 1));
	ck_assert(!follows_run(&fs, 0, 1));
	ck_assert_str_eq(called, "a c ");
	ck_assert_uint_eq(fs.n, 1);
	follows_lost(&fs);
	follows_run(&fs, 0, 64);
	ck_assert_str_eq(called, "a c b ");
	ck_assert_int_eq(listened, 0);
	ck_assert_int_eq(follows_next(&fs), INT64_MAX);
}
END_TEST

START_TEST(who_stays_is_called_again)
{
	struct follower w = { .fn = stay, .arg = "a" };

	follow(&fs, &w, &five, INT64_MAX);
	for (int i = 1; i <= 3; i++) {
		hint(&five, i);
		ck_assert(!follows_run(&fs, 0, 64));
	}
	ck_assert_str_eq(called, "a a a ");
	unfollow(&fs, &w);
	ck_assert_uint_eq(fs.n, 0);
}
END_TEST

START_TEST(what_is_known_is_no_news)
{
	struct follower w = { .fn = stay, .arg = "a", .after = 10 };

	follow(&fs, &w, &five, INT64_MAX);
	hint(&five, 9);
	hint(&five, 10);
	ck_assert(!follows_run(&fs, 0, 64));
	ck_assert_str_eq(called, "");
	hint(&five, 11);
	w.after = 11;
	follows_run(&fs, 0, 64);
	hint(&five, 11);
	follows_run(&fs, 0, 64);
	ck_assert_str_eq(called, "a ");
}
END_TEST

START_TEST(first_one_looks_twice)
{
	struct follower a = { .fn = leave, .arg = "a" }, b = { .fn = leave, .arg = "b" };

	fs.listening = false;
	follow(&fs, &a, &five, 100);
	ck_assert_int_eq(listened, 1);
	follows_run(&fs, 0, 64);
	ck_assert_str_eq(called, "a ");
	follow(&fs, &b, &five, 100);
	follows_run(&fs, 0, 64);
	ck_assert_str_eq(called, "a ");
	ck_assert_int_eq(listened, 1);
}
END_TEST

START_TEST(deadlines)
{
	struct follower a = { .fn = leave, .arg = "a" }, b = { .fn = leave, .arg = "b" }, c = { .fn = stay, .arg = "c" };

	ck_assert(follows_next(&fs) == INT64_MAX);
	follow(&fs, &a, &five, 100);
	follow(&fs, &b, &five, 70);
	follow(&fs, &c, &six, 80);
	follows_run(&fs, 69, 64);
	ck_assert_int_eq(follows_next(&fs), 70);
	ck_assert_str_eq(called, "");
	/* An event at the same moment: it is called once, and must answer. */
	hint(&five, 1);
	follows_run(&fs, 70, 64);
	ck_assert_str_eq(called, "a b! ");
	/* Over once; hints go on. */
	follows_run(&fs, 80, 64);
	follows_run(&fs, 81, 64);
	hint(&six, 1);
	follows_run(&fs, 82, 64);
	ck_assert_str_eq(called, "a b! c! c ");
}
END_TEST

START_TEST(gone)
{
	struct follower a = { .fn = leave, .arg = "a" }, b = { .fn = leave, .arg = "b" };

	follow(&fs, &a, &five, 100);
	follow(&fs, &b, &five, 100);
	unfollow(&fs, &a);
	follows_lost(&fs);
	unfollow(&fs, &b);
	ck_assert(!follows_run(&fs, 200, 64));
	ck_assert_str_eq(called, "");
	ck_assert_uint_eq(fs.n, 0);
}
END_TEST

START_TEST(draining)
{
	struct follower a = { .fn = leave, .arg = "a" }, b = { .fn = leave, .arg = "b" },
			c = { .fn = leave, .arg = "c", .outlasts_drain = true };

	follow(&fs, &a, &five, 100);
	follow(&fs, &c, &six, 100);
	follows_close(&fs);
	follow(&fs, &b, &five, 100);
	follows_run(&fs, 0, 64);
	follows_run(&fs, 0, 64);
	ck_assert_str_eq(called, "a! c b! ");
}
END_TEST

/* The callee may end others that are due. */
static struct follower *victim;

static void
end_other(struct follower *f, bool over)
{
	unfollow(&fs, victim);
	stay(f, over);
}

START_TEST(one_ends_another)
{
	struct follower a = { .fn = end_other, .arg = "a" }, b = { .fn = leave, .arg = "b" };

	victim = &b;
	follow(&fs, &a, &five, INT64_MAX);
	follow(&fs, &b, &five, 5);
	hint(&five, 1);
	ck_assert(!follows_run(&fs, 10, 64));
	ck_assert_str_eq(called, "a ");
}
END_TEST

#define MANY 10000

/*
 * It walked everybody twice at the end of each turn. Here 10,000 who wait lie in memory that nobody may read: a turn
 * in which nothing happens to them visits none of them. (The one with the earliest deadline is looked at; it lies elsewhere.)
 */
START_TEST(park_expire_is_not_linear)
{
	size_t bytes = MANY * sizeof(struct follower);
	struct follower *f = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct follower other = { .fn = leave, .arg = "x" };
	uint64_t empty = 0;

	ck_assert_ptr_ne(f, MAP_FAILED);
	for (int i = 0; i < MANY; i++) {
		struct topic t = TOPIC_OF(INBOX, i / 20);

		f[i] = (struct follower){ .fn = leave, .arg = "" };
		follow(&fs, &f[i], &t, 1000 + (i * 7919) % MANY);
	}
	follow(&fs, &other, &six, 999);
	/* A topic that shares its bucket with none of them. */
	while (!TAILQ_EMPTY(&fs.bucket[empty % FOLLOW_BUCKETS]))
		empty++;
	ck_assert_int_eq(mprotect(f, bytes, PROT_NONE), 0);
	for (int turn = 0; turn < 999; turn++) {
		follows_hint(&fs, empty, turn);
		ck_assert(!follows_run(&fs, turn, 64));
		ck_assert_int_eq(follows_next(&fs), 999);
	}
	ck_assert_int_eq(mprotect(f, bytes, PROT_READ | PROT_WRITE), 0);
	/* And each of them is called all the same: not before its time, not after it, not more than a few in a turn. */
	follows_run(&fs, 999, 64);
	ck_assert_str_eq(called, "x! ");
	called[0] = '\0';
	for (int n = 0; n < MANY; n++) {
		follows_run(&fs, 1000 + n, 1);
		ck_assert_uint_eq(fs.n, MANY - 1 - n);
		called[0] = '\0';
	}
	munmap(f, bytes);
}
END_TEST

Suite *
suite_follow(void)
{
	Suite *s = suite_create("follow");
	TCase *t = tcase_create("follow");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, topics);
	tcase_add_test(t, who_stays_is_called_again);
	tcase_add_test(t, what_is_known_is_no_news);
	tcase_add_test(t, first_one_looks_twice);
	tcase_add_test(t, deadlines);
	tcase_add_test(t, gone);
	tcase_add_test(t, draining);
	tcase_add_test(t, one_ends_another);
	tcase_add_test(t, park_expire_is_not_linear);
	suite_add_tcase(s, t);
	return s;
}
