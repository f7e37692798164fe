/*
 * check_shared_buf - blocks that many send: their two forms, and who frees them.
 */
#include <check.h>
#include <string.h>

#include "net/shared_buf.h"

Suite *suite_shared_buf(void);

START_TEST(forms)
{
	static const struct {
		size_t n;
		const char *line;
	} t[] = { { 1, "1\r\n" }, { 15, "f\r\n" }, { 16, "10\r\n" }, { 4096, "1000\r\n" } };
	static char bytes[4096];
	struct shared_buf *b;
	struct str chunk;

	memset(bytes, 'x', sizeof(bytes));
	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		b = shared_buf_new((struct str){ bytes, t[i].n });
		ck_assert(str_eq(shared_buf_plain(b), (struct str){ bytes, t[i].n }));
		chunk = shared_buf_chunk(b);
		ck_assert(str_starts(chunk, str_c(t[i].line)));
		ck_assert(str_ends(chunk, STR("x\r\n")));
		ck_assert_uint_eq(chunk.n, strlen(t[i].line) + t[i].n + 2);
		shared_buf_unref(&b);
	}
}
END_TEST

/* The bytes are a copy; the last reference frees them. */
START_TEST(references)
{
	char bytes[] = "abc";
	struct shared_buf *b = shared_buf_new(str_c(bytes)), *c = shared_buf_ref(b);

	bytes[0] = 'X';
	ck_assert_ptr_eq(b, c);
	ck_assert_uint_eq(b->refs, 2);
	shared_buf_unref(&b);
	ck_assert_ptr_null(b);
	ck_assert(str_eqc(shared_buf_plain(c), "abc"));
	ck_assert_uint_eq(c->refs, 1);
	shared_buf_unref(&c);
	shared_buf_unref(&c);
	ck_assert_ptr_null(c);
}
END_TEST

Suite *
suite_shared_buf(void)
{
	Suite *s = suite_create("shared_buf");
	TCase *t = tcase_create("shared_buf");

	tcase_add_test(t, forms);
	tcase_add_test(t, references);
	suite_add_tcase(s, t);
	return s;
}
