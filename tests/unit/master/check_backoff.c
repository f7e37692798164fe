/* First respawn at once, then 0.1 s doubling to 30 s; a minute of life forgives. */
#include <check.h>

#include "base/clock.h"
#include "master/backoff.h"

Suite *suite_backoff(void);

START_TEST(served_and_died)
{
	struct backoff b = { 0 };
	int64_t want = USEC / 10;

	ck_assert_int_eq(backoff_died(&b, true, USEC), 0);
	for (int i = 0; i < 9; i++) {
		ck_assert_int_eq(backoff_died(&b, true, USEC), want);
		want = want * 2 < 30 * USEC ? want * 2 : 30 * USEC;
	}
	for (int i = 0; i < 100; i++)
		ck_assert_int_eq(backoff_died(&b, true, USEC), 30 * USEC);
	ck_assert_int_eq(backoff_died(&b, true, 60 * USEC), 0);
	ck_assert_int_eq(backoff_died(&b, true, 60 * USEC), 0);
	ck_assert_int_eq(backoff_died(&b, true, 59 * USEC), USEC / 10);
}
END_TEST

START_TEST(never_ready)
{
	struct backoff b = { 0 };

	ck_assert_int_eq(backoff_died(&b, false, 0), USEC / 10);
	ck_assert_int_eq(backoff_died(&b, false, 0), USEC / 5);
	/* However long it took to fail. */
	ck_assert_int_eq(backoff_died(&b, false, 3600 * USEC), 2 * USEC / 5);
	ck_assert_int_eq(backoff_died(&b, true, USEC), 4 * USEC / 5);
}
END_TEST

Suite *
suite_backoff(void)
{
	Suite *s = suite_create("backoff");
	TCase *tc = tcase_create("backoff");

	tcase_add_test(tc, served_and_died);
	tcase_add_test(tc, never_ready);
	suite_add_tcase(s, tc);
	return s;
}
