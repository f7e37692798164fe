/*
 * tree - files put, found and removed in directories that are loaded when they are needed, against trees made by hand.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "archive/content/tree.h"
#include "archive/pack/error.h"
#include "archive/pack/pack.h"
#include "base/arena.h"
#include "base/rng.h"

static struct arch_error why;

static int
read_nothing(void *arg, const struct oid *id, unsigned char **bytes, size_t *n, struct arch_error *w)
{
	return arch_error(w, ARCH_AGAIN, "nothing to read");
}

START_TEST(files_and_directories)
{
	struct trees *t = trees_new(read_nothing, NULL);
	struct pack *p = pack_new(1);
	struct oid one = { { 1 } }, id, root, empty;
	unsigned mode;

	ck_assert_int_eq(trees_find(t, STR("a"), &id, &mode, &why), 0);
	ck_assert(!trees_changed(t));
	ck_assert_int_eq(trees_put(t, STR("a/b/c"), &one, &why), 0);
	ck_assert(trees_changed(t));
	ck_assert_int_eq(trees_find(t, STR("a/b/c"), &id, &mode, &why), 1);
	ck_assert_int_eq(trees_find(t, STR("a/b"), &id, &mode, &why), 1);
	ck_assert_uint_eq(mode, MODE_DIR);
	ck_assert_int_eq(trees_find(t, STR("a/b/c/d"), &id, &mode, &why), 0);
	ck_assert_int_eq(trees_put(t, STR("a/b"), &one, &why), -1);
	ck_assert_int_eq(why.kind, ARCH_POISON);
	ck_assert_int_eq(trees_put(t, STR("a/b/c/d"), &one, &why), -1);
	ck_assert_int_eq(why.kind, ARCH_POISON);
	trees_write(t, p, &root);
	ck_assert(!trees_changed(t));
	ck_assert_uint_eq(pack_count(p), 3);
	ck_assert_int_eq(trees_put(t, STR("a/b/c"), &one, &why), 0);
	ck_assert(!trees_changed(t));
	trees_trim(t, 0);
	ck_assert_int_eq(trees_find(t, STR("a/b/c"), &id, &mode, &why), -1);
	trees_root(t, NULL);
	ck_assert_int_eq(trees_put(t, STR("x/y"), &one, &why), 0);
	ck_assert_int_eq(trees_remove(t, STR("x/z"), &why), 0);
	ck_assert_int_eq(trees_remove(t, STR("x/y"), &why), 1);
	ck_assert_int_eq(trees_find(t, STR("x"), &id, &mode, &why), 0);
	trees_write(t, p, &root);
	oid_of(OBJ_TREE, NULL, 0, &empty);
	ck_assert(oid_eq(&root, &empty));
	trees_free(&t);
	pack_free(&p);
}
END_TEST

/*
 * A second opinion: all files that can be there, up to three names deep, and the trees that Git makes of those that are.
 * Every tree is kept, for whoever wants to read it.
 */
static const char *const names[] = { "a", "a-b", "a.b", "ab", "b" };
#define NAMES 5
#define PATHS (NAMES + NAMES * NAMES + NAMES * NAMES * NAMES)

static struct arena arena;
static struct file {
	char path[16];
	bool there;
	struct oid id;
} files[PATHS];
static struct kept {
	struct oid id;
	unsigned char *bytes;
	size_t n;
} kept[8192];
static size_t nkept, nread;

static void
name_all(void)
{
	size_t n = 0;

	for (int i = -1; i < NAMES; i++)
		for (int j = i < 0 ? NAMES - 1 : -1; j < NAMES; j++)
			for (int k = 0; k < NAMES; k++)
				snprintf(files[n++].path, sizeof(files[0].path), "%s%s%s%s%s", i < 0 ? "" : names[i],
				    i < 0 ? "" : "/", i < 0 || j < 0 ? "" : names[j], i < 0 || j < 0 ? "" : "/",
				    names[k]);
	ck_assert_uint_eq(n, PATHS);
}

/* What lies at `path`: the file, or NULL; *below: something lies in a directory of that name. */
static struct file *
at(const char *path, bool *below)
{
	struct file *found = NULL;
	size_t n = strlen(path);

	*below = false;
	for (size_t i = 0; i < PATHS; i++) {
		if (!files[i].there)
			continue;
		if (strcmp(files[i].path, path) == 0)
			found = &files[i];
		*below |= strncmp(files[i].path, path, n) == 0 && files[i].path[n] == '/';
	}
	return found;
}

struct line {
	char key[8]; /* a directory sorts as if its name ended in a slash */
	struct oid id;
};

static int
by_key(const void *a, const void *b)
{
	return strcmp(((const struct line *)a)->key, ((const struct line *)b)->key);
}

/* The tree of a directory, "" or "a/b/"; keeps it. */
static struct oid
tree_of(const char *dir)
{
	struct line lines[NAMES];
	struct kept *k = &kept[nkept];
	size_t n = 0;

	for (int i = 0; i < NAMES; i++) {
		char path[32], inside[40];
		struct file *file;
		bool below;

		snprintf(path, sizeof(path), "%s%s", dir, names[i]);
		snprintf(inside, sizeof(inside), "%s/", path);
		file = at(path, &below);
		if (file == NULL && !below)
			continue;
		snprintf(lines[n].key, sizeof(lines[n].key), "%s%s", names[i], below ? "/" : "");
		lines[n++].id = below ? tree_of(inside) : file->id;
	}
	qsort(lines, n, sizeof(lines[0]), by_key);
	k = &kept[nkept++];
	ck_assert_uint_lt(nkept, sizeof(kept) / sizeof(kept[0]));
	*k = (struct kept){ .bytes = arena_get(&arena, 64 * NAMES) };
	for (size_t i = 0; i < n; i++) {
		bool is_dir = strchr(lines[i].key, '/') != NULL;

		k->n += (size_t)sprintf((char *)k->bytes + k->n, "%s %.*s", is_dir ? "40000" : "100644",
			    (int)(strlen(lines[i].key) - is_dir), lines[i].key) +
		    1;
		memcpy(k->bytes + k->n, lines[i].id.b, OID_SIZE);
		k->n += OID_SIZE;
	}
	oid_of(OBJ_TREE, k->bytes, k->n, &k->id);
	return k->id;
}

static int
read_kept(void *arg, const struct oid *id, unsigned char **bytes, size_t *n, struct arch_error *w)
{
	for (size_t i = nkept; i-- > 0;)
		if (oid_eq(&kept[i].id, id)) {
			*bytes = malloc(kept[i].n + 1);
			memcpy(*bytes, kept[i].bytes, kept[i].n);
			*n = kept[i].n;
			nread++;
			return 0;
		}
	return arch_error(w, ARCH_AGAIN, "a tree that nobody wrote");
}

/* May a file be put there? Not where a directory is, nor below a file. */
static bool
fits(const char *path)
{
	char above[16];
	bool below;

	(void)at(path, &below);
	if (below)
		return false;
	for (const char *slash = path; (slash = strchr(slash, '/')) != NULL; slash++) {
		snprintf(above, sizeof(above), "%.*s", (int)(slash - path), path);
		if (at(above, &below) != NULL)
			return false;
	}
	return true;
}

static void
one_change(struct trees *t)
{
	struct file *file = &files[rng_below(PATHS)];
	struct str path = str_c(file->path);
	struct oid id = { { (unsigned char)(1 + rng_below(200)) } };
	bool below;

	if (rng_below(4) == 0) {
		bool there = at(file->path, &below) != NULL || below;

		/* A directory goes with all that is in it. */
		ck_assert_int_eq(trees_remove(t, path, &why), there);
		for (size_t i = 0; i < PATHS; i++)
			if (strncmp(files[i].path, file->path, path.n) == 0 &&
			    strchr("/", files[i].path[path.n]) != NULL)
				files[i].there = false;
	} else if (fits(file->path)) {
		ck_assert_int_eq(trees_put(t, path, &id, &why), 0);
		file->there = true;
		file->id = id;
	} else {
		ck_assert_int_eq(trees_put(t, path, &id, &why), -1);
		ck_assert_int_eq(why.kind, ARCH_POISON);
	}
}

/* Changes of all kinds, written now and then, with directories dropped in between: the roots are the same. */
START_TEST(as_git_makes_them)
{
	struct trees *t = trees_new(read_kept, NULL);
	struct pack *p = pack_new(1);
	struct oid root, want, id;
	unsigned mode;

	arena_init(&arena, 4096);
	rng_seed_for_tests(7);
	name_all();
	nkept = nread = 0;
	for (int turn = 0; turn < 300; turn++) {
		for (uint64_t i = rng_below(12); i > 0; i--)
			one_change(t);
		trees_write(t, p, &root);
		ck_assert(!trees_changed(t));
		want = tree_of("");
		ck_assert_msg(oid_eq(&root, &want), "turn %d", turn);
		if (turn % 3 == 0)
			trees_trim(t, rng_below(3) * 400);
		if (turn % 50 == 0)
			trees_root(t, &root);
	}
	for (size_t i = 0; i < PATHS; i++) {
		struct file *file = &files[i];
		int rc = trees_find(t, str_c(file->path), &id, &mode, &why);

		ck_assert(file->there == (rc == 1 && mode == MODE_FILE));
		ck_assert(!file->there || oid_eq(&id, &file->id));
	}
	ck_assert_uint_gt(nread, 100);
	trees_free(&t);
	pack_free(&p);
	arena_fini(&arena);
}
END_TEST

Suite *suite_tree(void);

Suite *
suite_tree(void)
{
	Suite *s = suite_create("tree");
	TCase *t = tcase_create("tree");

	tcase_set_timeout(t, 30);
	tcase_add_test(t, files_and_directories);
	tcase_add_test(t, as_git_makes_them);
	suite_add_tcase(s, t);
	return s;
}
