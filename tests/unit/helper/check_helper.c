/*
 * check_helper - what the helper answers: files and commits of patterns, the
 * branch, hooks only where they are allowed; and how questions travel.
 */
#include <check.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "helper/question.h"
#include "ipc/helper_query.h"
#include "store/cx.h"
#include "support/toolcall.h"
#include "api/helper_answer.h"

static struct fixture f;

static void
sh(const char *script)
{
	setenv("DIR", arena_cstr(&f.arena, f.dir), 1);
	ck_assert_int_eq(system(arena_cstr(&f.arena,
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

/* `question` has quotes as toolcall_quotes; DIR is where it looks. */
static struct str
ask(const char *question, int64_t deadline)
{
	struct buf b;
	struct str text = str_c(toolcall_quotes(&f, question)), rest = text, part, out;
	const char *between = "";

	buf_init(&b, &f.arena);
	while (str_next(&rest, '$', &part)) {
		buf_c(&b, between);
		buf_str(&b, part);
		between = arena_cstr(&f.arena, f.dir);
	}
	text = buf_flat(&b);
	buf_init(&b, &f.arena);
	question_answer(f.conf, text, deadline, &f.arena, &b);
	out = b.n > 0 ? buf_flat(&b) : STR("");
	return out;
}

static struct str
soon(const char *question)
{
	return ask(question, clock_mono_us() + 10 * USEC);
}

#define SIGNS(pattern) "{'do':'signs','dir':'$/p','items':[{'id':1,'pattern':'" pattern "'}]}"
#define SEEN(us) "{'items':[{'id':1,'matched':true,'files_ts':" #us ",'git_ts':0}]}"
#define UNMATCHED "{'items':[{'id':1,'matched':false,'files_ts':0,'git_ts':0}]}"

static const struct {
	const char *question, *answer;
} signs[] = {
	{ SIGNS("src/a.py"), SEEN(1000000000) },
	{ SIGNS("/src/a.py"), SEEN(1000000000) },
	{ SIGNS(" src/a.py "), SEEN(1000000000) },
	/* A directory by name: its own entry, not what lies in it (trap 22). */
	{ SIGNS("src"), SEEN(100000000) },
	{ SIGNS("src/*.py"), SEEN(1000000000) },
	{ SIGNS("src/**/*.py"), SEEN(2000000000) },
	{ SIGNS("src/**"), SEEN(2000000000) },
	{ SIGNS("**/x"), SEEN(3000000000) },
	{ SIGNS("*/[ab].py"), SEEN(1000000000) },
	{ SIGNS("*.py"), UNMATCHED },
	{ SIGNS("none/*"), UNMATCHED },
	{ SIGNS("README/x"), UNMATCHED },
	/* A pattern on which the reference breaks all sweeps. */
	{ SIGNS("sr**/a.py"), SEEN(1000000000) },
	{ "{'do':'signs','dir':'$/none','items':[{'id':1,'pattern':'a'}]}", UNMATCHED },
	{ SIGNS("../p/src/a.py"), "{'items':[]}" },
	{ "{'do':'what'}", "{}" },
	{ "not json", "" },
};

START_TEST(files)
{
	ck_json(soon(signs[_i].question), signs[_i].answer);
}
END_TEST

START_TEST(too_late)
{
	ck_json(ask(SIGNS("src/**"), clock_mono_us() - 1), "{'items':[]}");
}
END_TEST

START_TEST(commits)
{
	sh("cd p; git init -q .");
	ck_json(soon(SIGNS("src/a.py")), SEEN(1000000000));
	sh("cd p; git add src; GIT_COMMITTER_DATE='@5000 +0000' git commit -qm x; git add doc; GIT_COMMITTER_DATE='@9000 +0000' git commit -qm y");
	ck_json(soon(SIGNS("src/*.py")), "{'items':[{'id':1,'matched':true,'files_ts':1000000000,'git_ts':5000000000}]}");
	ck_json(soon(SIGNS("doc/**")), "{'items':[{'id':1,'matched':true,'files_ts':3000000000,'git_ts':9000000000}]}");
	ck_json(soon(SIGNS("README")), "{'items':[{'id':1,'matched':true,'files_ts':500000000,'git_ts':0}]}");
	/* A repository that cannot be read is no repository without commits. */
	sh("cd p; echo broken >.git/HEAD");
	ck_json(soon(SIGNS("src/a.py")), "{'items':[{'id':1,'matched':true,'files_ts':1000000000,'git_ts':null}]}");
}
END_TEST

START_TEST(head)
{
	ck_json(soon("{'do':'head','dir':'$/p'}"), "{}");
	sh("cd p; git init -q -b feat/x .");
	ck_json(soon("{'do':'head','dir':'$/p/src/deep'}"), "{'branch':'feat/x','worktree':'p'}");
	sh("cd p; git add .; git commit -qm x; git worktree add -q ../w -b side; git checkout -q --detach");
	ck_json(soon("{'do':'head','dir':'$/p'}"), "{'branch':'HEAD','worktree':'p'}");
	ck_json(soon("{'do':'head','dir':'$/w'}"), "{'branch':'side','worktree':'w'}");
}
END_TEST

START_TEST(hooks)
{
	sh("cd p; git init -q .");
	ck_has(soon("{'do':'guard_install','repo':'$/p','records':'$/r','roots':['/nonexistent','$/other']}"), "'error':13");
	ck_assert_int_ne(access(arena_cstr(&f.arena, arena_printf(&f.arena, "%" PRIstr "/p/.git/hooks/pre-commit", FSTR(f.dir))), F_OK), 0);
	ck_has(soon("{'do':'guard_install','repo':'$/p/src','records':'$/r','roots':['$']}"), "/p/.git/hooks/pre-commit'}");
	ck_json(soon("{'do':'guard_uninstall','repo':'$/p','roots':['$/p']}"), "{'removed':true}");
	ck_json(soon("{'do':'guard_uninstall','repo':'$/p','roots':['$/p']}"), "{'removed':false}");
	ck_json(soon("{'do':'guard_uninstall','repo':'$/nope','roots':['$/p']}"), "{'removed':false}");
	ck_has(soon("{'do':'guard_install','repo':'$/nope','records':'$/r','roots':['$']}"), "'error':2");
}
END_TEST

START_TEST(meaning)
{
	struct str text;

	f.cx.answer = STR_NONE;
	ck_assert_int_eq(guard_answer(&f.cx, "hook", &text, NULL), -1);
	ck_fail(&f, ERR_RESOURCE_BUSY, "agentmail guard install");
	f.cx.answer = STR("{\"error\":13,\"text\":\"[Errno 13] x\"}");
	ck_assert_int_eq(guard_answer(&f.cx, "hook", &text, NULL), -1);
	ck_fail(&f, ERR_OS_ERROR, "OS error: [Errno 13] x");
	f.cx.answer = STR("{\"error\":0,\"text\":\"is none\"}");
	ck_assert_int_eq(guard_answer(&f.cx, "hook", &text, NULL), -1);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "code_repo_path is none");
	/* Half an answer is none. */
	f.cx.answer = STR("{\"hook\":\"/a");
	ck_assert_int_eq(guard_answer(&f.cx, "hook", &text, NULL), -1);
	ck_fail(&f, ERR_RESOURCE_BUSY, "in time");
	f.cx.answer = STR("{\"hook\":\"/a\"}");
	ck_assert_int_eq(guard_answer(&f.cx, "hook", &text, NULL), 0);
	ck_str(text, "/a");
}
END_TEST

START_TEST(travel)
{
	int fd[2], reply, answer;
	char buf[100];

	ck_assert_int_eq(ask_pair(fd), 0);
	ck_assert_int_lt(ask_recv(fd[0], buf, sizeof(buf), &reply), 0);
	answer = ask_send(fd[1], STR("why?"));
	ck_assert_int_ge(answer, 0);
	ck_assert_int_eq(ask_recv(fd[0], buf, sizeof(buf), &reply), 4);
	ck_assert_int_eq(ask_answer(reply, STR("so"), -1), 0);
	close(reply);
	ck_assert_int_eq(read(answer, buf, sizeof(buf)), 2);
	ck_assert_int_eq(read(answer, buf, sizeof(buf)), 0);
	close(answer);
	/* Who was asked dies: the end is seen at once. */
	answer = ask_send(fd[1], STR("why?"));
	ck_assert_int_eq(ask_recv(fd[0], buf, sizeof(buf), &reply), 4);
	close(reply);
	ck_assert_int_eq(read(answer, buf, sizeof(buf)), 0);
	close(answer);
	/* Nobody listens, or too much: no question. */
	ck_assert_int_lt(ask_send(-1, STR("why?")), 0);
	ck_assert_int_lt(ask_send(fd[1], (struct str){ arena_zero(&f.arena, 1, ASK_MAX + 1), ASK_MAX + 1 }), 0);
	close(fd[0]);
	ck_assert_int_lt(ask_send(fd[1], STR("why?")), 0);
	close(fd[1]);
}
END_TEST

/* The same repository from its top, from below, from a linked work tree; what is written in files comes first. */
START_TEST(identity)
{
#define ID(dir) "{'do':'identity','dir':'$/" dir "'}"

	const char *top = arena_cstr(&f.arena, f.dir);

	ck_assert(str_find(soon(ID("p")), STR("\"repo_root\":null,\"git_common_dir\":null,\"branch\":null,\"worktree_name\":null,"
					      "\"core_ignorecase\":null,\"normalized_remote\":null,\"project_uid\":\"")) > 0);
	ck_assert(str_find(soon(ID("p")), STR("\"discovery\":null")) > 0);
	sh("cd p; git init -q; git remote add origin https://me:secret@Example.com:8443/deep/Team/Repo.git/");
	ck_json(soon(ID("p")), arena_cstr(&f.arena, arena_printf(&f.arena,
	    "{'repo_root':'%s/p','git_common_dir':'.git','branch':'main','worktree_name':'p','core_ignorecase':false,"
	    "'normalized_remote':'example.com/team/repo','project_uid':'b8a94b244dcdb5fb6688','discovery':null}", top)));
	sh("cd p; git remote set-url origin git@example.com:Team/Repo; git add README; git commit -q -m 1; "
	   "git worktree add -q ../linked -b side; git -C ../linked config core.ignorecase true");
	ck_assert(str_find(soon(ID("p/src")), STR("\"worktree_name\":\"p\"")) > 0);
	ck_assert(str_find(soon(ID("linked")), STR("\"branch\":\"side\",\"worktree_name\":\"linked\",\"core_ignorecase\":true,"
						   "\"normalized_remote\":\"example.com/team/repo\","
						   "\"project_uid\":\"b8a94b244dcdb5fb6688\"")) > 0);
	sh("cd p; git remote set-url origin /srv/repo.git; git checkout -q --detach");
	ck_assert(str_find(soon(ID("p")), STR("\"branch\":null")) > 0);
	ck_assert(str_find(soon(ID("p")), STR("\"normalized_remote\":null")) > 0);
	sh("cd p; mkdir .git/agent-mail; echo private >.git/agent-mail/project-id");
	ck_assert(str_find(soon(ID("p")), STR("\"project_uid\":\"private\"")) > 0);
	sh("cd p; printf 'x: 1\\nproject_uid: \"from-yaml\" # mine\\nproduct_uid: p # ours\\n' >.agent-mail.yaml");
	ck_assert(str_find(soon(ID("p")), STR("\"project_uid\":\"from-yaml\",\"discovery\":{\"project_uid\":\"from-yaml\","
					      "\"product_uid\":\"p\"}")) > 0);
	sh("cd p; echo ' committed ' >.agent-mail-project-id");
	ck_assert(str_find(soon(ID("p")), STR("\"project_uid\":\"committed\"")) > 0);
	/* Git cannot tell: nobody makes something up. */
	sh("cd p; echo nonsense >.git/HEAD");
	ck_json(soon(ID("p")), "{}");
	ck_json(soon("{'do':'identity','dir':'relative'}"), "{}");
	/* Nothing was written. */
	sh("test \"$(ls -A linked)\" = \"$(printf '.git\nREADME')\"");
}
END_TEST

Suite *
suite_helper(void)
{
	Suite *s = suite_create("helper");
	TCase *t = tcase_create("helper");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_set_timeout(t, 20);
	tcase_add_loop_test(t, files, 0, sizeof(signs) / sizeof(signs[0]));
	tcase_add_test(t, too_late);
	tcase_add_test(t, commits);
	tcase_add_test(t, head);
	tcase_add_test(t, identity);
	tcase_add_test(t, hooks);
	tcase_add_test(t, meaning);
	tcase_add_test(t, travel);
	suite_add_tcase(s, t);
	return s;
}
