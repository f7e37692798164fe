/*
 * question - the table of questions: finds the row by its name and lets it write the answer.
 *
 * Which kind a question is can be told from its first bytes, before anybody parses it.
 */
#include "helper/question.h"

static const struct {
	const char *name;
	void (*fn)(struct helper_task *t);
	enum question_kind kind;
} table[] = {
	{ "signs", question_signs, QUESTION_LIGHT },
	{ "head", question_head, QUESTION_LIGHT },
	{ "identity", question_identity, QUESTION_LIGHT },
	{ "archive", question_archive, QUESTION_LIGHT },
	{ "guard_install", question_guard_install, QUESTION_LIGHT },
	{ "guard_uninstall", question_guard_uninstall, QUESTION_LIGHT },
	{ "pictures", question_pictures, QUESTION_PICTURES },
	{ "chat", question_chat, QUESTION_MODEL },
};

enum question_kind
question_kind(struct str text)
{
	const struct str start = STR("{\"do\":\"");
	struct str name = str_starts(text, start) ? str_sub(text, start.n, text.n) : STR_NONE;
	ptrdiff_t end = str_chr(name, '"');

	name.n = end >= 0 ? (size_t)end : 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eqc(name, table[i].name))
			return table[i].kind;
	return QUESTION_LIGHT;
}

int
question_answer(const struct conf *conf, struct str text, int64_t deadline, struct arena *a, struct buf *out)
{
	struct helper_task t = { .arena = a, .conf = conf, .deadline = deadline, .pass = -1 };
	struct jr_error err;
	struct jw w;

	if (!jr_parse(a, text, &t.ask, &err))
		return -1;
	jw_init(&w, out, JW_COMPACT);
	jw_obj(&w);
	t.answer = &w;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eqc(jr_str(jr_get(t.ask, "do")), table[i].name))
			table[i].fn(&t);
	jw_end(&w);
	return t.pass;
}
