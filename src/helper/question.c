/*
 * question - the table of questions; see question.h.
 */
#include "helper/question.h"

static const struct {
	const char *name;
	void (*fn)(struct helper_task *t);
} table[] = {
	{ "signs", question_signs },
	{ "head", question_head },
	{ "guard_install", question_guard_install },
	{ "guard_uninstall", question_guard_uninstall },
};

void
question_answer(struct str text, int64_t deadline, struct arena *a, struct buf *out)
{
	struct helper_task t = { .arena = a, .deadline = deadline };
	struct jr_error err;
	struct jw w;

	if (!jr_parse(a, text, &t.ask, &err))
		return;
	jw_init(&w, out, JW_COMPACT);
	jw_obj(&w);
	t.answer = &w;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (str_eqc(jr_str(jr_get(t.ask, "do")), table[i].name))
			table[i].fn(&t);
	jw_end(&w);
}
