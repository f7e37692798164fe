/*
 * check_treedelta - what a delta makes is the target, whatever the two trees are; of similar trees it is short.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "archive/pack/oid.h"
#include "archive/pack/treedelta.h"
#include "base/arena.h"
#include "base/buf.h"

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 4096);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static void
add(struct buf *b, const char *name, unsigned id)
{
	char oid[OID_SIZE];

	memset(oid, 'a', sizeof(oid));
	memcpy(oid, &id, sizeof(id));
	buf_str(b, arena_printf(&a, "100644 %s", name));
	buf_put(b, "\0", 1);
	buf_put(b, oid, sizeof(oid));
}

static size_t
size_at(const unsigned char **p)
{
	size_t n = 0;

	for (unsigned shift = 0;; shift += 7) {
		n |= (size_t)(**p & 0x7f) << shift;
		if (!(*(*p)++ & 0x80))
			return n;
	}
}

/* As gitformat-pack says that a delta is to be read. */
static struct str
apply(struct str base, const unsigned char *p, size_t n)
{
	const unsigned char *end = p + n;
	struct buf out;
	size_t want;

	ck_assert_uint_eq(size_at(&p), base.n);
	want = size_at(&p);
	buf_init(&out, &a);
	while (p < end) {
		unsigned char op = *p++;
		size_t at = 0, len = 0;

		ck_assert_int_ne(op, 0);
		if (!(op & 0x80)) {
			buf_put(&out, p, op);
			p += op;
			continue;
		}
		for (unsigned i = 0; i < 4; i++)
			if (op >> i & 1)
				at |= (size_t)*p++ << 8 * i;
		for (unsigned i = 0; i < 3; i++)
			if (op >> (4 + i) & 1)
				len |= (size_t)*p++ << 8 * i;
		ck_assert_uint_gt(len, 0);
		ck_assert_uint_le(at + len, base.n);
		buf_put(&out, base.p + at, len);
	}
	ck_assert_ptr_eq(p, end);
	ck_assert_uint_eq(out.n, want);
	return buf_flat(&out);
}

static size_t
holds(struct str base, struct str target)
{
	size_t room = target.n * 2 + 64, n;
	unsigned char *out = arena_get(&a, room);

	n = tree_delta(base, target, out, room);
	ck_assert_uint_gt(n, 0);
	ck_assert(str_eq(apply(base, out, n), target));
	ck_assert_uint_eq(tree_delta(base, target, out, n - 1), 0);
	ck_assert_uint_eq(tree_delta(base, target, out, n), n);
	return n;
}

/* A directory that grows: every older version is a piece of the newest. */
START_TEST(of_a_growing_directory)
{
	struct buf b;
	struct str trees[4];

	buf_init(&b, &a);
	for (unsigned i = 0; i < 4000; i++) {
		if (i % 1000 == 0)
			trees[i / 1000] = arena_dup(&a, buf_flat(&b));
		add(&b, arena_printf(&a, "2026-11-21T10-00-00Z__subject__%06u.md", i).p, i);
	}
	for (size_t i = 0; i < 4; i++)
		ck_assert_uint_lt(holds(buf_flat(&b), trees[i]), 64);
	ck_assert_uint_gt(holds(trees[1], buf_flat(&b)), buf_flat(&b).n / 2);
	holds(trees[0], trees[0]);
}
END_TEST

/* Any two: entries come, go and change at random places, in an order that need not be git's. */
START_TEST(of_any_two_trees)
{
	srand((unsigned)_i + 1);
	for (int round = 0; round < 40; round++) {
		struct buf x, y;

		buf_init(&x, &a);
		buf_init(&y, &a);
		for (int i = 0; i < rand() % 300; i++) {
			int what = rand() % 8;
			const char *name = arena_printf(&a, "%0*d", rand() % 150, rand() % 7 ? i : rand() % 300).p;

			if (what != 0)
				add(&x, name, (unsigned)i);
			if (what != 1)
				add(&y, name, what == 2 ? 7777 : (unsigned)i);
		}
		holds(buf_flat(&x), buf_flat(&y));
	}
}
END_TEST

START_TEST(of_what_is_no_tree)
{
	unsigned char out[256];
	struct buf b;
	struct str tree;

	buf_init(&b, &a);
	add(&b, "file", 1);
	tree = buf_flat(&b);
	ck_assert_uint_eq(tree_delta(tree, STR("no tree at all"), out, sizeof(out)), 0);
	ck_assert_uint_eq(tree_delta(tree, str_sub(tree, 0, tree.n - 1), out, sizeof(out)), 0);
	ck_assert_uint_eq(tree_delta(tree, STR("100644"), out, sizeof(out)), 0);
	/* A base may be anything. */
	ck_assert_uint_gt(tree_delta(STR("no tree at all"), tree, out, sizeof(out)), tree.n);
}
END_TEST

Suite *suite_treedelta(void);
Suite *
suite_treedelta(void)
{
	Suite *s = suite_create("treedelta");
	TCase *t = tcase_create("arch_treedelta");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, of_a_growing_directory);
	tcase_add_loop_test(t, of_any_two_trees, 0, 8);
	tcase_add_test(t, of_what_is_no_tree);
	suite_add_tcase(s, t);
	return s;
}
