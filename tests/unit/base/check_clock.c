/*
 * clock - the reference's time formats, both ways (contract/messaging.md 6.1).
 */
#include <check.h>

#include "base/clock.h"

static const struct {
	const char *text;
	int64_t us; /* -1: refused */
} times[] = {
	{ "1970-01-01T00:00:00+00:00", 0 },
	{ "2025-10-23T07:08:09.123456+00:00", INT64_C(1761203289123456) },
	{ "2025-10-23T07:08:09Z", INT64_C(1761203289000000) },
	{ "2025-10-23 09:08:09+02:00", INT64_C(1761203289000000) },
	{ "2020-01-01", INT64_C(1577836800000000) },
	{ "20200101", INT64_C(1577836800000000) },
	{ "2020-W01-1", INT64_C(1577664000000000) },
	{ "2020W011", INT64_C(1577664000000000) },
	{ "2020-01-01T00", INT64_C(1577836800000000) },
	{ "2020-01-01T00:00:00.123", INT64_C(1577836800123000) },
	{ "2020-01-01x00:00:00", INT64_C(1577836800000000) },
	{ "2020-W53-7", INT64_C(1609632000000000) },
	{ "2021-W53-1", -1 },
	{ "9999-W52-5", INT64_C(253402214400000000) },
	{ "9999-W52-6", -1 },
	{ "0001-01-01T00:00:00+00:01", -1 },
	{ "9999-12-31T23:59:59-00:01", -1 },
	{ "9999-12-31T23:59:59+00:00", INT64_C(253402300799000000) },
	{ "9999-12-31T24:00", -1 },
	{ "2024-02-29", INT64_C(1709164800000000) },
	{ "2023-02-29", -1 },
	{ "2020-1-1", -1 },
	{ "yesterday", -1 },
	{ "1761203289", -1 },
	{ "2020-01-01T00:00:00z", -1 },
	{ "2020-01-01T24:00:00", -1 },
	{ "2020-01-01T00:00:00+", -1 },
	{ "2020-01-01T00:00:00.", -1 },
	{ "2020-13-01", -1 },
	{ "", -1 },
};

START_TEST(parse)
{
	int64_t us = -1;
	bool ok = clock_parse_iso(str_c(times[_i].text), &us);

	ck_assert_msg(ok == (times[_i].us >= 0), "%s", times[_i].text);
	if (ok)
		ck_assert_msg(us == times[_i].us, "%s: %lld", times[_i].text, (long long)us);
}
END_TEST

START_TEST(format)
{
	char t[CLOCK_ISO_SIZE];

	clock_iso(t, INT64_C(1761203289123456));
	ck_assert_str_eq(t, "2025-10-23T07:08:09.123456+00:00");
	clock_iso(t, INT64_C(1761203289000000));
	ck_assert_str_eq(t, "2025-10-23T07:08:09+00:00");
	clock_iso_naive(t, INT64_C(1761203289120000));
	ck_assert_str_eq(t, "2025-10-23T07:08:09.120000");
	clock_iso_log(t, -1);
	ck_assert_str_eq(t, "1969-12-31T23:59:59.999Z");
}
END_TEST

START_TEST(round_trip)
{
	for (int64_t us = INT64_C(-62135596800000000); us < INT64_C(253402300799000000);
	     us += INT64_C(86399999999) * 997) {
		char t[CLOCK_ISO_SIZE];
		int64_t back;
		size_t n = clock_iso(t, us);

		ck_assert_msg(clock_parse_iso((struct str){ t, n }, &back) && back == us, "%s", t);
	}
}
END_TEST

Suite *
suite_clock(void)
{
	Suite *s = suite_create("clock");
	TCase *t = tcase_create("clock");

	tcase_add_loop_test(t, parse, 0, sizeof(times) / sizeof(times[0]));
	tcase_add_test(t, format);
	tcase_add_test(t, round_trip);
	suite_add_tcase(s, t);
	return s;
}
