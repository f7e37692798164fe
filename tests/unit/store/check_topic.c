/*
 * topic - the tables say what they must, and the bus brings what is published.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "ipc/bus.h"
#include "ipc/shm.h"
#include "store/topic.h"

Suite *suite_topic(void);

START_TEST(every_number_has_its_row)
{
	for (int k = 1; k < TOPIC_KINDS; k++) {
		ck_assert_ptr_nonnull(topic_name((enum topic_kind)k));
		ck_assert_uint_gt(strlen(topic_help((enum topic_kind)k)), 5);
		for (int other = 1; other < k; other++)
			ck_assert_str_ne(topic_name((enum topic_kind)k), topic_name((enum topic_kind)other));
	}
	for (int w = 1; w < CHANGE_WHATS; w++) {
		ck_assert_ptr_nonnull(change_name((enum change_what)w));
		for (int other = 1; other < w; other++)
			ck_assert_str_ne(change_name((enum change_what)w), change_name((enum change_what)other));
	}
	ck_assert_int_eq(topic_log(TOPIC_INBOX), TOPIC_LOG_MAIL);
	ck_assert_int_eq(topic_log(TOPIC_AGENTS), TOPIC_LOG_CHANGES);
}
END_TEST

static int
by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Ids follow each other and kinds are few: whole hashes differ, and low bits fill a table evenly. */
START_TEST(hashes_spread)
{
	enum { IDS = 4096, KINDS = TOPIC_KINDS - 1, N = IDS * KINDS };
	uint64_t *h = malloc(N * sizeof(*h));
	int bucket[1024] = { 0 }, n = 0;

	for (int k = 1; k <= KINDS; k++)
		for (int id = 0; id < IDS; id++) {
			struct topic t = { .kind = (enum topic_kind)k, .id = id };

			h[n] = topic_hash(&t);
			bucket[h[n++] % 1024]++;
		}
	for (int i = 0; i < 1024; i++)
		ck_assert_int_lt(bucket[i], 2 * N / 1024);
	qsort(h, N, sizeof(*h), by_value);
	for (int i = 1; i < N; i++)
		ck_assert_uint_ne(h[i - 1], h[i]);
	free(h);
}
END_TEST

START_TEST(threads_differ_by_name)
{
	struct topic a = { .kind = TOPIC_THREAD, .id = 1, .name = STR("TKT-1") }, b = a, c = a;

	b.name = STR("TKT-2");
	c.id = 2;
	ck_assert_uint_ne(topic_hash(&a), topic_hash(&b));
	ck_assert_uint_ne(topic_hash(&a), topic_hash(&c));
	b.name = STR("TKT-1");
	ck_assert_uint_eq(topic_hash(&a), topic_hash(&b));
}
END_TEST

static struct bus_event heard;

static void
on_event(const struct bus_event *e, void *arg)
{
	heard = *e;
}

START_TEST(published_as_it_is)
{
	struct shm *shm = shm_new(1);
	struct bus_cursor at = bus_now(shm_bus(shm));
	struct topic t = TOPIC_OF(RESERVATIONS, 12);

	topic_publish(shm_bus(shm), 3, &t, 45);
	ck_assert(bus_drain(shm_bus(shm), &at, on_event, NULL));
	ck_assert_uint_eq(heard.topic, topic_hash(&t));
	ck_assert_uint_eq(heard.kind, TOPIC_RESERVATIONS);
	ck_assert_uint_eq(heard.slot, 3);
	ck_assert_int_eq(heard.id, 12);
	ck_assert_int_eq(heard.number, 45);
	shm_free(&shm);
}
END_TEST

Suite *
suite_topic(void)
{
	Suite *s = suite_create("topic");
	TCase *t = tcase_create("topic");

	tcase_add_test(t, every_number_has_its_row);
	tcase_add_test(t, hashes_spread);
	tcase_add_test(t, threads_differ_by_name);
	tcase_add_test(t, published_as_it_is);
	suite_add_tcase(s, t);
	return s;
}
