/*
 * template - compares a path or URI with one that has {names} in it. A request is compared with many templates, most of which differ in the first bytes.
 */
#include "base/template.h"

#include <string.h>

bool
template_has_vars(const char *template)
{
	return strchr(template, '{') != NULL;
}

bool
template_match(const char *template, struct str path, struct template_var *vars, size_t max, size_t *n)
{
	struct str rest = str_c(template), want, have;

	*n = 0;
	while (str_next(&rest, '/', &want)) {
		if (!str_next(&path, '/', &have))
			return false;
		if (want.n > 2 && want.p[0] == '{') {
			if (have.n == 0 || *n == max)
				return false;
			vars[(*n)++] = (struct template_var){ str_sub(want, 1, want.n - 2), have };
		} else if (!str_eq(want, have)) {
			return false;
		}
	}
	return path.p == NULL;
}
