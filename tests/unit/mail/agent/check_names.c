/*
 * names: lists, rules per door, sanitising, invention (contract/messaging.md 6.4).
 */
#include <check.h>

#include "base/rng.h"
#include "mail/agent/names.h"
#include "support/fixture.h"

static const struct {
	const char *name;
	bool pair, identifier, explicit_id;
} cases[] = {
	{ "BlueLake", true, true, false },
	{ "bluelake", true, true, false },
	{ "TURQUOISEWATERFALL", true, true, false },
	{ "RedStone", true, true, false },
	{ "Blue Lake", false, false, false },
	{ "BlueBlue", false, true, false },
	{ "LakeBlue", false, true, false },
	{ "Blue", false, true, false },
	{ "BlueLakeX", false, true, false },
	{ "cc-0", false, true, true },
	{ "alpha.one_2", false, true, true },
	{ "sender", false, true, false },
	{ "agent-000", false, true, true },
	{ "claude-code", false, true, false },
	{ "GITHUB-COPILOT", false, true, false },
	{ "gpt-5-x", false, true, false },
	{ "octopus-1", false, true, false },
	{ "foo1-bar", false, true, false },
	{ "-x", false, false, false },
	{ ".x", false, false, false },
	{ "a/b", false, false, false },
	{ "a\nb-c", false, false, false },
	{ "", false, false, false },
};

START_TEST(rules)
{
	struct str s = str_c(cases[_i].name);

	ck_assert_msg(name_is_pair(s) == cases[_i].pair, "pair: %s", s.p);
	ck_assert_msg(name_is_identifier(s) == cases[_i].identifier, "identifier: %s", s.p);
	ck_assert_msg(name_is_explicit(s) == cases[_i].explicit_id, "explicit: %s", s.p);
}
END_TEST

START_TEST(length)
{
	char long_name[NAME_MAX_BYTES + 1];

	for (size_t i = 0; i < sizeof(long_name); i++)
		long_name[i] = i == 1 ? '-' : 'x';
	ck_assert(name_is_explicit((struct str){ long_name, NAME_MAX_BYTES }));
	ck_assert(!name_is_identifier((struct str){ long_name, NAME_MAX_BYTES + 1 }));
}
END_TEST

START_TEST(sanitised)
{
	struct arena a;

	arena_init(&a, 4096);
	ck_str(name_sanitise(&a, STR(" Blue-Lake! ")), "BlueLake");
	ck_str(name_key(&a, STR("Blue-Lake")), "bluelake");
	ck_assert_uint_eq(name_sanitise(&a, STR("\xc3\xbc ..")).n, 0);
	arena_fini(&a);
}
END_TEST

START_TEST(placeholders)
{
	ck_assert_str_eq(name_placeholder(STR("your_agent_name")), "YOUR_AGENT_NAME");
	ck_assert_str_eq(name_placeholder(STR("x-$agent")), "$AGENT");
	ck_assert_ptr_null(name_placeholder(STR("BlueLake")));
	ck_assert_ptr_null(name_placeholder(STR("agent-000")));
}
END_TEST

START_TEST(invented_names_are_pairs)
{
	struct arena a;

	arena_init(&a, 4096);
	rng_seed_for_tests(7);
	for (int i = 0; i < 5000; i++) {
		struct arena_mark m = arena_mark(&a);
		struct str s = name_random(&a);

		ck_assert_msg(name_is_pair(s), "%s", s.p);
		arena_rewind(&a, m);
	}
	rng_seed_for_tests(0);
	arena_fini(&a);
}
END_TEST

Suite *
suite_names(void)
{
	Suite *s = suite_create("names");
	TCase *t = tcase_create("names");

	tcase_add_loop_test(t, rules, 0, sizeof(cases) / sizeof(cases[0]));
	tcase_add_test(t, length);
	tcase_add_test(t, sanitised);
	tcase_add_test(t, placeholders);
	tcase_add_test(t, invented_names_are_pairs);
	suite_add_tcase(s, t);
	return s;
}
