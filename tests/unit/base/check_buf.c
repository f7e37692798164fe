/*
 * buf - blocks that never move: appended, borrowed, chained, and handed to writev from any byte on.
 */
#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

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

/* What writev would send of b from byte `skip` on, through vectors of at most `max` entries. */
static struct str
sent(const struct buf *b, size_t skip, int max)
{
	struct iovec iov[8];
	struct buf out;
	int n;

	buf_init(&out, &arena);
	while ((n = buf_iov(b, skip + out.n, iov, max)) > 0) {
		ck_assert_int_le(n, max);
		for (int i = 0; i < n; i++) {
			ck_assert_uint_gt(iov[i].iov_len, 0);
			buf_put(&out, iov[i].iov_base, iov[i].iov_len);
		}
	}
	return buf_flat(&out);
}

START_TEST(vectors_begin_anywhere)
{
	struct buf b;
	struct str whole;
	char line[3000];

	buf_init(&b, &arena);
	for (size_t i = 0; i < sizeof(line); i++)
		line[i] = (char)('a' + i % 26);
	buf_put(&b, line, 10);
	buf_ref(&b, STR("borrowed"));
	buf_put(&b, line, sizeof(line));
	buf_putc(&b, '!');
	buf_int(&b, -12);
	whole = buf_flat(&b);
	ck_assert_uint_eq(whole.n, b.n);
	ck_assert_uint_eq(b.n, 10 + 8 + sizeof(line) + 1 + 3);
	for (size_t skip = 0; skip <= b.n; skip++)
		for (int max = 1; max <= 3; max++)
			ck_assert(str_eq(sent(&b, skip, max), str_sub(whole, skip, whole.n)));
	ck_assert_int_eq(buf_iov(&b, b.n + 1, NULL, 0), 0);
}
END_TEST

START_TEST(an_empty_buf)
{
	struct iovec iov;
	struct buf b;

	buf_init(&b, &arena);
	ck_assert(buf_flat(&b).p != NULL && buf_flat(&b).n == 0);
	ck_assert_int_eq(buf_iov(&b, 0, &iov, 1), 0);
	buf_ref(&b, STR_NONE);
	buf_str(&b, STR_NONE);
	buf_put(&b, NULL, 0);
	ck_assert(b.n == 0 && b.first == NULL);
}
END_TEST

START_TEST(what_is_written_does_not_move)
{
	struct buf b;
	const char *first;

	buf_init(&b, &arena);
	buf_cstr(&b, "begin");
	first = b.first->p;
	for (int i = 0; i < 100000; i++)
		buf_cstr(&b, "0123456789");
	ck_assert_ptr_eq(b.first->p, first);
	ck_assert(memcmp(first, "begin", 5) == 0 && b.n == 1000005);
}
END_TEST

START_TEST(borrowed_bytes_are_not_copied)
{
	struct str bytes = STR("borrowed");
	struct buf a, b;
	struct iovec iov[4];

	buf_init(&a, &arena);
	buf_cstr(&a, "one ");
	buf_ref(&a, bytes);
	buf_init(&b, &arena);
	buf_cstr(&b, "<");
	buf_chain(&b, &a);
	/* What comes after a borrowed block goes into one of its own. */
	buf_cstr(&b, ">");
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&b)), "<one borrowed>");
	ck_assert_int_eq(buf_iov(&b, 0, iov, 4), 4);
	ck_assert(iov[1].iov_base == a.first->p && iov[2].iov_base == bytes.p);
	ck_assert_str_eq(arena_cstr(&arena, buf_flat(&a)), "one borrowed");
}
END_TEST

START_TEST(one_block_is_flat_already)
{
	struct buf b;

	buf_init(&b, &arena);
	buf_printf(&b, "%d,%s", 7, "x");
	ck_assert_ptr_eq(buf_flat(&b).p, b.first->p);
	ck_assert(str_eqc(buf_flat(&b), "7,x"));
}
END_TEST

START_TEST(room_is_in_one_piece)
{
	struct buf b;
	char *p;

	buf_init(&b, &arena);
	buf_cstr(&b, "ab");
	/* What was asked for and not used is there for the next. */
	p = buf_room(&b, 100);
	memcpy(p, "cd", 2);
	buf_used(&b, 2);
	ck_assert_ptr_eq(buf_room(&b, 10), p + 2);
	p = buf_room(&b, 5000);
	memset(p, 'x', 5000);
	buf_used(&b, 5000);
	buf_cstr(&b, "!");
	ck_assert_uint_eq(b.n, 5005);
	ck_assert(str_starts(buf_flat(&b), STR("abcdx")) && str_ends(buf_flat(&b), STR("x!")));
	buf_ref(&b, STR("ref"));
	p = buf_room(&b, 1);
	*p = '.';
	buf_used(&b, 1);
	ck_assert(str_ends(buf_flat(&b), STR("!ref.")));
}
END_TEST

START_TEST(more_used_than_there_was_panics)
{
	struct buf b;

	buf_init(&b, &arena);
	(void)buf_room(&b, 10);
	buf_used(&b, 1 << 20);
}
END_TEST

START_TEST(integers)
{
	struct buf b;

	buf_init(&b, &arena);
	buf_int(&b, 0);
	buf_putc(&b, ' ');
	buf_int(&b, INT64_MIN);
	buf_putc(&b, ' ');
	buf_int(&b, INT64_MAX);
	ck_assert(str_eqc(buf_flat(&b), "0 -9223372036854775808 9223372036854775807"));
}
END_TEST

Suite *
suite_buf(void)
{
	Suite *s = suite_create("buf");
	TCase *t = tcase_create("buf");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, vectors_begin_anywhere);
	tcase_add_test(t, an_empty_buf);
	tcase_add_test(t, what_is_written_does_not_move);
	tcase_add_test(t, borrowed_bytes_are_not_copied);
	tcase_add_test(t, one_block_is_flat_already);
	tcase_add_test(t, room_is_in_one_piece);
	tcase_add_test_raise_signal(t, more_used_than_there_was_panics, SIGABRT);
	tcase_add_test(t, integers);
	suite_add_tcase(s, t);
	return s;
}
