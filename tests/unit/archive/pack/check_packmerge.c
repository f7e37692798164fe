/*
 * Packs are merged only if each byte of them is what it was: a damage that was copied would have a good checksum again.
 */
#include <check.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "archive/pack/error.h"
#include "archive/pack/packmerge.h"
#include "support/fixture.h"

static struct fixture f;
static struct arch_error why;
static char name[2][PACK_NAME_SIZE];

/* Two packs of one object each. */
static void
setup(void)
{
	struct pack *p = pack_new(1);
	struct oid id, commit = { { 1 } };

	fixture_init_without_db(&f);
	for (int i = 0; i < 2; i++) {
		pack_add(p, OBJ_BLOB, i == 0 ? "one object" : "another one", 10, &id);
		ck_assert_int_eq(pack_write(p, f.dir.p, false, &commit, name[i], &why), 0);
		pack_reset(p);
	}
	pack_free(&p);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static char *
file(const char *suffix)
{
	return arena_cstr(&f.arena, arena_printf(&f.arena, "%" PRIstr "/%s%s", FSTR(f.dir), name[0], suffix));
}

static int
merge(void)
{
	const char *const names[] = { name[0], name[1] };
	char made[PACK_NAME_SIZE];

	return packs_merge(f.dir.p, names, 2, NULL, 1, false, made, &why);
}

/* Turns over one bit of each byte of the file in turn, and back. */
static void
each_byte_counts(const char *suffix)
{
	int fd = open(file(suffix), O_RDWR);
	off_t n = lseek(fd, 0, SEEK_END);

	ck_assert_int_gt(n, 0);
	for (off_t i = 0; i < n; i++) {
		unsigned char c, wrong;

		ck_assert_int_eq(pread(fd, &c, 1, i), 1);
		wrong = c ^ 4;
		ck_assert_int_eq(pwrite(fd, &wrong, 1, i), 1);
		why.text[0] = '\0';
		ck_assert_msg(merge() == -1, "byte %lld of %s may be anything", (long long)i, suffix);
		ck_assert_int_eq(why.kind, ARCH_AGAIN);
		ck_assert_str_ne(why.text, "");
		ck_assert_int_eq(pwrite(fd, &c, 1, i), 1);
	}
	close(fd);
	ck_assert_int_eq(merge(), 0);
}

START_TEST(a_damaged_pack_is_not_merged_as_if_it_were_whole)
{
	each_byte_counts(".pack");
	each_byte_counts(".idx");
}
END_TEST

START_TEST(a_pack_cut_short_is_not_merged)
{
	ck_assert_uint_gt(pack_mergeable(f.dir.p, name[0]), 0);
	ck_assert_int_eq(truncate(file(".pack"), 40), 0);
	ck_assert_uint_eq(pack_mergeable(f.dir.p, name[0]), 0);
	ck_assert_int_eq(merge(), -1);
}
END_TEST

Suite *
suite_packmerge(void)
{
	Suite *s = suite_create("packmerge");
	TCase *t = tcase_create("merge");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, a_damaged_pack_is_not_merged_as_if_it_were_whole);
	tcase_add_test(t, a_pack_cut_short_is_not_merged);
	suite_add_tcase(s, t);
	return s;
}
