/*
 * search_parse - every facet read, every wrong one refused by name.
 */
#include <check.h>
#include <string.h>

#include "mail/search/search.h"
#include "support/fixture.h"

static struct fixture f;
static struct search_words w;
static struct search_request ask;

static void
setup(void)
{
	fixture_init_without_db(&f);
	w = (struct search_words){ .sender = { { .name = "sender" }, { .name = "from_agent" },
				       { .name = "sender_name" } },
		.start = { { .name = "date_start" }, { .name = "date_from" }, { .name = "after" }, { .name = "since" } },
		.end = { { .name = "date_end" }, { .name = "date_to" }, { .name = "before" }, { .name = "until" } } };
	ask = (struct search_request){ .limit = 20 };
}

static int
parse(void)
{
	return search_parse(fixture_again(&f), &w, &ask);
}

static void
refused(const char *field)
{
	ck_assert_int_eq(parse(), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "");
	ck_assert_msg(str_find(fail_data_json(&f.cx.fail), arena_printf(&f.arena, "\"field\":\"%s\"", field)) >= 0,
	    "%.*s", (int)fail_data_json(&f.cx.fail).n, fail_data_json(&f.cx.fail).p);
}

START_TEST(defaults)
{
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(ask.ranking, SEARCH_RELEVANCE);
	ck_assert_int_eq(ask.limit, 20);
	ck_assert(!ask.after.set && ask.importance == 0 && ask.from_us == 0 && ask.to_us == 0);
}
END_TEST

START_TEST(limits)
{
	ask.limit = -1;
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(ask.limit, 1000);
	ck_assert_ptr_null(f.cx.warnings);
	ask.limit = 5000;
	ask.offset = -3;
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(ask.limit, 1000);
	ck_assert_int_eq(ask.offset, 0);
	ck_assert_ptr_nonnull(f.cx.warnings);
	ask.offset = 4001;
	refused("offset");
	ask.offset = INT64_MAX;
	refused("offset");
}
END_TEST

START_TEST(words)
{
	w.ranking = STR(" Recent ");
	w.importance = STR("high,, URGENT ");
	w.thread_id = STR(" T-1 ");
	w.sender[0].v = STR("BlueLake");
	w.sender[2].v = STR("bluelake ");
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(ask.ranking, SEARCH_RECENCY);
	ck_assert_uint_eq(ask.importance, SEARCH_HIGH | SEARCH_URGENT);
	ck_str(ask.thread_id, "T-1");
	ck_str(ask.sender, "BlueLake");
	w.sender[1].v = STR("RedFox");
	refused("sender");
	ck_fail(&f, ERR_INVALID_ARGUMENT, "Conflicting sender values");
	w.sender[1].v = STR_NONE;
	w.importance = STR("high,loud");
	refused("importance");
	w.importance = STR_NONE;
	w.ranking = STR("best");
	refused("ranking");
}
END_TEST

START_TEST(dates)
{
	w.start[0].v = STR("2025-10-23");
	w.start[3].v = STR("2025-10-23T00:00:00Z");
	w.end[1].v = STR("2025-10-23");
	ck_assert_int_eq(parse(), 0);
	ck_assert_int_eq(ask.to_us - ask.from_us, INT64_C(86400) * 1000000 - 1);
	w.start[3].v = STR("2025-10-23T00:00:01Z");
	refused("date_start");
	w.start[3].v = STR("yesterday");
	refused("since");
	w.start[3].v = STR_NONE;
	w.end[1].v = STR("2025-10-22");
	refused("date_range");
}
END_TEST

START_TEST(cursor_there_and_back)
{
	struct search_cursor c = { true, 1.25e-3, 987654321 };

	for (int sign = 0; sign < 2; sign++, c.score = -c.score) {
		w.cursor = search_cursor_text(&f.cx, &c);
		ask.offset = 4999999;
		ck_assert_int_eq(parse(), 0);
		ck_assert(ask.after.set && ask.after.score == c.score && ask.after.id == c.id);
		ck_assert_int_eq(ask.offset, 0);
	}
}
END_TEST

START_TEST(bad_cursors)
{
	static const char *const bad[] = { "x", "s0000000000000000:i", "s0000000000000000:i0", "s000000000000000G:i5",
		"s7ff0000000000000:i5", "s0000000000000000-i5", "s0000000000000000:i5x" };

	w.cursor = str_c(bad[_i]);
	refused("cursor");
}
END_TEST

Suite *suite_search_parse(void);

Suite *
suite_search_parse(void)
{
	Suite *s = suite_create("search_parse");
	TCase *t = tcase_create("search_parse");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, defaults);
	tcase_add_test(t, limits);
	tcase_add_test(t, words);
	tcase_add_test(t, dates);
	tcase_add_test(t, cursor_there_and_back);
	tcase_add_loop_test(t, bad_cursors, 0, 7);
	suite_add_tcase(s, t);
	return s;
}
