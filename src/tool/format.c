/*
 * format - see format.h. Words by contract/messaging.md 5.
 */
#include "tool/format.h"

#include "store/cx.h"

int
format_check(struct cx *cx, struct str given)
{
	static const char *const json[] = { "", "auto", "default", "none", "null", "json", "application/json", "text/json" };
	struct str word = str_trim(given);
	size_t i;

	for (i = 0; i < sizeof(json) / sizeof(json[0]); i++)
		if (given.p == NULL || str_eqc_ci(word, json[i]))
			return 0;
	return fail(cx, ERR_INVALID_FORMAT, "Invalid format '%" PRIstr "'. Expected 'json'.", FSTR(str_cut_chars(given, 60)));
}
