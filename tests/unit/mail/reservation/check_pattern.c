/*
 * check_pattern - the pairs recorded from the reference, made symmetric; paths
 * against patterns; and a search for paths that would prove "no overlap" wrong.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "mail/reservation/pattern.h"
#include "mail/reservation/pattern_parts.h"

struct pair {
	const char *a, *b;
	bool meet;
};

/* Order does not matter with us: true where the reference saw it one way round or the other. */
static const struct pair recorded[] = {
	{ "src/**", "src/a/b.py", true },
	{ "src/**", "src", true },
	{ "src/**", "src/", true },
	{ "src/**", "src/*", true },
	{ "src/**", "src/**", true },
	{ "src/**", "src/**/*.py", true },
	{ "src/**", "**/a.py", false },
	{ "src/**", "**", true },
	{ "src/**", "docs/**", false },
	{ "src/**", "srcs/a", false },
	{ "src", "src/app.py", true },
	{ "src", "src", true },
	{ "src", "src/", true },
	{ "src", "src/**", true },
	{ "src", "a/src", true },
	{ "src", "a/src/b", true },
	{ "src", "srcx", false },
	{ "src/", "src/app.py", true },
	{ "src/", "src", true },
	{ "src/", "a/src/b", true },
	{ "src/app.py", "src", true },
	{ "src/app.py", "src/", true },
	{ "src/app.py", "src/**", true },
	{ "src/app.py", "src/app.py", true },
	{ "src/app.py", "app.py", true },
	{ "src/app.py", "./src/app.py", true },
	{ "src/app.py", "/src/app.py", true },
	{ "src/app.py", "src\\app.py", true },
	{ "src/app.py", "src/app.py/x", true },
	{ "src/app.py", "SRC/app.py", false },
	{ "src/app.py", "*", true },
	{ "src/app.py", "**", true },
	{ "src/app.py", "*.py", true },
	{ "src/app.py", "src/*.py", true },
	{ "app.py", "src/app.py", true },
	{ "/app.py", "src/app.py", true },
	{ "app.py", "app.pyc", false },
	{ "app.py", "myapp.py", false },
	{ "./app.py", "app.py", true },
	{ "*.py", "app.py", true },
	{ "*.py", "src/app.py", true },
	{ "*.py", "src/app.pyc", false },
	{ "*.py", "*.py", true },
	{ "*.py", "*.txt", false },
	{ "*.py", "a*", false },
	{ "/*.py", "src/app.py", true },
	{ "src/*", "src/a.py", true },
	{ "src/*", "src/a/b.py", false },
	{ "src/*", "src/*", true },
	{ "src/*", "src/**", true },
	{ "src/*", "src", true },
	{ "src/*.py", "src/a.py", true },
	{ "src/*.py", "src/a*", false },
	{ "src/*.py", "src/*.py", true },
	{ "src/*.py", "src/x/a.py", false },
	{ "src/*.py", "src/a.py/deep", true },
	{ "src/a*", "src/*.py", false },
	{ "src/a*", "src/abc/d", true },
	{ "*/test/*", "a/test/b", true },
	{ "*/test/*", "a/b/test/c", false },
	{ "**/test/**", "a/b/test/c/d", true },
	{ "**/test/**", "test/a", true },
	{ "**/test/**", "test", true },
	{ "**/test", "a/test/b", true },
	{ "a/**/z", "a/z", true },
	{ "a/**/z", "a/b/c/z", true },
	{ "a/**/z", "a/b/c/zz", false },
	{ "a/**/z", "b/a/z", false },
	{ "a/*/z", "a/b/z", true },
	{ "a/*/z", "a/z", false },
	{ "*", "README.md", true },
	{ "*", "a/b/c", true },
	{ "**", "README.md", true },
	{ "**/*", "a", true },
	{ "**/*.md", "README.md", true },
	{ "**/*.md", "docs/x.md", true },
	{ "?", "a", true },
	{ "?", "ab", false },
	{ "file?.txt", "file1.txt", true },
	{ "file?.txt", "file.txt", false },
	{ "file?.txt", "file12.txt", false },
	{ "[ab].py", "a.py", true },
	{ "[ab].py", "c.py", false },
	{ "[ab].py", "[ab].py", false },
	{ "[!a].py", "b.py", true },
	{ "[a-c]x/*", "bx/q", true },
	{ "{x,y}.py", "x.py", false },
	{ "!src/a.py", "src/a.py", false },
	{ "# note", "# note", false },
	{ " a.py", "a.py", false },
	{ "a.py ", "a.py", true },
	{ "a b.py", "a b.py", true },
	{ "tool://x", "tool://x", true },
	{ "tool://x", "tool://y", false },
	{ "tool://x", "**", false },
	{ "**", "tool://x", false },
	{ "resource://q", "resource://q", true },
	{ "service://s/1", "service://s/1", true },
	{ "ftp://h/x", "ftp://h/x", true },
	{ "Makefile", "Makefile", true },
	{ "Makefile", "makefile", false },
	{ "Makefile", "sub/Makefile", true },
	{ "sub/Makefile", "Makefile", true },
	{ ".github/**", ".github/workflows/ci.yml", true },
	{ ".env", ".env.local", false },
	{ ".*", ".env", true },
	{ ".*", "a/.env", true },
	{ "a.b/c", "aXb/c", false },
};

/*
 * Differences on purpose: equal patterns always meet (decision 3.20), and so do
 * patterns that name a common file, which the reference does not look for.
 */
static const struct pair ours[] = {
	{ "[ab].py", "[ab].py", true },
	{ "src/**", "**/a.py", true },
	{ "src/*.py", "src/a*", true },
	{ "*.py", "a*", true },
};

static const struct pair further[] = {
	{ "src/**", "*.py", true },
	{ "src/[a-m]*.c", "src/*z.c", true },
	{ "src/[a-m].c", "src/[n-z].c", false },
	{ "src/[!a].c", "src/a.c", false },
	{ "src/[!a].c", "src/[ab].c", true },
	{ "src/[!a-c].c", "src/[ab].c", false },
	{ "a/**/b/**/c", "a/b/c", true },
	{ "a/**/b/**/c", "a/*/*/c", true },
	{ "a/**/b/**/c", "a/*/c", true },
	{ "a/**/x", "b/**/x", false },
	{ "**/x/y", "a/**/y", true },
	{ "README.md", "Makefile", false },
	{ "README.md", "src/**", false },
	{ "README.md", "*.py", false },
	{ "docs/", "src/", false },
	{ "docs/", "src/**", false },
	{ "docs/**", "docs/", true },
	{ "s\303\251/?", "s\303\251/\303\251", true },
	{ "src/\303?", "src/ab", false },
	{ "**", "anything/at/all", true },
	{ "**/", "anything/at/all", true },
	{ "***", "a/b", true },
	{ "a/b/", "a/b/c/d", true },
	{ "", "", false },
	{ "!x", "!x", false },
	{ "/", "/", false },
	{ "tool://build", " x", false },
	{ "tool://build ", "tool://build", true },
	{ "Tool://x", "x", true },
	{ "src//a.c", "src/a.c", false },
};

static struct arena arena;

static void
setup(void)
{
	arena_init(&arena, 4096);
}

static void
teardown(void)
{
	arena_fini(&arena);
}

static bool
meet(const char *a, const char *b)
{
	return pattern_overlap(pattern_new(&arena, str_c(a)), pattern_new(&arena, str_c(b)));
}

static bool
is_ours(const struct pair *p)
{
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if ((!strcmp(ours[i].a, p->a) && !strcmp(ours[i].b, p->b)) ||
		    (!strcmp(ours[i].a, p->b) && !strcmp(ours[i].b, p->a)))
			return true;
	return false;
}

static void
check_pair(const struct pair *p)
{
	ck_assert_msg(meet(p->a, p->b) == p->meet, "'%s' held, '%s' asked: wanted %d", p->a, p->b, p->meet);
	ck_assert_msg(meet(p->b, p->a) == p->meet, "'%s' held, '%s' asked: wanted %d", p->b, p->a, p->meet);
}

START_TEST(recorded_pair)
{
	if (!is_ours(&recorded[_i]))
		check_pair(&recorded[_i]);
}
END_TEST

START_TEST(our_pair)
{
	check_pair(&ours[_i]);
}
END_TEST

START_TEST(further_pair)
{
	check_pair(&further[_i]);
}
END_TEST

static const struct {
	const char *pattern, *path;
	bool match;
} paths[] = {
	{ "src", "src", true },
	{ "src", "src/a/b", true },
	{ "src", "x/src/a", true },
	{ "src/", "src", false },
	{ "src/", "src/a", true },
	{ "src/*", "src/a", true },
	{ "src/*", "src/a/b", false },
	{ "src/**", "src", false },
	{ "src/**", "src/a/b", true },
	{ "*", "a/b/c", true },
	{ "*/", "a", false },
	{ "*/", "a/b", true },
	{ "**/", "a", false },
	{ "**/", "a/b", true },
	{ "src/**/", "src/a", false },
	{ "src/**/", "src/a/b", true },
	{ "/", "a", false },
	{ "a/**b", "a/xb", true },
	{ "a/**b", "a/x/b", false },
	{ "a**/b", "ax/b", true },
	{ "*.py", "src/x.py/deep", true },
	{ "a/**/z", "a/z", true },
	{ "a/**/z", "a/b/c/z", true },
	{ "a/**/z", "b/z", false },
	{ "[]a].c", "].c", true },
	{ "[]a].c", "b.c", false },
	{ "[a-c-]x", "-x", true },
	{ "[abc", "[abc", true },
	{ "[abc", "a", false },
	{ "[^a]", "b", true },
	{ "[z-a]", "m", false },
	{ "?", "\303\251", true },
	{ "?", "\377", true },
	{ "??", "\303\251", false },
	{ "*a*b*c", "xxaxxbxxbxc", true },
	{ "*a*b*c", "xxaxxbxxbx", false },
	{ "{a,b}", "a", false },
	{ "{a,b}", "{a,b}", true },
	{ "./a", "a", false },
	{ "a", "./a", true },
	{ "a ", "a", true },
	{ " a", "a", false },
	{ "SRC", "src", false },
	{ "src\\a", "src/a", true },
	{ "tool://x", "tool://x", true },
	{ "**", "tool://x", false },
	{ "a/..", "a/b", false },
};

START_TEST(matched_path)
{
	const struct pattern *p = pattern_new(&arena, str_c(paths[_i].pattern));

	ck_assert_msg(pattern_match(p, str_c(paths[_i].path)) == paths[_i].match, "'%s' against '%s'",
	    paths[_i].pattern, paths[_i].path);
}
END_TEST

START_TEST(refused)
{
	static const char *const no[] = { "", "  ", "\t", "/", "\\", "!x", "!", "#x", "/#x", "\\#x", "//!x", "/ " };
	static const char *const yes[] = { "a", "*", "**", "../x", "[!]x", "tool://", "a!", "~/x", "C:\\x", "a\nb" };
	char *big = malloc(PATTERN_MAX + 2);

	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(pattern_refused(str_c(no[i])) != NULL, "'%s'", no[i]);
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		ck_assert_msg(pattern_refused(str_c(yes[i])) == NULL, "'%s'", yes[i]);
	memset(big, 'a', PATTERN_MAX + 2);
	ck_assert_ptr_null(pattern_refused((struct str){ big, PATTERN_MAX }));
	ck_assert_ptr_nonnull(pattern_refused((struct str){ big, PATTERN_MAX + 1 }));
	free(big);
}
END_TEST

START_TEST(suspicious)
{
	static const char *const yes[] = { "*", "**", "**/*", "**/**", ".", " * ", "/src/a", "a*" };
	static const char *const no[] = { "src/*", "//x", "abc*", "tool://*", "src" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		ck_assert_msg(pattern_suspicious(str_c(yes[i])) != NULL, "'%s'", yes[i]);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		ck_assert_msg(pattern_suspicious(str_c(no[i])) == NULL, "'%s'", no[i]);
}
END_TEST

/* All paths of up to three segments made of these names. */
static const char *const names[] = { "a", "b", "c", "ab", "ba", "aa", "bb", "abc", "aba", "]" };
#define NNAMES (sizeof(names) / sizeof(names[0]))

static unsigned
next_random(unsigned *state, unsigned n)
{
	*state = *state * 1103515245u + 12345u;
	return (*state >> 16) % n;
}

static void
random_pattern(unsigned *state, char *out)
{
	static const char *const segments[] = { "a", "b", "ab", "*", "**", "?", "a*", "*b", "[ab]", "[!a]", "?b", "*a*",
		"[b-c]*", "[^b]", "?*", "*?", "**a", "a**", "[]a]", "[a-c]b", "a*b*", "abc" };
	unsigned n = 1 + next_random(state, 4), i;

	out[0] = '\0';
	for (i = 0; i < n; i++) {
		if (i > 0)
			strcat(out, "/");
		strcat(out, segments[next_random(state, sizeof(segments) / sizeof(segments[0]))]);
	}
	if (next_random(state, 8) == 0)
		strcat(out, "/");
}

/* A path that both name, of at most `depth` more segments; *what holds the path so far. */
static bool
find_common(const struct pattern *a, const struct pattern *b, char *what, int depth)
{
	size_t len = strlen(what), i;

	for (i = 0; i < NNAMES; i++) {
		strcpy(what + len, names[i]);
		if (pattern_names(a, str_c(what)) && pattern_names(b, str_c(what)))
			return true;
		if (depth > 1) {
			strcat(what, "/");
			if (find_common(a, b, what, depth - 1))
				return true;
		}
	}
	what[len] = '\0';
	return false;
}

START_TEST(no_overlap_has_no_common_path)
{
	unsigned state = 1000u + (unsigned)_i;

	for (int round = 0; round < 250; round++) {
		char a[64], b[64], what[64] = "";
		const struct pattern *pa, *pb;

		random_pattern(&state, a);
		random_pattern(&state, b);
		pa = pattern_new(&arena, str_c(a));
		pb = pattern_new(&arena, str_c(b));
		ck_assert_msg(pattern_overlap(pa, pb) == pattern_overlap(pb, pa), "'%s' and '%s' not symmetric", a, b);
		/* The other way round for patterns short enough that the names above suffice. */
		if (find_common(pa, pb, what, 3))
			ck_assert_msg(pattern_overlap(pa, pb), "'%s' and '%s' both name '%s'", a, b, what);
		else if (strlen(a) < 6 && strlen(b) < 6 && pattern_meet(pa, pb))
			ck_assert_msg(find_common(pa, pb, what, 5), "nothing found for '%s' and '%s'", a, b);
	}
}
END_TEST

/*
 * Git anchors a leading slash and takes what lies below the entries of a last star: decision 3.56. `a**` followed by a
 * slash goes through directories there, as one star with the reference (contract 4.5).
 */
static bool
git_agrees(const char *pattern)
{
	size_t n = strlen(pattern), i;

	for (i = 1; i + 2 < n; i++)
		if (strncmp(pattern + i, "**/", 3) == 0 && pattern[i - 1] != '/')
			return false;
	return pattern[0] != '/' && !(n > 2 && strcmp(pattern + n - 2, "/*") == 0);
}

/* Which of the paths in the file "paths" Git would ignore by this pattern. */
static void
ask_git(const char *dir, const char *pattern, struct buf *out)
{
	char line[256], command[600];
	FILE *f;

	snprintf(line, sizeof(line), "%s/.gitignore", dir);
	f = fopen(line, "w");
	ck_assert_ptr_nonnull(f);
	fprintf(f, "%s\n", pattern);
	fclose(f);
	snprintf(command, sizeof(command), "git -C %s check-ignore --no-index --stdin < %s/paths", dir, dir);
	f = popen(command, "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL)
		buf_cstr(out, line);
	pclose(f);
}

static void
each_path(char *path, int depth, void (*fn)(const char *path, void *arg), void *arg)
{
	size_t len = strlen(path), i;

	for (i = 0; i < NNAMES; i++) {
		strcpy(path + len, names[i]);
		fn(path, arg);
		if (depth > 1) {
			strcat(path, "/");
			each_path(path, depth - 1, fn, arg);
		}
	}
	path[len] = '\0';
}

static void
print_path(const char *path, void *arg)
{
	fprintf(arg, "%s\n", path);
}

struct matched {
	const struct pattern *p;
	struct buf out;
};

static void
add_matched(const char *path, void *arg)
{
	struct matched *m = arg;

	if (pattern_match(m->p, str_c(path))) {
		buf_cstr(&m->out, path);
		buf_putc(&m->out, '\n');
	}
}

START_TEST(as_git)
{
	char dir[] = "/tmp/agentmail-pattern-XXXXXX", path[64] = "", command[128];
	unsigned state = 77u + (unsigned)_i;
	FILE *f;

	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(command, sizeof(command), "git init -q %s 2>/dev/null", dir);
	ck_assert_int_eq(system(command), 0);
	snprintf(command, sizeof(command), "%s/paths", dir);
	f = fopen(command, "w");
	ck_assert_ptr_nonnull(f);
	each_path(path, 3, print_path, f);
	fclose(f);
	for (int round = 0; round < 40; round++) {
		char pattern[64];
		struct matched ours_says;
		struct buf git;

		random_pattern(&state, pattern);
		if (!git_agrees(pattern))
			continue;
		buf_init(&git, &arena);
		buf_init(&ours_says.out, &arena);
		ask_git(dir, pattern, &git);
		ours_says.p = pattern_new(&arena, str_c(pattern));
		each_path(path, 3, add_matched, &ours_says);
		ck_assert_msg(
		    str_eq(buf_flat(&git), buf_flat(&ours_says.out)), "'%s' matches other paths with Git", pattern);
	}
	snprintf(command, sizeof(command), "rm -rf %s", dir);
	ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(hostile)
{
	char *a = malloc(PATTERN_MAX + 1), *b = malloc(PATTERN_MAX + 1);

	/* Many stars and many directories: slow only with the product of the lengths. */
	for (size_t i = 0; i < PATTERN_MAX; i++) {
		a[i] = i % 2 ? '*' : 'a';
		b[i] = i % 2 ? '*' : 'b';
	}
	a[PATTERN_MAX] = b[PATTERN_MAX] = '\0';
	ck_assert(!meet(a, b));
	for (size_t i = 0; i < PATTERN_MAX; i++) {
		a[i] = i % 2 ? '/' : 'a';
		b[i] = i % 2 ? '/' : '*';
	}
	ck_assert(meet(a, b));
	free(a);
	free(b);
}
END_TEST

Suite *suite_pattern(void);

Suite *
suite_pattern(void)
{
	Suite *s = suite_create("pattern");
	TCase *t = tcase_create("pattern");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, recorded_pair, 0, sizeof(recorded) / sizeof(recorded[0]));
	tcase_add_loop_test(t, our_pair, 0, sizeof(ours) / sizeof(ours[0]));
	tcase_add_loop_test(t, further_pair, 0, sizeof(further) / sizeof(further[0]));
	tcase_add_loop_test(t, matched_path, 0, sizeof(paths) / sizeof(paths[0]));
	tcase_add_test(t, refused);
	tcase_add_test(t, suspicious);
	tcase_add_loop_test(t, no_overlap_has_no_common_path, 0, 20);
	tcase_add_loop_test(t, as_git, 0, 6);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, hostile);
	suite_add_tcase(s, t);
	return s;
}
