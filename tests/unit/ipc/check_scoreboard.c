/* Counters, and histograms whose buckets leave no value out. */
#include <check.h>
#include <stdlib.h>

#include "ipc/scoreboard.h"

Suite *suite_scoreboard(void);

static struct slot *s;

static void
setup(void)
{
	s = calloc(1, sizeof(*s));
	ck_assert_ptr_nonnull(s);
}

static void
teardown(void)
{
	free(s);
}

START_TEST(counters)
{
	counter_add(s, C_requests_total, 2);
	counter_add(s, C_requests_total, 3);
	counter_set(s, C_connections_open, 9);
	counter_add(s, C_connections_open, -1);
	ck_assert_uint_eq(counter_get(s, C_requests_total), 5);
	ck_assert_uint_eq(counter_get(s, C_connections_open), 8);
	ck_assert_int_eq(counter_table[C_requests_total].gauge, 0);
	ck_assert_int_eq(counter_table[C_connections_open].gauge, 1);
	ck_assert_str_eq(counter_table[C_connections_open].name, "connections_open");
}
END_TEST

START_TEST(bounds_grow)
{
	for (int i = 1; i < HIST_BUCKETS; i++)
		ck_assert_uint_gt(hist_bound(i), hist_bound(i - 1));
	ck_assert_uint_eq(hist_bound(HIST_BUCKETS - 1), UINT64_MAX);
	ck_assert_uint_gt(hist_bound(HIST_BUCKETS - 2), 67000000);
}
END_TEST

/* Each value lies at or below the bound of its bucket and above the one before. */
START_TEST(every_value_has_its_bucket)
{
	for (uint64_t us = 0; us < 200000000; us = us < 5000 ? us + 1 : us + us / 37) {
		struct hist h = { 0 };
		int i;

		hist_add(&h, us, 0);
		for (i = 0; i < HIST_BUCKETS; i++)
			if (h.bucket[i] == 1)
				break;
		ck_assert_int_lt(i, HIST_BUCKETS);
		ck_assert_uint_le(us, hist_bound(i));
		ck_assert(i == 0 || us > hist_bound(i - 1));
	}
}
END_TEST

START_TEST(quantiles)
{
	struct hist h = { 0 };

	ck_assert_uint_eq(hist_quantile(&h, 0.5), 0);
	for (uint64_t us = 1; us <= 1000; us++)
		hist_add(&h, us, us % 10 == 0);
	ck_assert_uint_eq(h.count, 1000);
	ck_assert_uint_eq(h.errors, 100);
	ck_assert_uint_eq(h.sum_us, 500500);
	ck_assert_uint_ge(hist_quantile(&h, 0.5), 500);
	ck_assert_uint_le(hist_quantile(&h, 0.5), 500 * 5 / 4);
	ck_assert_uint_ge(hist_quantile(&h, 0.99), 990);
	ck_assert_uint_le(hist_quantile(&h, 1.0), 1000 * 5 / 4);
	ck_assert_uint_eq(hist_quantile(&h, 0.0), 1);
}
END_TEST

Suite *
suite_scoreboard(void)
{
	Suite *su = suite_create("scoreboard");
	TCase *tc = tcase_create("scoreboard");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, counters);
	tcase_add_test(tc, bounds_grow);
	tcase_add_test(tc, every_value_has_its_bucket);
	tcase_add_test(tc, quantiles);
	suite_add_tcase(su, tc);
	return su;
}
