/*
 * Which tools a profile offers, and what a call that is allowed less is told.
 */
#include <check.h>

#include "conf/conf.h"
#include "support/fixture.h"
#include "tool/profile.h"
#include "tool/registry.h"
#include "tool/schema.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
	f.conf->tools_filter_enabled = true;
}

static bool
offers(const char *name)
{
	const struct tool *t = tool_find(str_c(name));

	ck_assert_ptr_nonnull(t);
	return profile_offers(f.conf, t);
}

static size_t
offered(void)
{
	size_t n = 0;

	for (size_t i = 0; tool_registry[i] != NULL; i++)
		n += profile_offers(f.conf, tool_registry[i]);
	return n;
}

START_TEST(named_profiles)
{
	f.conf->tools_filter_profile = STR("minimal");
	ck_assert_uint_eq(offered(), 6);
	ck_assert(offers("health_check") && offers("acknowledge_message") && !offers("reply_message"));
	f.conf->tools_filter_profile = STR(" Core ");
	ck_assert(offers("file_reservation_paths") && offers("macro_start_session") && offers("ensure_project"));
	ck_assert(!offers("request_contact") && !offers("search_messages") && !offers("archive_project"));
	f.conf->tools_filter_profile = STR("messaging");
	ck_assert(offers("request_contact") && offers("search_messages") && !offers("file_reservation_paths"));
	f.conf->tools_filter_profile = STR("nonsense");
	ck_assert_uint_eq(offered(), tool_count());
	f.conf->tools_filter_profile = STR("minimal");
	f.conf->tools_filter_enabled = false;
	ck_assert_uint_eq(offered(), tool_count());
}
END_TEST

START_TEST(custom_lists)
{
	struct str clusters[] = { STR(" contact "), STR("nobody") }, tools[] = { STR("whois") };

	f.conf->tools_filter_profile = STR("custom");
	ck_assert_uint_eq(offered(), tool_count());
	f.conf->tools_filter_clusters = (struct str_list){ clusters, 2 };
	f.conf->tools_filter_tools = (struct str_list){ tools, 1 };
	ck_assert_uint_eq(offered(), 5);
	ck_assert(offers("set_contact_policy") && offers("whois"));
	f.conf->tools_filter_mode = TOOLS_EXCLUDE;
	ck_assert_uint_eq(offered(), tool_count() - 5);
	ck_assert(!offers("whois") && offers("send_message"));
}
END_TEST

static int
allows(const char *tool, const char *list)
{
	struct jr_error err;
	struct jr allowed;

	ck_assert(jr_parse(&f.arena, str_c(list), &allowed, &err));
	return profile_allows(fixture_again(&f), tool_find(str_c(tool)), allowed);
}

START_TEST(capabilities)
{
	ck_assert_int_eq(profile_allows(&f.cx, tool_find(STR("send_message")), JR_NONE), 0);
	ck_assert_int_eq(allows("send_message", "[]"), 0);
	ck_assert_int_eq(allows("send_message", "\"read\""), 0);
	ck_assert_int_eq(allows("send_message", "[\"write\",\"messaging\",\"x\"]"), 0);
	ck_assert_int_eq(allows("send_message", "[\"messaging\",\"read\"]"), -1);
	ck_assert_int_eq(f.cx.fail.code, ERR_CAPABILITY_DENIED);
	ck_assert(!err_recoverable(f.cx.fail.code));
	ck_assert(
	    str_eqc(fail_data_json(&f.cx.fail), "{\"required\":[\"write\"],\"allowed\":[\"messaging\",\"read\"]}"));
}
END_TEST

/* A stand-in for the tokens that bench/tokens.sh counts: 4.41, 4.38 and 4.33 bytes each; the bounds are 4,875, 2,480 and 785 tokens. */
START_TEST(lists_stay_small)
{
	static const struct {
		const char *profile;
		size_t bytes;
	} bounds[] = {
		{ "full", 21500 },
		{ "core", 10850 },
		{ "minimal", 3400 },
	};
	struct buf text;
	struct jw w;

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		f.conf->tools_filter_profile = str_c(bounds[i].profile);
		buf_init(&text, &f.arena);
		jw_init(&w, &text, JW_COMPACT);
		jw_arr(&w);
		for (size_t k = 0; tool_registry[k] != NULL; k++)
			if (profile_offers(f.conf, tool_registry[k]))
				schema_tool(tool_registry[k], SCHEMA_ANNOTATIONS | SCHEMA_OUTPUT, &w);
		jw_end(&w);
		ck_assert_msg(text.n <= bounds[i].bytes, "%s: %zu bytes", bounds[i].profile, text.n);
	}
}
END_TEST

Suite *suite_profile(void);
Suite *
suite_profile(void)
{
	Suite *s = suite_create("profile");
	TCase *tc = tcase_create("profile");

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_test(tc, named_profiles);
	tcase_add_test(tc, custom_lists);
	tcase_add_test(tc, capabilities);
	tcase_add_test(tc, lists_stay_small);
	suite_add_tcase(s, tc);
	return s;
}
