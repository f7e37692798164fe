/*
 * check_attach - data: URIs in bodies (contract/messaging.md 9).
 */
#include <check.h>

#include "mail/send/attach.h"
#include "support/fixture.h"

static const struct {
	const char *body, *want, *without;   /* with and without looking at images; NULL for nothing */
} rows[] = {
	{ "", NULL, NULL },
	{ "plain ![x](img/a.png) data: here", NULL, NULL },
	{ "a ![x](data:image/png;base64,AAAA) b", "[{\"type\":\"inline\",\"media_type\":\"image/png\"}]",
	    "[{\"type\":\"inline\",\"media_type\":\"image/webp\"}]" },
	{ "![](data:image/png,x)![b]( data:image/gif;base64,y )",
	    "[{\"type\":\"inline\",\"media_type\":\"image/png\"},{\"type\":\"inline\",\"media_type\":\"image/gif\"}]",
	    "[{\"type\":\"inline\",\"media_type\":\"image/webp\"}]" },
	{ "![x](data:;base64,AAAA)", "[{\"type\":\"inline\",\"media_type\":\"image/webp\"}]", NULL },
	{ "the words data:image in a text", "[{\"type\":\"inline\",\"media_type\":\"image/webp\"}]",
	    "[{\"type\":\"inline\",\"media_type\":\"image/webp\"}]" },
	{ "![x] (data:text/plain,a) ![y](data:text/plain,b", NULL, NULL },
	{ "![a ![b](data:text/plain,c)", "[{\"type\":\"inline\",\"media_type\":\"text/plain\"}]", NULL },
};

START_TEST(bodies)
{
	struct arena a;

	arena_init(&a, 1024);
	for (int images = 0; images < 2; images++) {
		const char *want = images ? rows[_i].want : rows[_i].without;
		struct str got = attach_of_body(&a, str_c(rows[_i].body), images);

		if (want)
			ck_str(got, want);
		else
			ck_assert_ptr_null(got.p);
	}
	arena_fini(&a);
}
END_TEST

Suite *
suite_attach(void)
{
	Suite *s = suite_create("attach");
	TCase *t = tcase_create("attach");

	tcase_add_loop_test(t, bodies, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(s, t);
	return s;
}
