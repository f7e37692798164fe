/*
 * check_query - what the archive tells of its history, compared with the
 * git program: commits by path, author and time, one commit, directories, files,
 * activity; and what is refused.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/json_read.h"
#include "conf/conf.h"
#include "helper/query.h"
#include "ipc/query/archive.h"
#include "support/world.h"

#define AS "-c user.name='Some Person' -c user.email=p@example.com "

static struct world w;

static void
setup(void)
{
	world_init(&w);
}

static void
teardown(void)
{
	world_fini(&w);
}

static struct archive_result
ask_until(struct archive_query q, int64_t deadline)
{
	struct arena *a = &w.f.arena;
	struct archive_result r;
	struct buf query, out;

	buf_init(&query, a);
	buf_init(&out, a);
	q.dir = w.f.conf->storage_root;
	archive_query_put(&query, &q);
	ck_assert_int_eq(query_run(NULL, buf_flat(&query), deadline, a, &out), -1);
	ck_assert(archive_result_get(a, buf_flat(&out), &r));
	return r;
}

static struct archive_result
ask(struct archive_query q)
{
	return ask_until(q, clock_mono_us() + 60 * USEC);
}

static struct jr
result_of(struct archive_query q)
{
	struct archive_result r = ask(q);
	struct jr_error err;
	struct jr v;

	ck_assert_msg(r.end == ARCHIVE_FOUND, "refused: %d %.*s", r.end, FSTR(r.why));
	ck_assert(jr_parse(&w.f.arena, r.json, &v, &err));
	return v;
}

#define Q(kind, ...) ((struct archive_query){ .what = ARCHIVE_##kind, __VA_ARGS__ })
#define result(...) result_of(Q(__VA_ARGS__))
#define refused(end_, ...) ck_assert_int_eq(ask(Q(__VA_ARGS__)).end, ARCHIVE_##end_)
#define ALL .until = INT64_MAX, .limit = 1000

static struct str
member(struct jr v, const char *name)
{
	return jr_str(jr_get(v, name));
}

static struct str
joined(struct jr list, const char *name)
{
	struct buf b;

	buf_init(&b, &w.f.arena);
	for (size_t i = 0; i < jr_len(list); i++) {
		buf_cstr(&b, i > 0 ? "\n" : "");
		buf_str(&b, name != NULL ? member(jr_at(list, i), name) : jr_str(jr_at(list, i)));
	}
	return b.n > 0 ? buf_flat(&b) : STR("");
}

static void
same(struct str a, struct str b)
{
	ck_assert_msg(str_eq(a, b), "%.*s\n-- is not --\n%.*s", (int)a.n, a.p, (int)b.n, b.p);
}

/* The commit that git calls so. */
static struct str
sha_of(const char *args)
{
	return world_git(&w, args);
}

#define AT_HEAD .sha = sha_of("rev-parse HEAD")

/* Three letters, then a person who adds a text, a picture, a big file, and takes a file away. */
static void
fill(void)
{
	world_mails(&w, 3);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	world_git(&w, "status");
	setenv("TOP", arena_cstr(&w.f.arena, w.f.conf->storage_root), 1);
	ck_assert_int_eq(system("cd \"$TOP\" && echo 'nöte' >note.txt && printf 'a\\000\\377b' >x.bin && "
				"head -c 1048577 /dev/zero | tr '\\0' x >big.txt"),
	    0);
	world_git(&w, "add note.txt x.bin big.txt");
	world_git(&w, AS "commit -q -m 'a note' --date 2020-02-03T04:05:06Z");
	world_git(&w, "rm -q x.bin");
	ck_assert_int_eq(system("cd \"$TOP\" && echo more >>note.txt"), 0);
	world_git(&w, "add note.txt");
	world_git(&w, AS "commit -q -m 'no picture'");
}

START_TEST(history)
{
	struct jr all, row;

	fill();
	all = result(LOG, ALL);
	same(joined(all, "full_sha"), world_git(&w, "log --format=%H"));
	row = jr_at(all, 0);
	same(member(row, "short_sha"), world_git(&w, "log -1 --format=%h --abbrev=7"));
	ck_assert(str_eqc(member(row, "author_name"), "Some Person"));
	ck_assert(str_eqc(member(row, "author_email"), "p@example.com"));
	ck_assert(str_eqc(member(row, "message"), "no picture\n"));
	ck_assert_int_eq(jr_get(row, "files_changed").type, JR_NULL);
	same(joined(result(LOG, .until = INT64_MAX, .limit = 1, .offset = 1), "full_sha"),
	    world_git(&w, "rev-parse HEAD~1"));
	ck_assert_uint_eq(jr_len(result(LOG, .until = INT64_MAX)), 0);
	same(joined(result(LOG, ALL, .author = STR("some pers")), "full_sha"),
	    world_git(&w, "log --format=%H --author=Person"));
	ck_assert_uint_eq(jr_len(result(LOG, ALL, .author = STR("nobody"))), 0);
	same(joined(result(LOG, ALL, .path = STR("x.bin")), "full_sha"), world_git(&w, "log --format=%H -- x.bin"));
	same(joined(result(LOG, ALL, .path = STR("projects")), "full_sha"),
	    world_git(&w, "log --format=%H -- projects"));
	ck_assert_uint_eq(jr_len(result(LOG, ALL, .path = STR("none"))), 0);
	ck_assert_uint_eq(jr_len(result(LOG, .until = 1000, .limit = 9)), 0);
}
END_TEST

START_TEST(one_commit)
{
	struct jr c;

	fill();
	c = result(COMMIT, AT_HEAD);
	same(member(c, "sha"), world_git(&w, "rev-parse HEAD"));
	same(joined(jr_get(c, "parents"), NULL), world_git(&w, "rev-parse HEAD~1"));
	same(joined(jr_get(c, "files_modified"), NULL), STR("note.txt"));
	same(joined(jr_get(c, "files_deleted"), NULL), STR("x.bin"));
	ck_assert_uint_eq(jr_len(jr_get(c, "files_added")), 0);
	c = result(COMMIT, .sha = sha_of("rev-parse --short=12 HEAD~1"));
	same(joined(jr_get(c, "files_added"), NULL), STR("big.txt\nnote.txt\nx.bin"));
	c = result(COMMIT, .sha = sha_of("rev-list --max-parents=0 HEAD"));
	ck_assert_uint_eq(jr_len(jr_get(c, "parents")), 0);
	refused(ABSENT, COMMIT, .sha = STR("0123456789012345678901234567890123456789"));
	/* A tree is no commit. */
	refused(ABSENT, COMMIT, .sha = sha_of("rev-parse HEAD^{tree}"));
}
END_TEST

START_TEST(contents)
{
	struct jr rows, f;

	fill();
	rows = result(TREE, AT_HEAD, .limit = 1000);
	same(joined(rows, "name"), world_git(&w, "ls-tree --name-only HEAD"));
	rows = result(TREE, AT_HEAD, .limit = 1000, .path = STR("projects/backend"));
	same(joined(rows, "path"), world_git(&w, "ls-tree --name-only HEAD projects/backend/"));
	ck_assert(jr_bool(jr_get(jr_at(rows, 0), "is_directory")));
	ck_assert_uint_eq(jr_len(result(TREE, AT_HEAD, .limit = 1, .offset = 1)), 1);
	ck_assert_uint_eq(jr_len(result(TREE, AT_HEAD, .limit = 9, .offset = 1000)), 0);
	refused(ABSENT, TREE, AT_HEAD, .limit = 9, .path = STR("none"));
	refused(ABSENT, TREE, AT_HEAD, .limit = 9, .path = STR("note.txt"));
	f = result(FILE, AT_HEAD, .path = STR("note.txt"));
	ck_assert(str_eqc(member(f, "content"), "nöte\nmore\n"));
	ck_assert_int_eq(jr_int(jr_get(f, "size")), 11);
	ck_assert_int_eq(jr_get(f, "encoding").type, JR_ABSENT);
	same(member(f, "commit_sha"), world_git(&w, "rev-parse HEAD"));
	f = result(FILE, .sha = sha_of("rev-parse HEAD~1"), .path = STR("x.bin"));
	ck_assert(str_eqc(member(f, "content"), "YQD/Yg=="));
	ck_assert(str_eqc(member(f, "encoding"), "base64"));
	refused(ABSENT, FILE, AT_HEAD, .path = STR("x.bin"));
	refused(ABSENT, FILE, AT_HEAD, .path = STR("projects"));
	refused(ABSENT, FILE, AT_HEAD, .path = STR("note.txt/deeper"));
	refused(LARGE, FILE, AT_HEAD, .path = STR("big.txt"));
	ck_assert_int_eq(ask(Q(FILE, AT_HEAD, .path = STR("big.txt"))).size, 1048577);
	ck_assert(str_eqc(ask(Q(FILE, AT_HEAD, .path = STR("big.txt"))).why, "big.txt"));
}
END_TEST

/* R 8.11: of the message's own file, of each message of a commit; what is not there is left out. */
START_TEST(changes)
{
	struct jr rows, c;
	struct str sha;

	world_mail(&w, 1, "2", "", "3", "One", "first line\nsecond", "");
	world_mail(&w, 1, "2", "", "", "Two", "x", "");
	world_open(&w);
	world_drain(&w, false);
	world_close(&w);
	sha = world_git(&w, "log -1 --format=%H -- projects/backend/messages");
	rows = result(CHANGES,
	    .items = (struct archive_item[]){ { 1, sha }, { 2, sha }, { 3, sha },
		{ 4, STR("0123456789012345678901234567890123456789") }, { 5, STR("abc") } },
	    .nitems = 5);
	ck_assert_uint_eq(jr_len(rows), 2);
	ck_assert_int_eq(jr_int(jr_get(jr_at(rows, 1), "id")), 2);
	c = jr_get(jr_at(rows, 0), "commit");
	same(member(c, "hexsha"), str_sub(sha, 0, 12));
	same(member(c, "summary"), world_git(&w, "log -1 --format=%s -- projects/backend/messages"));
	same(arena_printf(&w.f.arena, "%d", (int)jr_int(jr_get(c, "insertions"))),
	    world_git(&w, "log -1 --format= --numstat -- 'projects/backend/messages/*__1.md' | cut -f1"));
	ck_assert_int_eq(jr_int(jr_get(c, "deletions")), 0);
	c = jr_get(c, "diff_summary");
	ck_assert_int_eq(jr_int(jr_get(c, "hunks")), 1);
	ck_assert_uint_eq(jr_len(jr_get(c, "excerpt")), 12);
	ck_assert(str_eqc(jr_str(jr_at(jr_get(c, "excerpt"), 0)), "+---json"));
	ck_assert(str_eqc(jr_str(jr_at(jr_get(c, "excerpt"), 1)), "+{"));
	/* Nobody's hidden copy. */
	ck_has_not(joined(jr_get(c, "excerpt"), NULL), "RedFox");
}
END_TEST

static bool
add(struct str key, struct jr val, void *arg)
{
	*(int64_t *)arg += jr_int(val);
	return true;
}

START_TEST(activity)
{
	int64_t days = 0, authors = 0;
	struct jr v;

	fill();
	v = result(ACTIVITY, .until = INT64_C(9000000000000000));
	same(arena_printf(&w.f.arena, "%d", (int)jr_int(jr_get(v, "commit_count"))),
	    world_git(&w, "rev-list --count HEAD"));
	jr_each(jr_get(v, "commits_by_day"), add, &days);
	jr_each(jr_get(v, "commits_by_author"), add, &authors);
	ck_assert_int_eq(days, jr_int(jr_get(v, "commit_count")));
	ck_assert_int_eq(authors, days);
	ck_assert_int_eq(jr_int(jr_get(jr_get(v, "commits_by_author"), "Some Person")), 2);
	ck_assert_int_ge(jr_int(jr_get(jr_at(jr_get(v, "most_changed_files"), 0), "changes")), 2);
	ck_assert_int_eq(jr_get(v, "files_of_newest_commits").type, JR_ABSENT);
	ck_assert_int_eq(jr_int(jr_get(result(ACTIVITY, .until = 1), "commit_count")), 0);
}
END_TEST

/* No time left, no repository, one without a commit; and packs that were there are others now. */
START_TEST(limits)
{
	struct str root = w.f.conf->storage_root;

	refused(TROUBLE, LOG, ALL);
	setenv("TOP", arena_cstr(&w.f.arena, w.f.dir), 1);
	ck_assert_int_eq(system("git -c init.defaultBranch=main init -q \"$TOP/empty\""), 0);
	w.f.conf->storage_root = arena_printf(&w.f.arena, "%" PRIstr "/empty", FSTR(w.f.dir));
	ck_assert_uint_eq(jr_len(result(LOG, ALL)), 0);
	ck_assert_int_eq(jr_int(jr_get(result(ACTIVITY, .until = 1), "commit_count")), 0);
	w.f.conf->storage_root = root;
	fill();
	ck_assert_int_eq(ask_until(Q(LOG, ALL), clock_mono_us() - 1).end, ARCHIVE_LATE);
	world_git(&w, "repack -q -a -d");
	same(joined(result(LOG, ALL), "full_sha"), world_git(&w, "log --format=%H"));
}
END_TEST

Suite *
suite_query(void)
{
	Suite *s = suite_create("query");
	TCase *t = tcase_create("arch_query");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, history);
	tcase_add_test(t, one_commit);
	tcase_add_test(t, contents);
	tcase_add_test(t, changes);
	tcase_add_test(t, activity);
	tcase_add_test(t, limits);
	suite_add_tcase(s, t);
	return s;
}
