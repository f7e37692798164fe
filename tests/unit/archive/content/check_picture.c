/*
 * Pictures of messages in the archive: with the message's commit, once for all
 * messages, compared by verify, written anew by rebuild, gone with their project.
 */
#include <check.h>
#include <unistd.h>

#include "cli/archive_rebuild.h"
#include "cli/archive_verify.h"
#include "conf/conf.h"
#include "mail/project/project.h"
#include "mail/ops/removal.h"
#include "mail/message/purge.h"
#include "store/archive_queue.h"
#include "support/world.h"

#define SHA "1cbb6b697bd5ef850e83010215f04f38484d7294"
#define DIR "projects/backend/attachments/"
#define WEBP DIR "1c/" SHA ".webp"

static struct world w;
static struct buf said;

static void
setup(void)
{
	world_init(&w);
	fixture_sql(&w.f, "DELETE FROM agents WHERE id = 4");
	fixture_sql(&w.f,
	    "INSERT INTO pictures (id, project_id, sha1, width, height, original_bytes, original_ext, created_ts, webp) VALUES"
	    " (1, 1, '" SHA "', 320, 320, 999, '.png', 1761203289123456, x'52494646000102ff0a0d')");
}

static void
teardown(void)
{
	world_fini(&w);
}

/* A message that carries the picture. */
static int64_t
letter(const char *subject)
{
	int64_t id = world_mail(&w, 1, "2", "", "", subject, "b", NULL);

	fixture_sql(&w.f, arena_printf(&w.f.arena, "INSERT INTO message_pictures VALUES (%lld, 1)", (long long)id).p);
	return id;
}

static void
say(void *arg, const char *kind, struct str path, struct str about)
{
	/* The world's agents have no profiles. */
	if (!str_ends(path, STR("/profile.json")))
		buf_printf(&said, "%s %" PRIstr "\n", kind, FSTR(path));
}

static void
unwritten(void *arg, struct str what, const char *why)
{
	buf_printf(&said, "%" PRIstr ": %s\n", FSTR(what), why);
}

static struct str
verify(void)
{
	struct verify_result found;
	struct str why;

	buf_init(&said, &w.f.arena);
	ck_assert_msg(archive_verify(w.f.conf, say, NULL, &found, &w.f.arena, &why) == 0, "%.*s", FSTR(why));
	return buf_flat(&said);
}

START_TEST(with_the_message)
{
	letter("One");
	letter("Two");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_str(world_git(&w, "ls-files " DIR), WEBP "\n" DIR "_audit/" SHA ".log\n" DIR "_manifests/" SHA ".json");
	/* One commit wrote it: that of the first message, or of the group. */
	ck_assert_int_eq(world_touches(&w, WEBP), 1);
	ck_has(world_git(&w, "log --format=%B -1 -- " WEBP), "mail: BlueLake -> GreenHill | One");
	ck_str(world_git(&w, "cat-file -s HEAD:" WEBP), "10");
	ck_str(world_git(&w, "show HEAD:" DIR "_manifests/" SHA ".json"),
	    "{\n  \"bytes_original\": 999,\n  \"bytes_webp\": 10,\n  \"height\": 320,\n  \"original_ext\": \".png\",\n"
	    "  \"original_path\": null,\n  \"sha1\": \"" SHA "\",\n  \"webp_path\": \"" WEBP "\",\n  \"width\": 320\n}");
	ck_str(world_git(&w, "show HEAD:" DIR "_audit/" SHA ".log"),
	    "{\"event\": \"stored\", \"ts\": \"2025-10-23T07:08:09.123456+00:00\", \"webp_path\": \"" WEBP
	    "\", \"bytes_webp\": 10, \"original_path\": null, \"bytes_original\": 999, \"ext\": \".png\"}");
	ck_str(world_git(&w, "status --short"), "");
	world_fsck(&w);
	ck_str(verify(), "");
}
END_TEST

/* A later message kept the original: it is added. */
START_TEST(original)
{
	letter("One");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	fixture_sql(&w.f, "UPDATE pictures SET original = x'0102'");
	letter("Two");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_str(world_git(&w, "cat-file -s HEAD:" DIR "originals/1c/" SHA ".png"), "2");
	ck_has(world_git(&w, "show HEAD:" DIR "_manifests/" SHA ".json"), "originals/1c/" SHA ".png");
	world_fsck(&w);
	ck_str(verify(), "");
}
END_TEST

START_TEST(missing_and_rebuilt)
{
	struct rebuild_result r;
	struct str why, dir;

	letter("One");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_git(&w, "rm -q " WEBP);
	world_git(&w, "-c user.name=p -c user.email=p@example.com commit -qm gone");
	ck_str(verify(), "missing " WEBP "\n");
	dir = arena_printf(&w.f.arena, "%" PRIstr "/again", FSTR(w.f.dir));
	buf_init(&said, &w.f.arena);
	ck_assert_msg(archive_rebuild(w.f.conf, dir, unwritten, NULL, &r, &w.f.arena, &why) == 0, "%.*s", FSTR(why));
	ck_assert_uint_eq(said.n, 0);
	w.f.conf->storage_root = dir;
	ck_str(verify(), "");
}
END_TEST

/* Names in the row that would lead elsewhere are set aside, and what follows goes on. */
START_TEST(bad_row)
{
	fixture_sql(&w.f, "UPDATE pictures SET original_ext = '/../x'");
	letter("One");
	world_mail(&w, 1, "2", "", "", "Two", "b", NULL);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(fixture_int(&w.f, "SELECT count(*) FROM outbox_failed"), 1);
	ck_has(fixture_str(&w.f, "SELECT reason FROM outbox_failed"), "cannot be a file name");
	ck_str(world_git(&w, "ls-files " DIR), "");
	ck_has(world_git(&w, "log --format=%s -1"), "Two");
}
END_TEST

/* Killed at any moment, it is there once. */
START_TEST(killed)
{
	for (int i = 0; i < 6; i++) {
		letter("Again");
		world_archiver_killed(&w, 1500 * i);
	}
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_settled(&w, 6);
	ck_assert_int_eq(world_touches(&w, WEBP), 1);
	ck_str(verify(), "");
}
END_TEST

static int
remove_project(struct cx *cx, void *arg)
{
	struct removal r;
	struct project p;

	if (project_by_id(cx, 1, &p) != 1 || removal_project(cx, &p, &r) != 0)
		return -1;
	*(struct removal *)arg = r;
	return 0;
}

START_TEST(gone_with_the_project)
{
	struct removal r;

	letter("One");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(fixture_write(&w.f, remove_project, &r), 0);
	ck_assert_int_eq(
	    fixture_int(&w.f, "SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM message_pictures)"), 0);
	/* Canonical, outbox, inbox, three profiles, and three of the picture. */
	ck_assert_int_eq(r.files, 3 + 3 + 3);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_str(world_git(&w, "ls-files"), ".gitattributes");
	world_fsck(&w);
	/* Its number is not given again. */
	fixture_sql(&w.f,
	    "INSERT INTO pictures (project_id, sha1, width, height, original_bytes, original_ext, created_ts, webp)"
	    " VALUES (2, 'x', 1, 1, 1, '', 1, x'00')");
	ck_assert_int_eq(fixture_int(&w.f, "SELECT id FROM pictures"), 2);
}
END_TEST

static int
purge_all(struct cx *cx, void *arg)
{
	struct project p;
	struct purge out;

	return project_by_id(cx, 1, &p) == 1 ? purge(cx, &p, -1, false, &out) : -1;
}

/* Purged mail takes its pictures out of the database; the archive keeps them (decision 3.46). */
START_TEST(purged)
{
	letter("One");
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(fixture_write(&w.f, purge_all, NULL), 0);
	ck_assert_int_eq(
	    fixture_int(&w.f, "SELECT (SELECT count(*) FROM pictures) + (SELECT count(*) FROM message_pictures)"), 0);
	ck_has(world_git(&w, "ls-files " DIR), WEBP);
	ck_str(verify(), "");
}
END_TEST

Suite *
suite_picture(void)
{
	Suite *s = suite_create("picture");
	TCase *t = tcase_create("arch_picture");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, with_the_message);
	tcase_add_test(t, original);
	tcase_add_test(t, missing_and_rebuilt);
	tcase_add_test(t, bad_row);
	tcase_add_test(t, killed);
	tcase_add_test(t, gone_with_the_project);
	tcase_add_test(t, purged);
	suite_add_tcase(s, t);
	return s;
}
