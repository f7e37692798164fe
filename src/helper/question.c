/*
 * question - the table of questions; see question.h.
 */
#include "helper/question.h"

static const struct {
	const char *name;
	void (*fn)(struct helper_task *t);
	bool heavy;
} table[] = {
	{ "signs", question_signs, false },
	{ "head", question_head, false },
	{ "identity", question_identity, false },
	{ "archive", question_archive, false },
	{ "guard_install", question_guard_install, false },
	{ "guard_uninstall", question_guard_uninstall, false },
	{ "pictures", question_pictures, true },
};

bool
question_heavy(struct str text)
{
	const struct str start = STR("{\"do\":\"");
	struct str name = str_starts(text, start) ? str_sub(text, start.n, text.n) : STR_NONE;
	ptrdiff_t end = str_chr(name, '"');

	name.n = end >= 0 ? (size_t)end : 0;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eqc(name, table[i].name))
			return table[i].heavy;
	return false;
}

int
question_answer(struct str text, int64_t deadline, struct arena *a, struct buf *out)
{
	struct helper_task t = { .arena = a, .deadline = deadline, .pass = -1 };
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
