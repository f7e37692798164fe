/*
 * check_talk - summaries of threads as agents write them: what a newcomer has to
 * know is in them, the same text gives the same summary, and a long thread costs no more
 * than a bounded one.
 */
#include <check.h>
#include <string.h>

#include "base/clock.h"
#include "mail/search/summary.h"
#include "support/people.h"
#include "support/toolcall.h"

#define PROJECT "'project_key':'/data/talk'"

static struct fixture f;
static struct project p;
static struct agent blue, green, red;

struct said {
	struct agent *from, *to;
	const char *subject, *body;
};

/* A refactoring that three agents share. */
static const struct said refactoring[] = {
	{ &blue, &green, "Split the parser",
	    "Hi @GreenCastle,\n\nI want to split `src/parser/parse.py` in two:\n\n- tokenizer moves to `src/parser/tokens.py`\n"
	    "- the public API stays as it is\n\nCan you take the tests? Which release is this for?\n\n"
	    "- [ ] @GreenCastle: move the tests\n- [ ] @BlueLake: move the tokenizer\n" },
	{ &green, &blue, "Re: Split the parser",
	    "> Can you take the tests?\n\nYes. I hold `tests/parser/**` until tonight.\n\n1. tests/test_tokens.py is new\n"
	    "2. coverage stays above 90 %\n\nBlocked by the CI image, @RedStone owns it. Is the image rebuilt already?\n" },
	{ &red, &green, "Re: Split the parser",
	    "The image is built. Run it as\n\n```sh\n+ make -C ci image  # ready?\n```\n\nNEXT: I update docs/ci.md.\n- [x] image rebuilt\n" },
	{ &blue, &green, "Re: Split the parser",
	    "Tokenizer has moved, 412 tests pass. Release 2.4, so no hurry.\n\n**Done**, please review `src/parser/tokens.py`.\n"
	    "Should we drop the old import path?\n" },
};

/* Two that only report: no question, no task. */
static const struct said reports[] = {
	{ &green, &blue, "Nightly",
	    "Nightly run: 1,204 tests, 0 failures.\n\n| suite | s |\n|---|---|\n| unit | 41 |\n" },
	{ &green, &blue, "Nightly",
	    "Nightly run: 1,204 tests, 0 failures. See https://ci.example/run?id=7&all=1 for the log.\n" },
};

static void
say(const struct said *talk, size_t n, const char *thread)
{
	int64_t before = 0;

	for (size_t i = 0; i < n; i++)
		before = people_letter(&f, &p, talk[i].from, talk[i].to, RECIPIENT_TO,
		    (struct outgoing){ .subject = str_c(talk[i].subject),
			.body_md = str_c(talk[i].body),
			.thread_id = str_c(thread),
			.reply_to = before });
}

static void
setup(void)
{
	people_pair(&f, "/data/talk", "open", &p, &blue, &green);
	red = people_agent(&f, &p, "RedStone", "open");
}

static struct str
summarized(const char *thread)
{
	return tool_ok(&f, "summarize_thread", arena_printf(&f.arena, "{" PROJECT ",'thread_id':'%s'}", thread).p);
}

START_TEST(a_refactoring)
{
	struct str got;

	say(refactoring, sizeof(refactoring) / sizeof(refactoring[0]), "PARSE-7");
	got = summarized("PARSE-7");
	ck_has(got, "'participants':['BlueLake','GreenCastle','RedStone']");
	ck_has(got,
	    "'key_points':['tokenizer moves to `src/parser/tokens.py`','the public API stays as it is','@GreenCastle: move the tests',"
	    "'@BlueLake: move the tokenizer','1. tests/test_tokens.py is new','2. coverage stays above 90 %',"
	    "'make -C ci image  # ready?','image rebuilt','Done**, please review `src/parser/tokens.py`.']");
	ck_has(got,
	    "'action_items':['- [ ] @GreenCastle: move the tests','- [ ] @BlueLake: move the tokenizer','Blocked by the CI image, "
	    "@RedStone owns it. Is the image rebuilt already?','NEXT: I update docs/ci.md.','- [x] image rebuilt']");
	ck_has(got,
	    "'total_messages':4,'open_actions':2,'done_actions':1,'mentions':[{'name':'GreenCastle','count':2},"
	    "{'name':'BlueLake','count':1},{'name':'RedStone','count':1}]");
	ck_has(got, "'code_references':['src/parser/parse.py','src/parser/tokens.py','tests/parser/**']");
	/* What was answered, quoted or code is no open question. */
	ck_has(got, "'open_questions':['Should we drop the old import path?']}");
}
END_TEST

START_TEST(reports_only)
{
	say(reports, 2, "NIGHT");
	ck_has(summarized("NIGHT"),
	    "'participants':['GreenCastle'],'key_points':[],'action_items':[],'total_messages':2,'open_actions':0,"
	    "'done_actions':0,'mentions':[]},'examples':[]}");
}
END_TEST

START_TEST(the_same_again)
{
	struct str first;

	for (int i = 0; i < 5; i++) {
		say(refactoring, 4, "BOTH");
		say(reports, 2, "BOTH");
	}
	first = summarized("BOTH");
	for (int i = 0; i < 3; i++)
		ck_assert(str_eq(summarized("BOTH"), first));
}
END_TEST

/* Ten thousand messages cost what a thousand do: the newest are read, and the answer says so. */
START_TEST(ten_thousand_messages)
{
	int64_t before;
	struct str got;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) INSERT INTO messages (project_id, "
	    "sender_id, thread_id, subject, body_md, created_ts) SELECT 1, 1 + i % 3, 'LONG', 's', '- point ' || i || '\n- [ ] "
	    "NEXT @BlueLake `src/f' || i || '.py`\nIs ' || i || ' done?\n' || replace(hex(zeroblob(1000)), '00', 'text '), "
	    "1000 + i FROM n");
	before = clock_mono_us();
	got = summarized("LONG");
	/* An order of magnitude: 8 MB of text are some tens of milliseconds. */
	ck_assert_int_lt(clock_mono_us() - before, 5 * USEC);
	ck_has(got, "'key_points':['point 9001',");
	ck_has(got, "'total_messages':1000,'open_actions':1000,");
	ck_has(got, "'warnings':['Only the newest 1000 messages of the thread were read.']");
	ck_assert_uint_lt(got.n, 4000);
}
END_TEST

START_TEST(long_text)
{
	struct str got;

	fixture_sql(&f,
	    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60) INSERT INTO messages (project_id, "
	    "sender_id, thread_id, subject, body_md, created_ts) SELECT 1, 1 + i % 3, 'WIDE', 's', '- point\n' || "
	    "replace(hex(zeroblob(100000)), '00', 'text '), 1000 + i FROM n");
	got = summarized("WIDE");
	ck_has(got, "'total_messages':34,");
	ck_has(got, "'warnings':['Only the first 34 messages were read: their text is longer than 16777216 bytes.']");
	fixture_sql(&f, "UPDATE messages SET created_ts = 1761203289000000 + id");
	got = tool_ok(&f, "summarize_recent", "{" PROJECT "}");
	ck_has(got, "'warnings':['Only the first 34 messages were read: their text is longer than 16777216 bytes.']");
	ck_has(got, "\\\"total_messages\\\": 60,");
}
END_TEST

Suite *
suite_talk(void)
{
	Suite *s = suite_create("talk");
	TCase *t = tcase_create("talk");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, a_refactoring);
	tcase_add_test(t, reports_only);
	tcase_add_test(t, the_same_again);
	tcase_add_test(t, ten_thousand_messages);
	tcase_add_test(t, long_text);
	suite_add_tcase(s, t);
	return s;
}
