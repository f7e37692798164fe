/*
 * The table of parameter types: what the command line writes is what the decoder takes, by either dialect.
 */
#include <check.h>

#include "api/decode.h"
#include "api/param_type.h"
#include "support/fixture.h"

struct all_in {
	struct p_str text;
	struct p_int number;
	struct p_bool flag;
	struct p_strs texts;
	struct p_ints numbers;
	struct p_num fraction;
};

static const struct param params[] = {
	PARAM(all_in, text, P_STR, 0, "Text"),
	PARAM(all_in, number, P_INT, 0, "Number"),
	PARAM(all_in, flag, P_BOOL, 0, "Flag"),
	PARAM(all_in, texts, P_STRS, 0, "Texts"),
	PARAM(all_in, numbers, P_INTS, 0, "Numbers"),
	PARAM(all_in, fraction, P_NUM, 0, "Fraction"),
};
#define NPARAMS (sizeof(params) / sizeof(params[0]))

static const char *const words[NPARAMS] = { "caf\xc3\xa9 \"x\"", "-7", "true", "a, b", "1,2", "0.5" };

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static struct str
written(void)
{
	struct buf text;
	struct jw w;

	buf_init(&text, &f.arena);
	jw_init(&w, &text, JW_COMPACT);
	jw_obj(&w);
	for (size_t i = 0; i < NPARAMS; i++) {
		struct str word = str_c(words[i]);

		jw_key(&w, params[i].name);
		param_types[params[i].type].write(&w, &word, 1);
	}
	jw_end(&w);
	return buf_flat(&text);
}

/* The strict dialect takes it too, so each value has the JSON type of its row. */
START_TEST(words_become_values)
{
	static const enum dialect dialects[] = { DIALECT_MCP, DIALECT_REST };
	struct all_in in;
	struct jr_error err;
	struct jr args;

	ck_assert(jr_parse(&f.arena, written(), &args, &err));
	ck_assert_int_eq(decode_all(fixture_again(&f),
			     &(struct decode){ .where = "t",
				 .dialect = dialects[_i],
				 .params = params,
				 .nparams = NPARAMS,
				 .args = args,
				 .in = &in,
				 .in_size = sizeof(in) }),
	    0);
	ck_assert(in.text.set && str_eqc(in.text.v, words[0]));
	ck_assert(in.number.set && in.number.v == -7);
	ck_assert(in.flag.set && in.flag.v);
	ck_assert(in.texts.v.n == 2 && str_eqc(in.texts.v.v[1], "b"));
	ck_assert(in.numbers.n == 2 && in.numbers.v[0] == 1 && in.numbers.v[1] == 2);
	ck_assert(in.fraction.v > 0.49 && in.fraction.v < 0.51);
}
END_TEST

/* What does not fit goes to the server as it was written, which says what it expected. */
START_TEST(words_that_do_not_fit)
{
	struct str word = STR("abc");
	struct buf text;
	struct jw w;

	buf_init(&text, &f.arena);
	jw_init(&w, &text, JW_COMPACT);
	jw_arr(&w);
	for (int type = P_INT; type <= P_NUM; type++)
		param_types[type].write(&w, &word, 1);
	jw_end(&w);
	ck_str(buf_flat(&text), "[\"abc\",\"abc\",[\"abc\"],[\"abc\"],\"abc\"]");
}
END_TEST

Suite *suite_param_type(void);
Suite *
suite_param_type(void)
{
	Suite *s = suite_create("param_type");
	TCase *tc = tcase_create("param_type");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, words_become_values, 0, 2);
	tcase_add_test(tc, words_that_do_not_fit);
	suite_add_tcase(s, tc);
	return s;
}
