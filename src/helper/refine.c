/*
 * refine - asks the language model, the second one when the first is of no use, and finds the JSON object in what it
 * writes (contract/reservations-resources.md 3.3).
 */
#include "base/clock.h"
#include "conf/conf.h"
#include "helper/chat.h"
#include "helper/query.h"
#include "ipc/query/chat.h"

/* Names that the reference's users write for "the usual small model". */
static const char *const usual[] = { "gpt-5-mini", "gpt5-mini", "gpt-5m", "gpt-4o-mini" };
#define USUAL_MODEL "gpt-4o-mini"
/* With less time than this no second model is tried. */
#define WORTH_US (USEC / 2)

static bool
is_usual(struct str name)
{
	for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++)
		if (str_eqc_ci(name, usual[i]))
			return true;
	return false;
}

static struct str
default_model(const struct conf *conf)
{
	struct str name = str_trim(conf->llm_default_model);

	return name.n == 0 || is_usual(name) ? STR(USUAL_MODEL) : name;
}

static struct str
resolve(const struct conf *conf, struct str name)
{
	name = str_trim(name);
	return name.n == 0 || is_usual(name) ? default_model(conf) : name;
}

static bool
is_object(struct arena *a, struct str text, struct jr *out)
{
	struct jr_error err;

	return jr_parse(a, text, out, &err) && out->type == JR_OBJ;
}

/* What stands between the first pair of fences, without the word behind the first. */
static struct str
fenced(struct str text)
{
	ptrdiff_t open = str_find(text, STR("```")), line, end;

	if (open < 0)
		return STR("");
	text = str_sub(text, (size_t)open + 3, text.n);
	if ((line = str_chr(text, '\n')) < 0)
		return STR("");
	text = str_sub(text, (size_t)line + 1, text.n);
	end = str_find(text, STR("```"));
	return end < 0 ? STR("") : str_sub(text, 0, (size_t)end);
}

static struct str
braced(struct str text)
{
	ptrdiff_t open = str_chr(text, '{');
	size_t end = text.n;

	while (end > 0 && text.p[end - 1] != '}')
		end--;
	return open < 0 || end <= (size_t)open ? STR("") : str_sub(text, (size_t)open, end - (size_t)open);
}

/* Models talk around what they were asked for. */
static bool
find_object(struct arena *a, struct str text, struct jr *out)
{
	return is_object(a, text, out) || is_object(a, fenced(text), out) || is_object(a, braced(text), out);
}

/* One model: true with the object, else *why. */
static bool
try_model(struct helper_task *t, const struct chat_query *q, struct str model, struct jr *object, struct str *why)
{
	struct chat c = {
		.conf = t->conf, .model = model, .system = q->system, .user = q->user, .deadline = t->deadline
	};
	struct str text = chat_send(&c, t->arena, why);

	if (text.p == NULL)
		return false;
	if (find_object(t->arena, text, object))
		return true;
	*why = STR("its answer holds no JSON object");
	return false;
}

/* r->model is tried first. */
static void
try_models(struct helper_task *t, const struct chat_query *q, struct chat_result *r)
{
	struct str other = default_model(t->conf), why;

	if (try_model(t, q, r->model, &r->object, &why))
		return;
	if (!str_eq(r->model, other) && t->deadline - clock_mono_us() > WORTH_US) {
		r->model = other;
		if (try_model(t, q, other, &r->object, &why))
			return;
	}
	r->error = why;
}

bool
helper_chat(struct helper_task *t)
{
	struct chat_result r;
	struct chat_query q;

	if (!chat_query_get(t->arena, t->query, &q))
		return false;
	r = (struct chat_result){ .model = resolve(t->conf, q.model), .object = JR_NONE, .ids = q.ids, .nids = q.nids };
	if (t->conf->llm_enabled)
		try_models(t, &q, &r);
	else
		r.error = STR("llm_enabled is no");
	chat_result_put(t->result, &r);
	return true;
}
