/*
 * path - normal form of a path, and the slug of a project.
 *
 * Both are functions of the text, with the results of the reference (Python's normpath and its
 * slug rule): links are not followed and nothing need exist.
 */
#include "base/path.h"

struct str
path_norm(struct arena *a, struct str p)
{
	char *out = arena_get(a, p.n + 2);
	size_t n = 0, root = 0;
	struct str rest = p, part;

	if (p.n > 0 && p.p[0] == '/')
		root = p.n > 1 && p.p[1] == '/' && !(p.n > 2 && p.p[2] == '/') ? 2 : 1;
	for (; n < root; n++)
		out[n] = '/';
	while (str_next(&rest, '/', &part)) {
		size_t back = n;

		if (part.n == 0 || str_eqc(part, "."))
			continue;
		while (back > root && out[back - 1] != '/')
			back--;
		if (str_eqc(part, "..") && n > root && !str_eqc((struct str){ out + back, n - back }, "..")) {
			n = back > root ? back - 1 : root;
			continue;
		}
		if (str_eqc(part, "..") && root > 0)
			continue;
		if (n > root)
			out[n++] = '/';
		for (size_t i = 0; i < part.n; i++)
			out[n++] = part.p[i];
	}
	if (n == 0)
		out[n++] = '.';
	out[n] = '\0';
	return (struct str){ out, n };
}

struct str
path_slug(struct arena *a, struct str human_key)
{
	struct str s = str_lower(a, str_trim(human_key));
	char *out = arena_get(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			out[n++] = c;
		else if (n > 0 && out[n - 1] != '-')
			out[n++] = '-';
	}
	if (n > 0 && out[n - 1] == '-')
		n--;
	if (n == 0)
		return STR("project");
	out[n] = '\0';
	return (struct str){ out, n };
}

bool
path_is_absolute(struct str p)
{
	if (p.n > 0 && p.p[0] == '/')
		return true;
	return p.n > 2 && p.p[1] == ':' && (p.p[2] == '\\' || p.p[2] == '/') &&
	    ((p.p[0] >= 'a' && p.p[0] <= 'z') || (p.p[0] >= 'A' && p.p[0] <= 'Z'));
}
