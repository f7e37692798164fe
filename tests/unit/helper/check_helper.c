/*
 * check_helper - what the helper finds: files and commits of patterns, the branch, what identifies a directory, hooks
 * only where they are allowed; and how queries travel.
 */
#include <check.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "api/queries.h"
#include "base/buf.h"
#include "base/clock.h"
#include "helper/query.h"
#include "ipc/helper_query.h"
#include "ipc/query/guard.h"
#include "ipc/query/head.h"
#include "ipc/query/identity.h"
#include "ipc/query/path_activity.h"
#include "store/cx.h"
#include "support/toolcall.h"

static struct fixture f;

static void
sh(const char *script)
{
	setenv("DIR", arena_cstr(&f.arena, f.dir), 1);
	ck_assert_int_eq(
	    system(arena_cstr(&f.arena,
		arena_printf(&f.arena,
		    "set -e; cd \"$DIR\"; export HOME=$DIR GIT_CONFIG_NOSYSTEM=1; unset GIT_DIR GIT_INDEX_FILE; "
		    "git() { command git -c user.name=a -c user.email=a@b -c init.defaultBranch=main \"$@\"; }; %s",
		    script))),
	    0);
}

static void
setup(void)
{
	fixture_init(&f);
	sh("mkdir p; cd p; mkdir -p src/deep doc; echo 1 >src/a.py; echo 1 >src/deep/b.py; echo 1 >README; echo 1 >doc/x; "
	   "touch -d @1000 src/a.py; touch -d @2000 src/deep/b.py; touch -d @500 doc README; touch -d @3000 doc/x; "
	   "touch -d @100 src src/deep");
}

/* A path below the directory of the test. */
static struct str
at(const char *path)
{
	return arena_printf(&f.arena, "%" PRIstr "%s", FSTR(f.dir), path);
}

static struct str
result_until(const struct buf *query, int64_t deadline)
{
	struct buf out;

	buf_init(&out, &f.arena);
	ck_assert_int_eq(query_run(f.conf, buf_flat(query), deadline, &f.arena, &out), -1);
	return buf_flat(&out);
}

static struct str
result(const struct buf *query)
{
	return result_until(query, clock_mono_us() + 10 * USEC);
}

/* "yes FILES GIT" or "no", with ? for unknown commits; "?" when nothing is known. */
static struct str
activity_until(const char *dir, const char *pattern, int64_t deadline)
{
	struct path_activity_item item = { 7, str_c(pattern) };
	struct path_activity_result r;
	struct buf query;

	buf_init(&query, &f.arena);
	path_activity_query_put(&query, &(struct path_activity_query){ at(dir), &item, 1 });
	ck_assert(path_activity_result_get(&f.arena, result_until(&query, deadline), &r));
	if (r.n == 0)
		return STR("?");
	ck_assert_int_eq(r.v[0].id, 7);
	if (!r.v[0].matched) {
		ck_assert(r.v[0].git_known && r.v[0].files_ts == 0 && r.v[0].git_ts == 0);
		return STR("no");
	}
	return r.v[0].git_known
	    ? arena_printf(&f.arena, "yes %lld %lld", (long long)r.v[0].files_ts, (long long)r.v[0].git_ts)
	    : arena_printf(&f.arena, "yes %lld ?", (long long)r.v[0].files_ts);
}

static struct str
activity(const char *dir, const char *pattern)
{
	return activity_until(dir, pattern, clock_mono_us() + 10 * USEC);
}

static const struct {
	const char *pattern, *seen;
} patterns[] = {
	{ "src/a.py", "yes 1000000000 0" },
	{ "/src/a.py", "yes 1000000000 0" },
	{ " src/a.py ", "yes 1000000000 0" },
	/* A directory by name: its own entry, not what lies in it (trap 22). */
	{ "src", "yes 100000000 0" },
	{ "src/*.py", "yes 1000000000 0" },
	{ "src/**/*.py", "yes 2000000000 0" },
	{ "src/**", "yes 2000000000 0" },
	{ "**/x", "yes 3000000000 0" },
	{ "*/[ab].py", "yes 1000000000 0" },
	{ "*.py", "no" },
	{ "none/*", "no" },
	{ "README/x", "no" },
	/* A pattern on which the reference breaks all sweeps. */
	{ "sr**/a.py", "yes 1000000000 0" },
	{ "../p/src/a.py", "?" },
};

START_TEST(files)
{
	ck_str(activity("/p", patterns[_i].pattern), patterns[_i].seen);
}
END_TEST

START_TEST(no_directory)
{
	ck_str(activity("/none", "a"), "no");
}
END_TEST

START_TEST(too_late)
{
	ck_str(activity_until("/p", "src/**", clock_mono_us() - 1), "?");
}
END_TEST

START_TEST(commits)
{
	sh("cd p; git init -q .");
	ck_str(activity("/p", "src/a.py"), "yes 1000000000 0");
	sh("cd p; git add src; GIT_COMMITTER_DATE='@5000 +0000' git commit -qm x; git add doc; GIT_COMMITTER_DATE='@9000 +0000' git commit -qm y");
	ck_str(activity("/p", "src/*.py"), "yes 1000000000 5000000000");
	ck_str(activity("/p", "doc/**"), "yes 3000000000 9000000000");
	ck_str(activity("/p", "README"), "yes 500000000 0");
	/* A repository that cannot be read is no repository without commits. */
	sh("cd p; echo broken >.git/HEAD");
	ck_str(activity("/p", "src/a.py"), "yes 1000000000 ?");
}
END_TEST

/* "branch worktree", or "none". */
static struct str
head_of(const char *dir)
{
	struct head_result r;
	struct buf query;

	buf_init(&query, &f.arena);
	head_query_put(&query, &(struct head_query){ at(dir) });
	ck_assert(head_result_get(&f.arena, result(&query), &r));
	return r.branch.p == NULL ? STR("none")
				  : arena_printf(&f.arena, "%" PRIstr " %" PRIstr, FSTR(r.branch), FSTR(r.worktree));
}

START_TEST(head)
{
	ck_str(head_of("/p"), "none");
	sh("cd p; git init -q -b feat/x .");
	ck_str(head_of("/p/src/deep"), "feat/x p");
	sh("cd p; git add .; git commit -qm x; git worktree add -q ../w -b side; git checkout -q --detach");
	ck_str(head_of("/p"), "HEAD p");
	ck_str(head_of("/w"), "side w");
}
END_TEST

/* Bytes that are no query of ours get no result. */
START_TEST(malformed)
{
	static const char *const bytes[] = { "", "not json", "what {}\n", "head {}\n", "head {\"dir\":7}\n",
		"head {\"dir\":\"/p\"}", "guard {\"install\":true}\n", "picture {\"items\":[]}\n", "chat {}\n",
		"archive {}\n", "identity []\n", "path_activity {\"dir\":\"/p\"}\n" };
	struct buf query;

	buf_init(&query, &f.arena);
	buf_cstr(&query, bytes[_i]);
	ck_assert_uint_eq(result(&query).n, 0);
}
END_TEST

/* Where the repository is, below which root, in what it ends. */
static enum guard_end
guard(bool install, const char *repo, const char *root, struct guard_result *r)
{
	struct str roots[] = { STR("/nonexistent"), at(root) };
	struct buf query;

	buf_init(&query, &f.arena);
	guard_query_put(&query, &(struct guard_query){ install, at(repo), { roots, 2 }, at("/r") });
	ck_assert(guard_result_get(&f.arena, result(&query), r));
	return r->end;
}

START_TEST(hooks)
{
	struct guard_result r;

	sh("cd p; git init -q .");
	ck_assert_int_eq(guard(true, "/p", "/other", &r), GUARD_REFUSED);
	ck_assert_int_eq(r.error, EACCES);
	ck_assert_int_ne(access(at("/p/.git/hooks/pre-commit").p, F_OK), 0);
	ck_assert_int_eq(guard(true, "/p/src", "", &r), GUARD_INSTALLED);
	ck_assert(str_ends(r.hook, STR("/p/.git/hooks/pre-commit")));
	ck_assert_int_eq(access(at("/p/.git/hooks/pre-commit").p, X_OK), 0);
	ck_assert_int_eq(guard(false, "/p", "/p", &r), GUARD_REMOVED);
	ck_assert_int_eq(guard(false, "/p", "/p", &r), GUARD_NOTHING);
	ck_assert_int_eq(guard(false, "/nope", "/p", &r), GUARD_NOTHING);
	ck_assert_int_eq(guard(true, "/nope", "", &r), GUARD_REFUSED);
	ck_assert_int_eq(r.error, ENOENT);
}
END_TEST

static void
guard_says(struct guard_result r)
{
	struct buf b;

	buf_init(&b, &f.arena);
	guard_result_put(&b, &r);
	f.cx.query_result = buf_flat(&b);
}

START_TEST(meaning)
{
	struct str hook;
	bool removed;

	f.cx.query_result = STR_NONE;
	ck_assert_int_eq(guard_installed(&f.cx, &hook), -1);
	ck_fail(&f, ERR_RESOURCE_BUSY, "agentmail guard install");
	guard_says((struct guard_result){ .end = GUARD_REFUSED, .error = EACCES, .text = STR("[Errno 13] x") });
	ck_assert_int_eq(guard_installed(&f.cx, &hook), -1);
	ck_fail(&f, ERR_OS_ERROR, "OS error: [Errno 13] x");
	guard_says((struct guard_result){ .end = GUARD_REFUSED, .text = STR("is none") });
	ck_assert_int_eq(guard_installed(&f.cx, &hook), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "code_repo_path is none");
	guard_says((struct guard_result){ .end = GUARD_INSTALLED, .hook = STR("/a") });
	ck_assert_int_eq(guard_installed(&f.cx, &hook), 0);
	ck_str(hook, "/a");
	/* What was not wanted, and half a result, are none. */
	ck_assert_int_eq(guard_removed(&f.cx, &removed), -1);
	ck_fail(&f, ERR_RESOURCE_BUSY, "in time");
	f.cx.query_result = str_sub(f.cx.query_result, 0, f.cx.query_result.n - 1);
	ck_assert_int_eq(guard_installed(&f.cx, &hook), -1);
	ck_fail(&f, ERR_RESOURCE_BUSY, "in time");
}
END_TEST

START_TEST(travel)
{
	int fd[2], reply, result_fd;
	char buf[100];

	ck_assert_int_eq(helper_query_pair(fd), 0);
	ck_assert_int_lt(helper_query_recv(fd[0], buf, sizeof(buf), &reply), 0);
	result_fd = helper_query_send(fd[1], STR("what"));
	ck_assert_int_ge(result_fd, 0);
	ck_assert_int_eq(helper_query_recv(fd[0], buf, sizeof(buf), &reply), 4);
	ck_assert_int_eq(helper_result_send(reply, STR("so"), -1), 0);
	close(reply);
	ck_assert_int_eq(read(result_fd, buf, sizeof(buf)), 2);
	ck_assert_int_eq(read(result_fd, buf, sizeof(buf)), 0);
	close(result_fd);
	/* The helper dies: the end is seen at once. */
	result_fd = helper_query_send(fd[1], STR("what"));
	ck_assert_int_eq(helper_query_recv(fd[0], buf, sizeof(buf), &reply), 4);
	close(reply);
	ck_assert_int_eq(read(result_fd, buf, sizeof(buf)), 0);
	close(result_fd);
	/* Nobody listens, or too much: no query. */
	ck_assert_int_lt(helper_query_send(-1, STR("what")), 0);
	ck_assert_int_lt(helper_query_send(fd[1],
			     (struct str){ arena_zero(&f.arena, 1, HELPER_QUERY_MAX + 1), HELPER_QUERY_MAX + 1 }),
	    0);
	close(fd[0]);
	ck_assert_int_lt(helper_query_send(fd[1], STR("what")), 0);
	close(fd[1]);
}
END_TEST

static struct identity_result
identity_of(const char *dir)
{
	struct identity_result r;
	struct buf query;

	buf_init(&query, &f.arena);
	identity_query_put(&query, &(struct identity_query){ dir[0] == '/' ? at(dir) : str_c(dir) });
	ck_assert(identity_result_get(&f.arena, result(&query), &r));
	return r;
}

/* The same repository from its top, from below, from a linked work tree; what is written in files comes first. */
START_TEST(identity)
{
	struct identity_result r = identity_of("/p");

	ck_assert(r.known && !r.repository && r.repo_root.p == NULL && r.git_common_dir.p == NULL && r.branch.p == NULL);
	ck_assert(r.worktree_name.p == NULL && r.normalized_remote.p == NULL && r.project_uid.n == 20);
	ck_assert(r.marked_project.p == NULL && r.marked_product.p == NULL);
	sh("cd p; git init -q; git remote add origin https://me:secret@Example.com:8443/deep/Team/Repo.git/");
	r = identity_of("/p");
	ck_assert(r.known && r.repository && !r.core_ignorecase);
	ck_str(r.repo_root, at("/p").p);
	ck_str(r.git_common_dir, ".git");
	ck_str(r.branch, "main");
	ck_str(r.worktree_name, "p");
	ck_str(r.normalized_remote, "example.com/team/repo");
	ck_str(r.project_uid, "b8a94b244dcdb5fb6688");
	sh("cd p; git remote set-url origin git@example.com:Team/Repo; git add README; git commit -q -m 1; "
	   "git worktree add -q ../linked -b side; git -C ../linked config core.ignorecase true");
	ck_str(identity_of("/p/src").worktree_name, "p");
	r = identity_of("/linked");
	ck_str(r.branch, "side");
	ck_str(r.worktree_name, "linked");
	ck_assert(r.core_ignorecase);
	ck_str(r.normalized_remote, "example.com/team/repo");
	ck_str(r.project_uid, "b8a94b244dcdb5fb6688");
	sh("cd p; git remote set-url origin /srv/repo.git; git checkout -q --detach");
	r = identity_of("/p");
	ck_assert(r.repository && r.branch.p == NULL && r.normalized_remote.p == NULL);
}
END_TEST

START_TEST(identity_in_files)
{
	struct identity_result r;

	sh("cd p; git init -q; git add README; git commit -q -m 1; mkdir .git/agent-mail; echo private >.git/agent-mail/project-id; "
	   "git worktree add -q ../linked -b side");
	ck_str(identity_of("/p").project_uid, "private");
	sh("cd p; printf 'x: 1\\nproject_uid: \"from-yaml\" # mine\\nproduct_uid: p # ours\\n' >.agent-mail.yaml");
	r = identity_of("/p");
	ck_str(r.project_uid, "from-yaml");
	ck_str(r.marked_project, "from-yaml");
	ck_str(r.marked_product, "p");
	sh("cd p; echo ' committed ' >.agent-mail-project-id");
	ck_str(identity_of("/p").project_uid, "committed");
	/* Git cannot tell: nobody makes something up. */
	sh("cd p; echo nonsense >.git/HEAD");
	ck_assert(!identity_of("/p").known);
	ck_assert(!identity_of("relative").known);
	/* Nothing was written. */
	sh("test \"$(ls -A linked)\" = \"$(printf '.git\\nREADME')\"");
}
END_TEST

Suite *
suite_helper(void)
{
	Suite *s = suite_create("helper");
	TCase *t = tcase_create("helper");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 20);
	tcase_add_loop_test(t, files, 0, sizeof(patterns) / sizeof(patterns[0]));
	tcase_add_test(t, no_directory);
	tcase_add_loop_test(t, malformed, 0, 12);
	tcase_add_test(t, too_late);
	tcase_add_test(t, commits);
	tcase_add_test(t, head);
	tcase_add_test(t, identity);
	tcase_add_test(t, identity_in_files);
	tcase_add_test(t, hooks);
	tcase_add_test(t, meaning);
	tcase_add_test(t, travel);
	suite_add_tcase(s, t);
	return s;
}
