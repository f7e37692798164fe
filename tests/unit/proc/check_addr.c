/* What `listen` means, and what it may not mean without a token. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "proc/addr.h"

Suite *suite_addr(void);

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 1024);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static const struct {
	const char *text, *means; /* NULL: refused */
	bool local;
} rows[] = {
	{ "127.0.0.1", "127.0.0.1:8765", true },
	{ "127.9.9.9:80", "127.9.9.9:80", true },
	{ "0.0.0.0", "0.0.0.0:8765", false },
	{ "192.168.1.2:99", "192.168.1.2:99", false },
	{ "[::1]", "[::1]:8765", true },
	{ "[::1]:81", "[::1]:81", true },
	{ "::1", "[::1]:8765", true },
	{ "::", "[::]:8765", false },
	{ "[::]:1", "[::]:1", false },
	{ "unix:/run/x.sock", "unix:/run/x.sock", true },
	{ "unix:x.sock", NULL, false },
	{ "unix:", NULL, false },
	{ "127.0.0.1:", NULL, false },
	{ "127.0.0.1:http", NULL, false },
	{ "127.0.0.1:65536", NULL, false },
	{ "127.0.0.1:-1", NULL, false },
	{ "[::1", NULL, false },
	{ "[::1]80", NULL, false },
	{ "300.1.1.1.invalid", NULL, false },
};

START_TEST(forms)
{
	struct addr out[4];
	struct str why = STR_NONE;
	int n = addr_parse(str_c(rows[_i].text), 8765, out, 4, &a, &why);

	if (rows[_i].means == NULL) {
		ck_assert_msg(n == -1, "%s", rows[_i].text);
		ck_assert_msg(str_starts(why, STR("listen: ")), "%.*s", FSTR(why));
		return;
	}
	ck_assert_msg(n == 1, "%s: %d", rows[_i].text, n);
	ck_assert_str_eq(out[0].text, rows[_i].means);
	ck_assert_int_eq(addr_is_local(&out[0]), rows[_i].local);
	ck_assert(addr_equal(&out[0], &out[0]));
}
END_TEST

/* Every address of the name that this machine has, and at least one. */
START_TEST(names)
{
	struct addr out[4];
	struct str why = STR_NONE;
	int n = addr_parse(STR("localhost:80"), 8765, out, 4, &a, &why);

	ck_assert_msg(n >= 1, "%.*s", FSTR(why));
	for (int i = 0; i < n; i++)
		ck_assert(addr_is_local(&out[i]));
	n = addr_parse(STR("*"), 8765, out, 4, &a, &why);
	ck_assert_int_ge(n, 1);
	ck_assert(!addr_is_local(&out[0]));
}
END_TEST

static int
all(const char *listen, const char *token, struct addr out[ADDR_MAX], struct str *why)
{
	struct conf *c = conf_for_tests("/nowhere");
	int n;

	ck_assert_int_eq(conf_set(c, "listen", str_c(listen), CONF_OPTION, &a, why), 0);
	ck_assert_int_eq(conf_set(c, "http_bearer_token", str_c(token), CONF_OPTION, &a, why), 0);
	n = addr_all(c, out, &a, why);
	conf_free(&c);
	return n;
}

START_TEST(network_needs_a_token)
{
	struct addr out[ADDR_MAX];
	struct str why = STR_NONE;

	ck_assert_int_eq(all("127.0.0.1 [::1] unix:/x 127.0.0.1:8765", "", out, &why), 3);
	ck_assert_int_eq(all("127.0.0.1, 0.0.0.0:1", "", out, &why), -1);
	ck_assert(str_find(why, STR("http_bearer_token")) >= 0);
	ck_assert(str_find(why, STR("0.0.0.0:1")) >= 0);
	ck_assert_int_eq(all("127.0.0.1, 0.0.0.0:1", "secret", out, &why), 2);
}
END_TEST

Suite *
suite_addr(void)
{
	Suite *s = suite_create("addr");
	TCase *tc = tcase_create("addr");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, forms, 0, sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc, names);
	tcase_add_test(tc, network_needs_a_token);
	suite_add_tcase(s, tc);
	return s;
}
