/*
 * attach - finds data: URIs in Markdown.
 */
#include "mail/send/attach.h"

#include "base/json_write.h"

#define DEFAULT_TYPE STR("image/webp")

/* next_image - the target of the next ![alt](target) in *rest, which moves behind it. */
static bool
next_image(struct str *rest, struct str *target)
{
	ptrdiff_t at;

	while ((at = str_find(*rest, STR("!["))) >= 0) {
		ptrdiff_t alt, end;

		*rest = str_sub(*rest, (size_t)at + 2, rest->n);
		alt = str_chr(*rest, ']');
		if (alt < 0)
			return false;
		if ((size_t)alt + 1 >= rest->n || rest->p[alt + 1] != '(')
			continue;
		*target = str_sub(*rest, (size_t)alt + 2, rest->n);
		end = str_chr(*target, ')');
		if (end < 0)
			return false;
		*rest = str_sub(*target, (size_t)end + 1, target->n);
		*target = str_trim(str_sub(*target, 0, (size_t)end));
		return true;
	}
	return false;
}

/* media_type - of "data:image/png;base64,..." */
static struct str
media_type(struct str uri)
{
	struct str type = str_sub(uri, sizeof("data:") - 1, uri.n);

	for (size_t i = 0; i < type.n; i++) {
		if (type.p[i] == ';' || type.p[i] == ',') {
			type.n = i;
			break;
		}
	}
	return type.n > 0 ? type : DEFAULT_TYPE;
}

static void
entry(struct jw *w, struct str type)
{
	jw_obj(w);
	jw_kc(w, "type", "inline");
	jw_kstr(w, "media_type", type);
	jw_end(w);
}

struct str
attach_of_body(struct arena *a, struct str body, bool images)
{
	struct str rest = body, target;
	bool some = false;
	struct buf b;
	struct jw w;

	if (str_find(body, STR("data:")) < 0)
		return STR_NONE;
	buf_init(&b, a);
	jw_init(&w, &b, JW_COMPACT);
	jw_arr(&w);
	while (images && next_image(&rest, &target)) {
		if (!str_starts(target, STR("data:")))
			continue;
		entry(&w, media_type(target));
		some = true;
	}
	if (!some && str_find(body, STR("data:image")) >= 0) {
		entry(&w, DEFAULT_TYPE);
		some = true;
	}
	jw_end(&w);
	return some ? buf_flat(&b) : STR_NONE;
}
