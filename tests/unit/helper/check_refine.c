/*
 * refine: what comes back from a language model, whatever its service does.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "helper/query.h"
#include "ipc/query/chat.h"
#include "support/chatter.h"
#include "support/toolcall.h"

static struct fixture f;
static struct chatter model;

static void
setup(void)
{
	fixture_init_without_db(&f);
	chatter_start(&model, &f);
	chatter_says(&model, &f, "{'key_points':['a']}");
}

static void
teardown(void)
{
	chatter_stop(&model);
	fixture_fini(&f);
}

/* "model: object [ids]", or the error. */
static struct str
ask_within(const char *name, int64_t us)
{
	static const int64_t ids[] = { 7 };
	struct chat_query q = { name != NULL ? str_c(name) : STR_NONE, STR("S"), STR("U"), ids, 1 };
	struct chat_result r;
	struct buf query, out, text;

	buf_init(&query, &f.arena);
	buf_init(&out, &f.arena);
	buf_init(&text, &f.arena);
	chat_query_put(&query, &q);
	ck_assert_int_eq(query_run(f.conf, buf_flat(&query), clock_mono_us() + us, &f.arena, &out), -1);
	ck_assert(chat_result_get(&f.arena, buf_flat(&out), &r));
	if (r.error.p != NULL)
		return r.error;
	buf_printf(&text, "%" PRIstr ": ", FSTR(r.model));
	jr_write(r.object, &text);
	for (size_t i = 0; i < r.nids; i++)
		buf_printf(&text, " %lld", (long long)r.ids[i]);
	return buf_flat(&text);
}

static struct str
ask(const char *name)
{
	return ask_within(name, 20 * USEC);
}

START_TEST(well)
{
	ck_json(ask(NULL), "talks: {'key_points':['a']} 7");
	ck_json(ask("parts"), "parts: {'key_points':['a']} 7");
	ck_str(str_sub(chatter_heard(&model, &f), 0, strcspn(chatter_heard(&model, &f).p, "\n")),
	    "POST /v1/chat/completions HTTP/1.1|Authorization: Bearer sesame|{\"model\":\"talks\",\"messages\":[{\"role\":\"system\","
	    "\"content\":\"S\"},{\"role\":\"user\",\"content\":\"U\"}],\"temperature\":0.2,\"max_tokens\":512}");
}
END_TEST

static const struct {
	const char *says, *reply;
} texts[] = {
	{ "  {'a':1}\n", "{'a':1}" },
	{ "Sure!\n```json\n{'a':1}\n```\nMore?", "{'a':1}" },
	{ "```\n{'a':1}\n```", "{'a':1}" },
	{ "Here: {'a':{'b':2}} - done.", "{'a':{'b':2}}" },
	{ "```json\n{'a':\n```\n{'a':1}", NULL },
	{ "[1,2]", NULL },
	{ "{'key_points':['cut", NULL },
	{ "} nothing {", NULL },
	{ "```", NULL },
	{ "", NULL },
	{ "null", NULL },
};

START_TEST(lenient)
{
	chatter_says(&model, &f, texts[_i].says);
	if (texts[_i].reply != NULL)
		ck_json(ask(NULL), arena_printf(&f.arena, "talks: %s 7", texts[_i].reply).p);
	else
		ck_str(ask(NULL), "its answer holds no JSON object");
}
END_TEST

static const struct {
	const char *name, *error;
} faults[] = {
	{ "500", "it answered with status 500" },
	{ "redirect", "it answered with status 302" },
	{ "mute", "Server returned nothing (no headers, no data)" },
	{ "garbage", "its answer is no chat completion" },
	{ "truncated", "Transferred a partial file" },
	{ "huge", "its answer is longer than 262144 bytes" },
};

/* The usual model would do better, and is the same here: nobody is asked twice. */
START_TEST(misbehaving)
{
	f.conf->llm_default_model = str_c(faults[_i].name);
	ck_str(ask(NULL), faults[_i].error);
	ck_assert(str_find(chatter_heard(&model, &f), STR("elsewhere")) < 0);
}
END_TEST

START_TEST(too_slow)
{
	static const char *const names[] = { "slow", "drip" };
	int64_t before = clock_mono_us();

	f.conf->llm_default_model = str_c(names[_i]);
	ck_str(ask_within(NULL, USEC / 5), "Timeout was reached");
	ck_assert_int_lt(clock_mono_us() - before, 15 * USEC);
}
END_TEST

START_TEST(second_model)
{
	ck_json(ask("500"), "talks: {'key_points':['a']} 7");
	f.conf->llm_default_model = STR("GPT-5-mini");
	ck_has(ask("gpt-5m"), "gpt-4o-mini: ");
	ck_has(ask(" gpt-4o "), "gpt-4o: ");
}
END_TEST

START_TEST(nobody_there)
{
	chatter_stop(&model);
	ck_has(ask(NULL), "connect to server");
	f.conf->llm_base_url = STR("file:///etc/passwd?");
	ck_str(ask(NULL), "Unsupported protocol");
	f.conf->llm_base_url = STR("");
	f.conf->llm_api_key = STR("");
	ck_str(ask(NULL), "neither llm_base_url nor llm_api_key is set");
	chatter_start(&model, &f);
}
END_TEST

START_TEST(without_a_key)
{
	f.conf->llm_api_key = STR("");
	ck_json(ask(NULL), "talks: {'key_points':['a']} 7");
	ck_has(chatter_heard(&model, &f), "|none|{");
}
END_TEST

START_TEST(switched_off)
{
	f.conf->llm_enabled = false;
	ck_str(ask(NULL), "llm_enabled is no");
	ck_assert_uint_eq(chatter_heard(&model, &f).n, 0);
}
END_TEST

Suite *
suite_refine(void)
{
	Suite *s = suite_create("refine");
	TCase *t = tcase_create("refine");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, well);
	tcase_add_loop_test(t, lenient, 0, sizeof(texts) / sizeof(texts[0]));
	tcase_add_loop_test(t, misbehaving, 0, sizeof(faults) / sizeof(faults[0]));
	tcase_add_loop_test(t, too_slow, 0, 2);
	tcase_add_test(t, second_model);
	tcase_add_test(t, nobody_there);
	tcase_add_test(t, without_a_key);
	tcase_add_test(t, switched_off);
	suite_add_tcase(s, t);
	return s;
}
