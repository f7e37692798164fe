/*
 * pace - when changes are committed one by one, gathered, or waited for.
 */
#include <check.h>

#include "archive/pace.h"

/* Decision 3.62. */
START_TEST(the_pace)
{
	struct arch_pace p;
	int64_t now = 1000000000, wait = 0;

	pace_init(&p, now);
	ck_assert_int_eq(pace_next(&p, 3, 512, 1000000, now, &wait), PACE_SINGLE);
	pace_spent(&p, PACE_SINGLE, 3, 3000, now);
	ck_assert_int_eq(pace_next(&p, 512, 512, 1000000, now, &wait), PACE_GROUP);
	/* Dear commits, many of them: they are gathered, at most for the time that is set. */
	for (int i = 0; i < 20; i++)
		pace_spent(&p, PACE_SINGLE, 1, 28000, now);
	ck_assert_int_eq(pace_next(&p, 5, 512, 1000000, now + 1000, &wait), PACE_WAIT);
	ck_assert_int_eq(wait, 999000);
	ck_assert_int_eq(pace_next(&p, 5, 512, 0, now + 1000, &wait), PACE_GROUP);
	ck_assert_int_eq(pace_next(&p, 5, 512, 1000000, now + 1000000, &wait), PACE_GROUP);
	/* After a quiet time there is credit for a few again. */
	ck_assert_int_eq(pace_next(&p, 2, 512, 1000000, now + 60000000, &wait), PACE_SINGLE);
}
END_TEST

Suite *suite_pace(void);

Suite *
suite_pace(void)
{
	Suite *s = suite_create("pace");
	TCase *t = tcase_create("pace");

	tcase_add_test(t, the_pace);
	suite_add_tcase(s, t);
	return s;
}
