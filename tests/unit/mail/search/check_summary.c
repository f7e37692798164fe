/*
 * check_summary - what is taken out of message bodies (contract/reservations-resources.md 3.1, traps 8 to 11).
 */
#include <check.h>

#include "mail/search/lines.h"
#include "mail/search/summary.h"
#include "support/people.h"
#include "support/toolcall.h"
#include "view/summary_json.h"

static struct fixture f;
static struct summary s;
static int64_t next_id;

static void
setup(void)
{
	fixture_init(&f);
	summary_init(&s, &f.arena);
	next_id = 1;
}

static int64_t
say_as(int64_t sender, const char *from, const char *body, int64_t reply_to)
{
	struct message m = { .id = next_id++,
		.sender_id = sender,
		.from = str_c(from),
		.body_md = str_c(body),
		.subject = STR("@Nobody - `a/b` of the subject"),
		.reply_to = reply_to };

	ck_assert_int_eq(summary_add(&f.cx, &m, &s), 0);
	return m.id;
}

static void
say(const char *body)
{
	say_as(1, "BlueLake", body, 0);
}

static void
write_it(struct jw *w, void *arg)
{
	summary_write(w, arg);
}

static struct str
written(void)
{
	summary_finish(&s);
	return fixture_json(&f, write_it, &s);
}

START_TEST(nothing)
{
	ck_json(written(),
	    "{'participants':[],'key_points':[],'action_items':[],'total_messages':0,'open_actions':0,"
	    "'done_actions':0,'mentions':[]}");
}
END_TEST

/* The recorded case of macro_prepare_thread. */
START_TEST(as_recorded)
{
	say("- point 0\n* star\n+ plus\n1. one\n- [ ] open @BlueLake\n- [x] done\n"
	    "FIX"
	    "ME later, @GreenCastle.\nnext step\n"
	    "`src/x.py` and `y.md`, `a/b`, `no`\n6. six\n10. ten");
	ck_json(written(),
	    "{'participants':['BlueLake'],'key_points':['point 0','star','plus','1. one','open @BlueLake','done'],"
	    "'action_items':['- [ ] open @BlueLake','- [x] done','FIX"
	    "ME later, @GreenCastle.','next step'],"
	    "'total_messages':1,'open_actions':1,'done_actions':1,"
	    "'mentions':[{'name':'BlueLake','count':1},{'name':'GreenCastle','count':1}],"
	    "'code_references':['a/b','src/x.py','y.md']}");
}
END_TEST

START_TEST(mentions)
{
	say("@b, (@c) @{b}: @@x @ @. a@b @c:@d");
	ck_has(written(), "'mentions':[{'name':'b','count':2},{'name':'@x','count':1},{'name':'c:@d','count':1}]");
}
END_TEST

START_TEST(mentions_by_count_then_name)
{
	say("@zed @amy @zed @{bob} @amy @Amy");
	ck_has(written(),
	    "'mentions':[{'name':'amy','count':2},{'name':'zed','count':2},{'name':'Amy','count':1},"
	    "{'name':'bob','count':1}]");
}
END_TEST

START_TEST(code_between_backticks)
{
	struct str code = arena_printf(&f.arena, "`%0120d/`", 0);

	say("```sh\n`` ` src/a ` `open\n` ` `x.tsx`");
	say(code.p);
	ck_has(written(), "'code_references':['src/a','x.tsx']}");
}
END_TEST

START_TEST(key_points)
{
	say("-tight\n**bold** x\n1.5 seconds\n* [ ] star box\n- [X]   done thing\n---\n-\n+++ plus");
	ck_has(written(), "'key_points':['tight','bold** x','1.5 seconds','[ ] star box','done thing','plus']");
}
END_TEST

START_TEST(boxes_and_words)
{
	say("* [ ] a\n+ [x] b\n- [ ] TO"
	    "DO once\n-[ ] none\nTransaction log\nUse nextjs\nquiet");
	ck_has(written(),
	    "'action_items':['* [ ] a','+ [x] b','- [ ] TO"
	    "DO once','Transaction log','Use nextjs'],"
	    "'total_messages':1,'open_actions':2,'done_actions':1");
}
END_TEST

START_TEST(lists_end)
{
	for (int i = 0; i < 12; i++)
		say("- action one\n@a1 @a2 @a3 @a4 @a5 @a6 @a7 @a8 @a9 @b1 @b2 `x/1` `x/2` `x/3` `x/4` `x/5` `x/6` `x/7` `x/8` "
		    "`x/9` `y/1` `y/2`");
	summary_finish(&s);
	ck_assert_int_eq((int)s.key_points.n, 10);
	ck_assert_int_eq((int)s.action_items.n, 10);
	ck_assert_int_eq((int)s.nmentions, 10);
	ck_assert_int_eq((int)s.total_messages, 12);
	ck_assert(str_find(written(), STR("y/2")) < 0);
}
END_TEST

START_TEST(people_are_sorted)
{
	say_as(2, "RedFox", "x", 0);
	say_as(1, "BlueLake", "x", 0);
	say_as(2, "RedFox", "x", 0);
	ck_has(written(), "'participants':['BlueLake','RedFox']");
}
END_TEST

/* A question is open until another one answers. */
START_TEST(questions)
{
	int64_t first = say_as(
	    1, "BlueLake", "Done. Which port is free? Shall we ship it?\n> quoted, is it not?\nsee x?y=1 why?", 0);

	ck_has(written(), "'open_questions':['Which port is free?','Shall we ship it?','see x?y=1 why?']");
	say_as(1, "BlueLake", "still me", first);
	ck_has(written(), "'open_questions':['Which");
	say_as(2, "RedFox", "to something else", 77);
	ck_has(written(), "'open_questions':['Which");
	say_as(2, "RedFox", "8080. What now then?", first);
	ck_has(written(), "'open_questions':['What now then?']");
	say_as(1, "BlueLake", "new mail", 0);
	ck_assert(str_find(written(), STR("open_questions")) < 0);
}
END_TEST

START_TEST(many_questions)
{
	for (int i = 0; i < 100; i++)
		say("- is it so?");
	ck_assert_int_eq((int)s.nquestions, 64);
	written();
}
END_TEST

START_TEST(lines_of_python)
{
	struct str rest = STR("a\r\nb\x0b"
			      "c\xe2\x80\xa8"
			      "d\xc2\x85\xc2\xa0 e \xe3\x80\x80\x1c\n\xe2\x80\x8b");
	static const char *const want[] = { "a", "", "b", "c", "d", "e", "", "\xe2\x80\x8b" };
	struct str line;
	size_t n = 0;

	while (line_next(&rest, &line)) {
		ck_assert(n < 8);
		ck_str(line, want[n]);
		n++;
	}
	ck_assert_int_eq((int)n, 8);
	ck_str(line_trim(STR(" \t\xe2\x80\x83x\xc2\xa0")), "x");
	ck_str(line_trim(STR("\xc2\xa0\xe3\x80\x80 ")), "");
	rest = STR(" a\xc2\xa0"
		   "b ");
	ck_assert(word_next(&rest, &line));
	ck_str(line, "a");
	ck_assert(word_next(&rest, &line));
	ck_str(line, "b");
	ck_assert(!word_next(&rest, &line));
}
END_TEST

Suite *suite_summary(void);

Suite *
suite_summary(void)
{
	Suite *suite = suite_create("summary");
	TCase *t = tcase_create("summary");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, nothing);
	tcase_add_test(t, as_recorded);
	tcase_add_test(t, mentions);
	tcase_add_test(t, mentions_by_count_then_name);
	tcase_add_test(t, code_between_backticks);
	tcase_add_test(t, key_points);
	tcase_add_test(t, boxes_and_words);
	tcase_add_test(t, lists_end);
	tcase_add_test(t, people_are_sorted);
	tcase_add_test(t, questions);
	tcase_add_test(t, many_questions);
	tcase_add_test(t, lines_of_python);
	suite_add_tcase(suite, t);
	return suite;
}
