/*
 * media_type - is a body JSON by its Content-Type?
 */
#include "serve/media_type.h"

bool
media_type_is_json(struct str type)
{
	ptrdiff_t semicolon = str_chr(type, ';');

	if (semicolon >= 0)
		type = str_sub(type, 0, (size_t)semicolon);
	type = str_trim(type);
	return str_eqc_ci(type, "application/json") ||
	    (str_starts_ci(type, STR("application/")) && type.n > 5 &&
		str_eqc_ci(str_sub(type, type.n - 5, 5), "+json"));
}
