/*
 * mistake: which kind a wrong name is, in order (contract/messaging.md 6.5).
 */
#include <check.h>

#include "mail/agent/mistake.h"
#include "support/fixture.h"

static const struct {
	const char *name;
	enum err code;
	const char *part;
} cases[] = {
	{ "claude-code", ERR_PROGRAM_NAME_AS_AGENT, "'claude-code' looks like a program name, not an agent name." },
	{ " Codex ", ERR_PROGRAM_NAME_AS_AGENT, "a program name" },
	{ "gpt-5", ERR_MODEL_NAME_AS_AGENT, "a model name, not an agent name." },
	{ "octopus-1", ERR_MODEL_NAME_AS_AGENT, "a model name" },
	{ "a@b.org", ERR_EMAIL_AS_AGENT, "an email address." },
	{ "x.y@z@b.org", ERR_EMAIL_AS_AGENT, "an email address." },
	{ "a.b@c", ERR_NONE, NULL },
	{ "@all", ERR_BROADCAST_ATTEMPT, "a broadcast attempt." },
	{ " * ", ERR_BROADCAST_ATTEMPT, "a broadcast attempt." },
	{ "BackendHelper", ERR_DESCRIPTIVE_NAME, "a descriptive role name." },
	{ "bluelake", ERR_UNIX_USERNAME_AS_AGENT, "a Unix username (possibly from $USER environment variable)." },
	{ "root2", ERR_UNIX_USERNAME_AS_AGENT, "a Unix username" },
	{ "12", ERR_NONE, NULL },
	{ "blue", ERR_NONE, NULL },
	{ "x", ERR_NONE, NULL },
	{ "abcdefghijklmnopq", ERR_NONE, NULL },
	{ "BlueLake", ERR_NONE, NULL },
	{ "WildPuma", ERR_NONE, NULL },
	{ "", ERR_NONE, NULL },
};

START_TEST(kind)
{
	const struct mistake *m = mistake_detect(str_c(cases[_i].name));
	struct arena a;
	struct str text;

	ck_assert_msg((m != NULL ? m->code : ERR_NONE) == cases[_i].code, "%s: %s", cases[_i].name,
	    err_name(m != NULL ? m->code : ERR_NONE));
	if (m == NULL)
		return;
	arena_init(&a, 1024);
	text = mistake_text(&a, m, str_c(cases[_i].name));
	ck_assert_msg(str_find(text, str_c(cases[_i].part)) >= 0, "%s", text.p);
	arena_fini(&a);
}
END_TEST

Suite *
suite_mistake(void)
{
	Suite *s = suite_create("mistake");
	TCase *t = tcase_create("mistake");

	tcase_add_loop_test(t, kind, 0, sizeof(cases) / sizeof(cases[0]));
	suite_add_tcase(s, t);
	return s;
}
