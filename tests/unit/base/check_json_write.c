/*
 * json_write - texts byte for byte, and misuse that is a bug of ours.
 */
#include <check.h>
#include <signal.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/json_read.h"
#include "base/json_write.h"

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 64);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

START_TEST(writes_what_python_writes)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, JW_INDENT2 | JW_ASCII);
	jw_obj(&w);
	jw_kstr(&w, "a", STR("Gr\xc3\xbc\xf0\x9f\x9a\x80\x7f\n\"\\"));
	jw_karr(&w, "e");
	jw_end(&w);
	jw_karr(&w, "l");
	jw_int(&w, 1);
	jw_double(&w, 0.1);
	jw_end(&w);
	jw_knull(&w, "n");
	jw_end(&w);
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&b)),
	    "{\n  \"a\": \"Gr\\u00fc\\ud83d\\ude80\x7f\\n\\\"\\\\\",\n  \"e\": [],\n  \"l\": [\n    1,\n    0.1\n  ],\n  \"n\": null\n}");
}
END_TEST

START_TEST(quoted_text_reads_back)
{
	struct buf inner, outer;
	struct jw w;
	struct jr v;
	struct jr_error err;
	char raw[5000];

	for (size_t i = 0; i < sizeof(raw); i++)
		raw[i] = (char)(i % 128);
	buf_init(&inner, &arena);
	jw_init(&w, &inner, 0);
	jw_str(&w, (struct str){ raw, sizeof(raw) });
	buf_init(&outer, &arena);
	jw_init(&w, &outer, 0);
	jw_quoted_buf(&w, &inner);
	ck_assert(jr_parse(&arena, buf_flat(&outer), &v, &err));
	ck_assert(str_eq(jr_str(v), buf_flat(&inner)));
	ck_assert(jr_parse(&arena, jr_str(v), &v, &err));
	ck_assert(str_eq(jr_str(v), ((struct str){ raw, sizeof(raw) })));
}
END_TEST

START_TEST(bad_utf8_is_replaced)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_str(&w, STR("a\xff\xc3(\xed\xa0\x80z"));
	ck_assert(str_utf8_ok(buf_flat(&b)));
}
END_TEST

static void
ck_written(const struct buf *b, const char *wanted)
{
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(b)), wanted);
}

START_TEST(reopened_objects_take_more_members)
{
	static const struct {
		const char *object, *wanted;
	} row[] = {
		{ "{}", "{\"more\":[1],\"last\":null}" },
		{ "{\"a\":{\"b\":\"}\"}}", "{\"a\":{\"b\":\"}\"},\"more\":[1],\"last\":null}" },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
		struct buf b;
		struct jw w;

		buf_init(&b, &arena);
		jw_reopen(&w, &b, str_c(row[i].object));
		jw_karr(&w, "more");
		jw_int(&w, 1);
		jw_end(&w);
		jw_knull(&w, "last");
		jw_end(&w);
		ck_written(&b, row[i].wanted);
	}
}
END_TEST

/* It is opened again without copying: the caller keeps it. */
START_TEST(a_reopened_object_is_not_copied)
{
	struct str object = STR("{\"a\":1}");
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_reopen(&w, &b, object);
	jw_end(&w);
	ck_written(&b, "{\"a\":1}");
	ck_assert_ptr_eq(b.first->next->p, object.p + 1);
}
END_TEST

START_TEST(values)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, JW_SPACED);
	jw_arr(&w);
	jw_double(&w, 2.0);
	jw_double(&w, 1e300);
	jw_double(&w, NAN);
	jw_int(&w, INT64_MIN);
	jw_bool(&w, true);
	jw_str(&w, STR_NONE);
	jw_cstr(&w, NULL);
	jw_time(&w, 0);
	jw_raw(&w, STR("{}"));
	jw_end(&w);
	ck_written(&b, "[2.0, 1e+300, null, -9223372036854775808, true, null, null, null, {}]");
}
END_TEST

static void
reopen_what_is_no_object(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_reopen(&w, &b, STR("[1]"));
}

static void
value_without_key(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_obj(&w);
	jw_int(&w, 1);
}

static void
key_in_a_list(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_arr(&w);
	jw_key(&w, "k");
}

static void
two_values(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	jw_int(&w, 1);
	jw_int(&w, 2);
}

static void
too_deep(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &arena);
	jw_init(&w, &b, 0);
	for (int i = 0; i <= JW_DEPTH; i++)
		jw_arr(&w);
}

static void (*const misuses[])(
    void) = { reopen_what_is_no_object, value_without_key, key_in_a_list, two_values, too_deep };

START_TEST(misuse_panics)
{
	misuses[_i]();
}
END_TEST

/* The zone is there or not by style; microseconds only where there are any; no time is null in both. */
START_TEST(times_have_a_zone_by_style)
{
	const unsigned styles[] = { JW_COMPACT, JW_COMPACT | JW_NAIVE_TIME };
	const char *const texts_of[] = {
		"[\"2025-10-23T07:08:09.123456+00:00\",\"2025-10-23T07:08:09+00:00\",null]",
		"[\"2025-10-23T07:08:09.123456\",\"2025-10-23T07:08:09\",null]",
	};

	for (size_t i = 0; i < 2; i++) {
		struct buf b;
		struct jw w;

		buf_init(&b, &arena);
		jw_init(&w, &b, styles[i]);
		jw_arr(&w);
		jw_time(&w, INT64_C(1761203289123456));
		jw_time(&w, INT64_C(1761203289000000));
		jw_time(&w, 0);
		jw_end(&w);
		ck_assert_str_eq(arena_cstr(&arena, buf_flat(&b)), texts_of[i]);
	}
}
END_TEST

Suite *
suite_json_write(void)
{
	Suite *s = suite_create("json_write");
	TCase *t = tcase_create("json_write");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, times_have_a_zone_by_style);
	tcase_add_test(t, writes_what_python_writes);
	tcase_add_test(t, quoted_text_reads_back);
	tcase_add_test(t, bad_utf8_is_replaced);
	tcase_add_test(t, reopened_objects_take_more_members);
	tcase_add_test(t, a_reopened_object_is_not_copied);
	tcase_add_test(t, values);
	tcase_add_loop_test_raise_signal(t, misuse_panics, SIGABRT, 0, sizeof(misuses) / sizeof(misuses[0]));
	suite_add_tcase(s, t);
	return s;
}
