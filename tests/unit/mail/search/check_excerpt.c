/*
 * excerpt - what a language model gets to see never becomes more than one query holds, whatever mail says.
 */
#include <check.h>
#include <string.h>

#include "base/json_write.h"
#include "mail/search/excerpt.h"

static struct arena a;
static struct excerpt e;

static void
setup(void)
{
	arena_init(&a, 4096);
	excerpt_init(&e, &a, 10, 100);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static void
add(int64_t id, struct str thread, struct str subject, struct str body)
{
	struct message m = {
		.id = id, .thread_id = thread, .from = STR("BlueLake"), .subject = subject, .body_md = body
	};

	ck_assert_int_eq(excerpt_add(NULL, &m, &e), 0);
}

static const char *
text(void)
{
	return arena_cstr(&a, buf_flat(&e.text));
}

/* Bytes of the text as JSON has it. */
static size_t
as_json(void)
{
	struct buf b;
	struct jw w;

	buf_init(&b, &a);
	jw_init(&w, &b, JW_COMPACT);
	jw_str(&w, buf_flat(&e.text));
	return b.n - 2;
}

START_TEST(messages_in_order)
{
	add(7, STR("T-1"), STR("Plan"), STR("one\ntwo"));
	add(9, STR_NONE, STR("More"), STR("x\x01y\x7f\tz"));
	ck_assert_str_eq(text(), "- BlueLake: Plan\none\ntwo\n\n- BlueLake: More\nx y \tz");
	ck_assert_uint_eq(e.n, 2);
	ck_assert_int_eq(e.ids[0], 7);
	ck_assert_int_eq(e.ids[1], 9);
}
END_TEST

START_TEST(each_with_its_thread)
{
	e.threads = true;
	add(7, STR("T-1"), STR("Plan"), STR("one"));
	add(9, STR_NONE, STR("More"), STR("two"));
	excerpt_line(&e, "\n* ", STR("three"));
	ck_assert_str_eq(text(), "[T-1] BlueLake: Plan\none\n\n[msg-9] BlueLake: More\ntwo\n* three\n");
}
END_TEST

START_TEST(so_many_and_so_long)
{
	char body[400];

	memset(body, 'b', sizeof(body));
	for (int i = 0; i < 12; i++)
		add(i, STR_NONE, (struct str){ body, 300 }, (struct str){ body, sizeof(body) });
	ck_assert_uint_eq(e.n, 10);
	ck_assert_uint_eq(e.text.n, 10 * (strlen("- BlueLake: \n") + 200 + 100) + 9 * 2);
	excerpt_init(&e, &a, 1000, 1);
	ck_assert_uint_eq(e.max, EXCERPT_MESSAGES);
}
END_TEST

/* Texts that JSON makes longer: what counts is what is sent. Characters stay whole. */
static const char *const heavy[] = { "\"\\\n\t", "\x01\x02", "\xc3\xa9", "\xf0\x9f\x98\x80", "plain" };

START_TEST(never_more_than_a_query_holds)
{
	struct buf body;

	buf_init(&body, &a);
	while (body.n < 9000)
		buf_cstr(&body, heavy[_i]);
	excerpt_init(&e, &a, EXCERPT_MESSAGES, 9000);
	for (int i = 0; i < EXCERPT_MESSAGES; i++)
		add(i, STR_NONE, STR("S"), buf_flat(&body));
	ck_assert_uint_le(as_json(), EXCERPT_BYTES + 1);
	ck_assert_uint_ge(as_json(), EXCERPT_BYTES - 8);
	ck_assert(str_utf8_ok(buf_flat(&e.text)));
	excerpt_line(&e, "", STR("no room"));
	ck_assert_uint_le(as_json(), EXCERPT_BYTES + 1);
}
END_TEST

Suite *suite_excerpt(void);

Suite *
suite_excerpt(void)
{
	Suite *s = suite_create("excerpt");
	TCase *t = tcase_create("excerpt");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, messages_in_order);
	tcase_add_test(t, each_with_its_thread);
	tcase_add_test(t, so_many_and_so_long);
	tcase_add_loop_test(t, never_more_than_a_query_holds, 0, sizeof(heavy) / sizeof(heavy[0]));
	suite_add_tcase(s, t);
	return s;
}
