/*
 * The manual and the archive name the same paths: each file that the layout makes stands in agentmail-archive(5) with
 * placeholders, and each path of the page is made.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "archive/content/layout.h"
#include "archive/content/mail.h"
#include "archive/content/picture.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"

#define PAGE "docs/man/agentmail-archive.5"
#define PATHS_MAX 64

static struct arena a;
static struct str made[PATHS_MAX], told[PATHS_MAX];
static size_t nmade, ntold;

static void
setup(void)
{
	arena_init(&a, 4096);
	nmade = ntold = 0;
}

static void
teardown(void)
{
	arena_fini(&a);
}

static int
add_made(void *arg, struct str path, struct str bytes)
{
	ck_assert_uint_lt(nmade, PATHS_MAX);
	made[nmade++] = path;
	return 0;
}

static struct str
replaced(struct str s, const char *what, struct str by)
{
	struct buf b;
	ptrdiff_t at;

	buf_init(&b, &a);
	while ((at = str_find(s, str_c(what))) >= 0) {
		buf_str(&b, str_sub(s, 0, (size_t)at));
		buf_str(&b, by);
		s = str_sub(s, (size_t)at + strlen(what), s.n);
	}
	buf_str(&b, s);
	return buf_flat(&b);
}

/* The paths of the page's list of committed files, with this test's values in place of their placeholders. */
static void
read_page(const char *sha1)
{
	const struct {
		const char *word;
		struct str value;
	} values[] = {
		{ "SLUG", STR("shop") },
		{ "AGENT", STR("BlueLake") },
		{ "TIME", STR("2026-11-30T17-15-32Z") },
		{ "SUBJECT", STR("build-plan") },
		{ "YYYY", STR("2026") },
		{ "MM", STR("11") },
		{ "THREAD", STR("BUILD-1") },
		{ "PART", STR("2") },
		{ "SHA1", str_c(sha1) },
		{ "XX", (struct str){ sha1, 2 } },
		{ "EXT", STR("png") },
		{ "ID", STR("7") },
	};
	FILE *f = fopen(PAGE, "re");
	char line[512];

	ck_assert_msg(f != NULL, "%s cannot be read: run this from the root of the tree", PAGE);
	while (fgets(line, sizeof(line), f) != NULL && strstr(line, "work tree only") == NULL) {
		struct str path = str_trim(str_c(line));

		if (!str_starts(path, STR(".It Pa projects/")))
			continue;
		path = str_sub(path, strlen(".It Pa "), path.n);
		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
			path = replaced(path, values[i].word, values[i].value);
		ck_assert_uint_lt(ntold, PATHS_MAX);
		told[ntold++] = path;
	}
	fclose(f);
}

static bool
among(struct str path, const struct str *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(list[i], path))
			return true;
	return false;
}

START_TEST(the_manual_names_the_paths_that_are_made)
{
	char sha1[SHA1_HEX + 1];
	struct arch_picture picture = { .ext = STR(".png"), .webp = STR("w"), .original = STR("o") };
	struct str name = STR("BlueLake"), slug = STR("shop"), pattern = STR("src/*.c");
	struct arch_mail m = { .id = 7,
		.created = 1796058932000000,
		.slug = slug,
		.human_key = STR("/src/shop"),
		.sender = name,
		.subject = STR("Build plan"),
		.thread = STR("BUILD-1"),
		.to = { &name, 1 },
		.pictures = &picture,
		.npictures = 1 };

	hash_sha1_hex(pattern, sha1);
	picture.sha1 = str_c(sha1);
	layout_files(&a, &m, layout_message(&a, &m, LAYOUT_BCC_NONE, STR_NONE), add_made, NULL);
	add_made(NULL, layout_digest(&a, slug, m.thread, 1), STR_NONE);
	add_made(NULL, layout_digest(&a, slug, m.thread, 2), STR_NONE);
	add_made(NULL, layout_profile(&a, slug, name), STR_NONE);
	add_made(NULL, layout_lease_by_pattern(&a, slug, pattern), STR_NONE);
	add_made(NULL, layout_lease_by_id(&a, slug, m.id), STR_NONE);
	read_page(sha1);
	for (size_t i = 0; i < nmade; i++)
		ck_assert_msg(among(made[i], told, ntold), "%s does not name %.*s", PAGE, FSTR(made[i]));
	for (size_t i = 0; i < ntold; i++)
		ck_assert_msg(among(told[i], made, nmade), "%s names %.*s, which nothing makes", PAGE, FSTR(told[i]));
	ck_assert_uint_eq(ntold, nmade);
}
END_TEST

Suite *
suite_layout(void)
{
	Suite *s = suite_create("layout");
	TCase *tc = tcase_create("arch_layout");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, the_manual_names_the_paths_that_are_made);
	suite_add_tcase(s, tc);
	return s;
}
