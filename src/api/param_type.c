/*
 * param_type - one row for each type of parameter: how it is read, from which texts, and what it is called.
 */
#include "api/param_type.h"

#include "base/log.h"

static void
refuse(const struct param_value *pv, enum refusal why, struct jr got)
{
	pv->refuse(pv, why, -1, got, STR_NONE);
}

static void
refuse_text(const struct param_value *pv, enum refusal why, struct str text)
{
	pv->refuse(pv, why, -1, JR_NONE, text);
}

static bool
choice_ok(const struct param *p, struct str v)
{
	struct str rest = str_c(p->words), word;

	while (str_next(&rest, '|', &word))
		if (str_eq(word, v))
			return true;
	return p->words == NULL;
}

static void
take_str(const struct param_value *pv, struct str v, struct jr got)
{
	if (choice_ok(pv->param, v))
		*(struct p_str *)pv->member = (struct p_str){ v, true };
	else
		refuse(pv, NOT_A_CHOICE, got);
}

static void
str_json(const struct param_value *pv, struct jr v)
{
	struct str s;

	if (accept_str(v, &s) == ACCEPTED)
		take_str(pv, s, v);
	else
		refuse(pv, NOT_STRING, v);
}

static void
str_text(const struct param_value *pv, struct str v)
{
	take_str(pv, v, JR_NONE);
}

static void
str_default(const struct param_value *pv, struct str def)
{
	must(def.n >= 2 && def.p[0] == '"');
	((struct p_str *)pv->member)->v = str_sub(def, 1, def.n - 2);
}

static void
text_write(struct jw *w, const struct str *words, size_t n)
{
	jw_str(w, words[0]);
}

static enum refusal
accept_int_by(const struct param_value *pv, struct jr v, int64_t *out)
{
	return pv->strict ? accept_int_strict(v, out) : accept_int(v, out);
}

static void
int_json(const struct param_value *pv, struct jr v)
{
	struct p_int i = { 0, true };
	enum refusal why = accept_int_by(pv, v, &i.v);

	if (why == ACCEPTED)
		*(struct p_int *)pv->member = i;
	else
		refuse(pv, why, v);
}

static void
int_text(const struct param_value *pv, struct str v)
{
	struct p_int i = { 0, true };
	enum refusal why = accept_int_text(v, &i.v);

	if (why == ACCEPTED)
		*(struct p_int *)pv->member = i;
	else
		refuse_text(pv, why, v);
}

static void
int_default(const struct param_value *pv, struct str def)
{
	must(str_int(def, &((struct p_int *)pv->member)->v));
}

static void
int_write(struct jw *w, const struct str *words, size_t n)
{
	int64_t v;

	if (str_int(words[0], &v))
		jw_int(w, v);
	else
		jw_str(w, words[0]);
}

static void
bool_json(const struct param_value *pv, struct jr v)
{
	struct p_bool b = { false, true };
	enum refusal why = pv->strict ? accept_bool_strict(v, &b.v) : accept_bool(v, &b.v);

	if (why == ACCEPTED)
		*(struct p_bool *)pv->member = b;
	else
		refuse(pv, why, v);
}

static void
bool_text(const struct param_value *pv, struct str v)
{
	struct p_bool b = { false, true };
	enum refusal why = accept_bool_text(v, &b.v);

	if (why == ACCEPTED)
		*(struct p_bool *)pv->member = b;
	else
		refuse_text(pv, why, v);
}

static void
bool_default(const struct param_value *pv, struct str def)
{
	((struct p_bool *)pv->member)->v = def.p[0] == 't';
}

static void
bool_write(struct jw *w, const struct str *words, size_t n)
{
	if (str_eqc(words[0], "true") || str_eqc(words[0], "false"))
		jw_bool(w, str_eqc(words[0], "true"));
	else
		jw_str(w, words[0]);
}

static void
num_json(const struct param_value *pv, struct jr v)
{
	struct p_num d = { 0, true };
	enum refusal why = accept_num(v, &d.v);

	if (why == ACCEPTED)
		*(struct p_num *)pv->member = d;
	else
		refuse(pv, why, v);
}

static void
num_text(const struct param_value *pv, struct str v)
{
	struct p_num d = { 0, true };
	enum refusal why = accept_num_text(v, &d.v);

	if (why == ACCEPTED)
		*(struct p_num *)pv->member = d;
	else
		refuse_text(pv, why, v);
}

static void
num_default(const struct param_value *pv, struct str def)
{
	must(str_double(def, &((struct p_num *)pv->member)->v));
}

static void
num_write(struct jw *w, const struct str *words, size_t n)
{
	double v;

	if (str_double(words[0], &v))
		jw_double(w, v);
	else
		jw_str(w, words[0]);
}

/* A bare string is a list of one; commas separate; JSON in the string is read as such (decision 3.2). */
static bool
bare_list(struct arena *a, struct str text, struct str_list *out)
{
	struct str rest, field;
	struct jr_error err;
	struct jr list;
	size_t n = 1;

	text = str_trim(text);
	if (text.n > 0 && text.p[0] == '[' && jr_parse(a, text, &list, &err) && list.type == JR_ARR) {
		*out = (struct str_list){ arena_array(a, struct str, jr_len(list)), jr_len(list) };
		for (size_t i = 0; i < out->n; i++)
			if (accept_str(jr_at(list, i), &out->v[i]) != ACCEPTED)
				return false;
		return true;
	}
	for (size_t i = 0; i < text.n; i++)
		n += text.p[i] == ',';
	*out = (struct str_list){ arena_array(a, struct str, n), 0 };
	for (rest = text; str_next(&rest, ',', &field);)
		if (!str_blank(field))
			out->v[out->n++] = str_trim(field);
	return true;
}

static bool
is_bare(const struct param_value *pv, struct jr v, enum jr_type type)
{
	return (pv->param->flags & P_BARE) != 0 && v.type == type;
}

/* Every element that is no string is told. */
static void
strs_json(const struct param_value *pv, struct jr v)
{
	bool bare = is_bare(pv, v, JR_STR), good = true;
	struct str_list list = { NULL, 0 };

	if (bare ? !bare_list(pv->arena, jr_str(v), &list) : v.type != JR_ARR) {
		refuse(pv, NOT_LIST, v);
		return;
	}
	if (!bare)
		list = (struct str_list){ arena_array(pv->arena, struct str, jr_len(v)), jr_len(v) };
	for (size_t i = 0; !bare && i < list.n; i++) {
		enum refusal why = accept_str(jr_at(v, i), &list.v[i]);

		if (why == ACCEPTED)
			continue;
		pv->refuse(pv, why, (ptrdiff_t)i, jr_at(v, i), STR_NONE);
		good = false;
	}
	if (good)
		*(struct p_strs *)pv->member = (struct p_strs){ list, true };
}

static void
strs_text(const struct param_value *pv, struct str v)
{
	struct str_list list;

	if (bare_list(pv->arena, v, &list))
		*(struct p_strs *)pv->member = (struct p_strs){ list, true };
	else
		refuse_text(pv, NOT_LIST, v);
}

static void
strs_default(const struct param_value *pv, struct str def)
{
	must(str_eqc(def, "[]"));
	((struct p_strs *)pv->member)->v = (struct str_list){ arena_array(pv->arena, struct str, 1), 0 };
}

static void
list_write(
    struct jw *w, const struct str *words, size_t n, void (*element)(struct jw *w, const struct str *word, size_t n))
{
	struct str rest, item;

	jw_arr(w);
	for (size_t i = 0; i < n; i++)
		for (rest = words[i]; str_next(&rest, ',', &item);) {
			item = str_trim(item);
			element(w, &item, 1);
		}
	jw_end(w);
}

static void
strs_write(struct jw *w, const struct str *words, size_t n)
{
	list_write(w, words, n, text_write);
}

static void
ints_from(const struct param_value *pv, struct str text, struct jr got)
{
	enum refusal why;
	struct str_list words;
	int64_t *v;

	if (!bare_list(pv->arena, text, &words)) {
		refuse(pv, NOT_LIST, got);
		return;
	}
	v = arena_array(pv->arena, int64_t, words.n);
	for (size_t i = 0; i < words.n; i++) {
		if ((why = accept_int_text(words.v[i], &v[i])) != ACCEPTED) {
			pv->refuse(pv, why, (ptrdiff_t)i, got, STR_NONE);
			return;
		}
	}
	*(struct p_ints *)pv->member = (struct p_ints){ v, words.n, true };
}

static void
ints_json(const struct param_value *pv, struct jr v)
{
	bool one = is_bare(pv, v, JR_INT) && !jr_int_overflow(v), good = true;
	size_t n = one ? 1 : jr_len(v);
	int64_t *list;

	if (is_bare(pv, v, JR_STR)) {
		ints_from(pv, jr_str(v), v);
		return;
	}
	if (!one && v.type != JR_ARR) {
		refuse(pv, NOT_LIST, v);
		return;
	}
	list = arena_array(pv->arena, int64_t, n);
	if (one)
		list[0] = jr_int(v);
	for (size_t i = 0; !one && i < n; i++) {
		enum refusal why = accept_int_by(pv, jr_at(v, i), &list[i]);

		if (why == ACCEPTED)
			continue;
		pv->refuse(pv, why, (ptrdiff_t)i, jr_at(v, i), STR_NONE);
		good = false;
	}
	if (good)
		*(struct p_ints *)pv->member = (struct p_ints){ list, n, true };
}

static void
ints_text(const struct param_value *pv, struct str v)
{
	ints_from(pv, v, JR_NONE);
}

static void
ints_default(const struct param_value *pv, struct str def)
{
	must(str_eqc(def, "[]"));
}

static void
ints_write(struct jw *w, const struct str *words, size_t n)
{
	list_write(w, words, n, int_write);
}

/* Kept as text: what it means is not this layer's. */
static void
raw_json(const struct param_value *pv, struct jr v)
{
	struct buf text;

	buf_init(&text, pv->arena);
	jr_write(v, &text);
	*(struct p_json *)pv->member = (struct p_json){ buf_flat(&text), jr_len(v), true };
}

static void
raw_text(const struct param_value *pv, struct str v)
{
	refuse_text(pv, NOT_OBJECT, v);
}

static void
raw_default(const struct param_value *pv, struct str def)
{
	((struct p_json *)pv->member)->v = def;
}

static void
raw_list_json(const struct param_value *pv, struct jr v)
{
	if (v.type == JR_ARR)
		raw_json(pv, v);
	else
		refuse(pv, NOT_LIST, v);
}

static void
raw_list_text(const struct param_value *pv, struct str v)
{
	refuse_text(pv, NOT_LIST, v);
}

const struct param_type_row param_types[] = {
	[P_STR] = { "string", NULL, NULL, "text", "TEXT", str_json, str_text, str_default, text_write },
	[P_INT] = { "integer", NULL, "int64", "integer", "NUMBER", int_json, int_text, int_default, int_write },
	[P_BOOL] = { "boolean", NULL, NULL, "boolean", "", bool_json, bool_text, bool_default, bool_write },
	[P_STRS] = { "array", "string", NULL, "list of texts", "TEXT,...", strs_json, strs_text, strs_default,
	    strs_write },
	[P_INTS] = { "array", "integer", NULL, "list of integers", "NUMBER,...", ints_json, ints_text, ints_default,
	    ints_write },
	[P_NUM] = { "number", NULL, NULL, "number", "NUMBER", num_json, num_text, num_default, num_write },
	[P_JSON] = { NULL, NULL, NULL, "JSON", "JSON", raw_json, raw_text, raw_default, text_write },
	[P_JSON_LIST] = { "array", NULL, NULL, "JSON list", "JSON", raw_list_json, raw_list_text, raw_default,
	    text_write },
};
