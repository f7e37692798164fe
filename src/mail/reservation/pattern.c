/*
 * pattern - reservation patterns compiled to parts, and paths held against them.
 *
 * Used by reserve*.c and by the guard. Whether two patterns overlap is decided in
 * pattern_meet.c, wildcards inside a segment in pattern_glob.c.
 */
#include "mail/reservation/pattern.h"

#include <string.h>

#include "mail/reservation/pattern_parts.h"

bool
pattern_virtual(struct str text)
{
	return str_starts(text, STR("tool://")) || str_starts(text, STR("resource://")) ||
	    str_starts(text, STR("service://"));
}

/* A copy with "/" for each back-slash, without leading slashes. */
static struct str
as_slashes(struct arena *a, struct str text)
{
	struct str s = arena_dup(a, text);
	char *p = (char *)s.p;

	for (size_t i = 0; i < s.n; i++)
		if (p[i] == '\\')
			p[i] = '/';
	while (s.n > 0 && s.p[0] == '/')
		s = str_sub(s, 1, s.n);
	return s;
}

static struct str
without_dot(struct str path)
{
	return str_starts(path, STR("./")) ? str_sub(path, 2, path.n) : path;
}

/* Trailing white space is no part of a pattern; leading one is. */
static struct str
right_trim(struct str s)
{
	while (s.n > 0 && (s.p[s.n - 1] == ' ' || (s.p[s.n - 1] >= '\t' && s.p[s.n - 1] <= '\r')))
		s.n--;
	return s;
}

static size_t
count_segments(struct str s)
{
	size_t n = 1;

	for (size_t i = 0; i < s.n; i++)
		n += s.p[i] == '/';
	return n;
}

static void
add_deep(struct pattern *p)
{
	if (p->n == 0 || !p->parts[p->n - 1].deep)
		p->parts[p->n++].deep = true;
}

static void
add_glob(struct arena *a, struct pattern *p, struct str segment)
{
	glob_compile(a, segment, &p->parts[p->n++].glob);
}

/* Adds what a slash or a double star at the end means: at least one segment below. */
static void
add_below(struct arena *a, struct pattern *p)
{
	add_glob(a, p, STR("*"));
	add_deep(p);
}

/* The text before the first wildcard, of a pattern that stands at the root. */
static struct str
fixed_prefix(struct str s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != '*' && s.p[n] != '?' && s.p[n] != '[')
		n++;
	return str_sub(s, 0, n);
}

static void
compile_parts(struct arena *a, struct str s, struct pattern *p)
{
	size_t left = count_segments(s), i = 0;
	bool slash_at_end = s.p[s.n - 1] == '/';
	bool one = left == 1 || (left == 2 && slash_at_end);
	struct str segment;

	p->parts = arena_array(a, struct part, left + 3);
	if (one)
		add_deep(p);
	else if (p->path.n == p->text.n)
		p->prefix = fixed_prefix(s);
	for (; left > 0; left--, i += segment.n + 1) {
		ptrdiff_t to = str_chr(str_sub(s, i, s.n), '/');

		segment = str_sub(s, i, to < 0 ? s.n : (size_t)to);
		if (left == 1 && (segment.n == 0 || str_eqc(segment, "**"))) {
			add_below(a, p);
		} else if (str_eqc(segment, "**")) {
			add_deep(p);
			/* Before a slash at the end it is a directory of its own. */
			if (left == 2 && slash_at_end)
				add_glob(a, p, STR("*"));
		} else {
			add_glob(a, p, segment);
			/* A `*` after the last slash names one level; a pattern that is only `*` is held against base names: every file. */
			p->below = left == 1 && !str_eqc(segment, "*");
			p->bare = one && !p->parts[p->n - 1].glob.wild;
		}
	}
}

const struct pattern *
pattern_new(struct arena *a, struct str text)
{
	struct pattern *p = arena_new(a, struct pattern);
	struct str s;

	p->virtual_name = pattern_virtual(text);
	if (p->virtual_name) {
		p->text = str_trim(arena_dup(a, text));
		return p;
	}
	p->text = as_slashes(a, text);
	p->path = without_dot(p->text);
	s = right_trim(p->text);
	p->never = s.n == 0 || s.p[0] == '#' || s.p[0] == '!';
	if (!p->never)
		compile_parts(a, s, p);
	return p;
}

const char *
pattern_refused(struct str text)
{
	size_t i = 0;

	if (str_blank(text))
		return "is blank";
	if (pattern_virtual(text))
		return NULL;
	if (text.n > PATTERN_MAX)
		return "is longer than 4096 bytes";
	while (i < text.n && (text.p[i] == '/' || text.p[i] == '\\'))
		i++;
	if (str_blank(str_sub(text, i, text.n)))
		return "names nothing below the project's directory; use ** for everything";
	if (text.p[i] == '!')
		return "begins with '!', an exclusion that matches nothing by itself; write [!] for the character";
	if (text.p[i] == '#')
		return "begins with '#', a comment that matches nothing; write [#] for the character";
	return NULL;
}

const char *
pattern_suspicious(struct str text)
{
	static const char *const all[] = { "*", "**", "**/*", "**/**", "." };
	struct str s = str_trim(text);

	if (pattern_virtual(text))
		return NULL;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (str_eqc(s, all[i]))
			return "names the whole project or nothing useful; name the files that will change";
	if (s.n > 1 && s.p[0] == '/' && s.p[1] != '/')
		return "is taken relative to the project's directory: the leading slash is dropped";
	if (s.n <= 2 && str_chr(s, '*') >= 0)
		return "is very broad; name the files that will change";
	return NULL;
}

/* Where the next segment of a path begins and what it is; past the end it is false. */
static bool
segment_at(struct str path, size_t at, struct str *segment, size_t *next)
{
	ptrdiff_t to;

	if (at > path.n)
		return false;
	to = str_chr(str_sub(path, at, path.n), '/');
	*segment = str_sub(path, at, to < 0 ? path.n : (size_t)to);
	*next = at + segment->n + 1;
	return true;
}

/*
 * The parts from `first` on against the whole path. Going back to the last deep
 * part only is enough, as with `*` inside a segment.
 */
static bool
parts_match(const struct pattern *p, size_t first, bool below, struct str path)
{
	size_t i = first, at = 0, deep = SIZE_MAX, from = 0, next;
	struct str segment;

	while (segment_at(path, at, &segment, &next)) {
		if (i == p->n && below)
			return true;
		if (i < p->n && p->parts[i].deep) {
			deep = i++;
			from = at;
		} else if (i < p->n && glob_match(&p->parts[i].glob, segment)) {
			i++;
			at = next;
		} else if (deep != SIZE_MAX) {
			(void)segment_at(path, from, &segment, &from);
			i = deep + 1;
			at = from;
		} else {
			return false;
		}
	}
	while (i < p->n && p->parts[i].deep)
		i++;
	return i == p->n;
}

bool
pattern_names(const struct pattern *p, struct str path)
{
	return !p->never && !p->virtual_name && parts_match(p, p->bare ? 1 : 0, false, path);
}

struct str
pattern_path(struct arena *a, struct str text)
{
	return without_dot(as_slashes(a, text));
}

bool
pattern_matches(const struct pattern *p, struct str path)
{
	return !p->never && parts_match(p, 0, p->below, path);
}

bool
pattern_match(const struct pattern *p, struct str path)
{
	struct arena own;
	bool yes;

	if (p->virtual_name)
		return str_eq(p->text, str_trim(path));
	if (pattern_virtual(path))
		return false;
	arena_init(&own, 512);
	yes = pattern_matches(p, pattern_path(&own, path));
	arena_fini(&own);
	return yes;
}

/* True when the fixed beginnings differ, as in most pairs: then the patterns cannot meet. */
static bool
apart(const struct pattern *a, const struct pattern *b)
{
	size_t n = a->prefix.n < b->prefix.n ? a->prefix.n : b->prefix.n;

	return n > 0 && memcmp(a->prefix.p, b->prefix.p, n) != 0;
}

bool
pattern_overlap(const struct pattern *a, const struct pattern *b)
{
	if (a->virtual_name || b->virtual_name)
		return a->virtual_name && b->virtual_name && str_eq(a->text, b->text);
	if (a->never || b->never || apart(a, b))
		return false;
	return str_eq(a->text, b->text) || pattern_matches(a, b->path) || pattern_matches(b, a->path) ||
	    pattern_meet(a, b);
}
