/*
 * Packs that git likes, trees that read back, a directory's order, the pace.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "archive/pack/pack.h"
#include "archive/pack/error.h"
#include "support/fixture.h"

static struct fixture f;
static struct arch_error why;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

/* Runs a command in the test's directory; $N is `name`. */
static int
shell(const char *command, const char *name)
{
	return system(arena_printf(&f.arena, "cd '%" PRIstr "' && N='%s' && %s", FSTR(f.dir), name, command).p);
}

START_TEST(names_of_objects)
{
	char hex[OID_HEX + 1];
	struct oid id, again;

	oid_of(OBJ_BLOB, "hello\n", 6, &id);
	oid_hex(&id, hex);
	ck_assert_str_eq(hex, "ce013625030ba8dba906f756967f9e9ca394464a");
	ck_assert(oid_parse(str_c(hex), &again));
	ck_assert(oid_eq(&id, &again));
	oid_of(OBJ_TREE, NULL, 0, &id);
	oid_hex(&id, hex);
	ck_assert_str_eq(hex, "4b825dc642cb6eb9a060e54bf8d69288fbee4904");
	ck_assert(!oid_parse(STR("CE013625030ba8dba906f756967f9e9ca394464a"), &again));
	ck_assert(!oid_parse(STR("ce01"), &again));
}
END_TEST

/* Lengths around each step of the header; equal objects once; all levels. */
START_TEST(a_pack_that_git_verifies)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 2047, 2048, 262143, 262144, 1000000 };
	struct pack *p = pack_new(_i);
	char *bytes = malloc(1000000), name[PACK_NAME_SIZE];
	struct oid id, commit = { { 7 } };

	memset(bytes, 'x', 1000000);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (int twice = 0; twice < 2; twice++)
			pack_add(p, OBJ_BLOB, bytes, sizes[i], &id);
	ck_assert_uint_eq(pack_count(p), sizeof(sizes) / sizeof(sizes[0]));
	ck_assert_int_eq(pack_write(p, f.dir.p, true, &commit, name, &why), 0);
	ck_assert_int_eq(shell("git verify-pack $N.idx", name), 0);
	ck_assert_int_eq(shell("grep -q ^agentmail $N.keep", name), 0);
	ck_assert_int_eq(shell("git show-index --object-format=sha1 <$N.idx | wc -l | grep -qx 9", name), 0);
	pack_release(f.dir.p, name);
	ck_assert_int_ne(shell("test -e $N.keep", name), 0);
	pack_unlink(f.dir.p, name);
	ck_assert_int_ne(shell("ls | grep -q $N", name), 0);
	pack_free(&p);
	free(bytes);
}
END_TEST

START_TEST(many_objects)
{
	struct pack *p = pack_new(1);
	char text[32], name[PACK_NAME_SIZE];
	struct oid id, commit = { { 7 } };

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 5000; i++) {
			snprintf(text, sizeof(text), "object %d", i + round);
			pack_add(p, OBJ_BLOB, text, strlen(text), &id);
		}
		ck_assert_int_eq(pack_write(p, f.dir.p, false, &commit, name, &why), 0);
		ck_assert_int_eq(shell("git verify-pack $N.idx", name), 0);
		pack_reset(p);
		ck_assert_uint_eq(pack_count(p), 0);
	}
	pack_free(&p);
}
END_TEST

START_TEST(a_directory_that_cannot_be_written)
{
	struct pack *p = pack_new(1);
	char name[PACK_NAME_SIZE];
	struct oid id, commit = { { 7 } };

	pack_add(p, OBJ_BLOB, "x", 1, &id);
	ck_assert_int_eq(pack_write(p, "/nonexistent", false, &commit, name, &why), -1);
	ck_assert_int_eq(why.kind, ARCH_AGAIN);
	pack_free(&p);
}
END_TEST

static bool
was_reached(void *arg, const struct oid *commit)
{
	return commit->b[0] == 1;
}

START_TEST(recovery)
{
	struct pack *p = pack_new(1);
	char reached[PACK_NAME_SIZE], lost[PACK_NAME_SIZE];
	struct oid id, one = { { 1 } }, two = { { 2 } };

	pack_add(p, OBJ_BLOB, "x", 1, &id);
	ck_assert_int_eq(pack_write(p, f.dir.p, false, &one, reached, &why), 0);
	pack_reset(p);
	pack_add(p, OBJ_BLOB, "y", 1, &id);
	ck_assert_int_eq(pack_write(p, f.dir.p, false, &two, lost, &why), 0);
	ck_assert_int_eq(shell("touch tmp_pack_agentmail; echo mine >pack-$N.keep", "other"), 0);
	ck_assert_int_eq(shell("touch -d '2 hours ago' pack-$N.pack", "old"), 0);
	ck_assert_int_eq(shell("touch pack-$N.pack", "new"), 0);
	pack_recover(f.dir.p, was_reached, NULL);
	ck_assert_int_eq(shell("test -e $N.pack", reached), 0);
	ck_assert_int_ne(shell("test -e $N.keep", reached), 0);
	ck_assert_int_ne(shell("ls | grep -q $N", lost), 0);
	ck_assert_int_eq(shell("test -e pack-$N.keep", "other"), 0);
	ck_assert_int_ne(shell("test -e pack-$N.pack", "old"), 0);
	ck_assert_int_eq(shell("test -e pack-$N.pack", "new"), 0);
	ck_assert_int_ne(shell("test -e $N", "tmp_pack_agentmail"), 0);
	pack_free(&p);
}
END_TEST

Suite *
suite_pack(void)
{
	Suite *s = suite_create("pack");
	TCase *t = tcase_create("pack");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, names_of_objects);
	tcase_add_loop_test(t, a_pack_that_git_verifies, 0, 10);
	tcase_add_test(t, many_objects);
	tcase_add_test(t, a_directory_that_cannot_be_written);
	tcase_add_test(t, recovery);
	suite_add_tcase(s, t);
	return s;
}
