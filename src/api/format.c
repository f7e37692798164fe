/*
 * format - which format an answer gets, and the envelope of one that is TOON.
 */
#include "api/format.h"

#include "base/log.h"
#include "base/toon.h"
#include "conf/conf.h"

bool
format_parse(struct str word, enum format *out)
{
	static const struct {
		const char *word;
		enum format format;
	} words[] = {
		{ "", FORMAT_ANY },
		{ "auto", FORMAT_ANY },
		{ "default", FORMAT_ANY },
		{ "none", FORMAT_ANY },
		{ "null", FORMAT_ANY },
		{ "json", FORMAT_JSON },
		{ "application/json", FORMAT_JSON },
		{ "text/json", FORMAT_JSON },
		{ "toon", FORMAT_TOON },
		{ "application/toon", FORMAT_TOON },
		{ "text/toon", FORMAT_TOON },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (word.p == NULL || str_eqc_ci(str_trim(word), words[i].word)) {
			*out = words[i].format;
			return true;
		}
	return false;
}

struct format_choice
format_choose(const struct conf *conf, enum format wish)
{
	struct format_choice c = { wish, true };

	if (wish != FORMAT_ANY)
		return c;
	c.asked = false;
	if (!format_parse(conf->output_format, &c.format) || c.format != FORMAT_TOON)
		c.format = FORMAT_JSON;
	return c;
}

struct buf
format_toon(const struct buf *json)
{
	struct jr_error err;
	struct buf text;
	struct jr v;

	must(jr_parse(json->arena, buf_flat(json), &v, &err));
	buf_init(&text, json->arena);
	toon_write(v, &text);
	return text;
}

void
format_envelope(const struct buf *toon, bool asked, struct jw *w)
{
	jw_obj(w);
	jw_kcstr(w, "format", "toon");
	jw_key(w, "data");
	jw_quoted_buf(w, toon);
	jw_kobj(w, "meta");
	jw_kcstr(w, "requested", "toon");
	jw_kcstr(w, "source", asked ? "param" : "default");
	jw_kcstr(w, "encoder", "agentmaild");
	jw_end(w);
	jw_end(w);
}
