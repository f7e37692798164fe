/*
 * check_remove - directories of deleted agents and projects go by a commit
 * (decision 3.46); nothing else moves, and the work tree is clean afterwards.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "archive/arch.h"
#include "cli/archive_verify.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/ops/removal.h"
#include "mail/agent/agent_archive.h"
#include "store/archive_queue.h"
#include "support/world.h"

#define AGENT "{\"agent\":\"GreenHill\"}"

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

static struct str
files(void)
{
	return world_git(&w, "ls-tree -r --name-only HEAD");
}

static void
mail_and_profiles(void)
{
	world_profile(&w, 1, "BlueLake", "one");
	world_profile(&w, 2, "GreenHill", "two");
	world_mail(&w, 1, "2", "3", "", "Plan", "body", "T-1");
}

/* The archiver's own turns write work tree and index. */
static void
settled(void)
{
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_str(world_git(&w, "status --porcelain"), "");
	world_fsck(&w);
}

START_TEST(agent_goes)
{
	mail_and_profiles();
	settled();
	ck_has(files(), "agents/GreenHill/inbox/");
	world_row(&w, QUEUE_REMOVAL, 2, AGENT);
	settled();
	ck_has_not(files(), "GreenHill");
	ck_has(files(), "agents/RedFox/inbox/");
	ck_has(files(), "agents/BlueLake/outbox/");
	ck_has(world_git(&w, "log -1 --format=%B"), "agent: removed GreenHill\n");
	ck_str(world_git(&w, "show --format= --name-status HEAD | cut -c1 | sort -u"), "D");
	ck_assert_int_ne(
	    access(arena_printf(&w.f.arena, "%.*s/archive/projects/backend/agents/GreenHill", FSTR(w.f.dir)).p, F_OK),
	    0);
}
END_TEST

START_TEST(project_goes)
{
	mail_and_profiles();
	world_profile(&w, 1, "BlueLake", "other");
	settled();
	world_row(&w, QUEUE_REMOVAL, 1, "{}");
	settled();
	ck_has_not(files(), "projects/backend");
	ck_has(world_git(&w, "log -1 --format=%s"), "project: removed backend");
}
END_TEST

/* All of one group: what was staged for it is neither in the commit nor on disk, a digest that had grown included. */
START_TEST(in_one_group_with_what_it_takes)
{
	mail_and_profiles();
	world_row(&w, QUEUE_REMOVAL, 1, "{}");
	world_profile(&w, 1, "BlueLake", "again");
	world_open(&w);
	world_drain(&w, false);
	ck_str(world_git(&w, "ls-tree -r --name-only HEAD projects"), "projects/backend/agents/BlueLake/profile.json");
	world_close(&w);
	settled();
}
END_TEST

START_TEST(single_commits)
{
	mail_and_profiles();
	world_row(&w, QUEUE_REMOVAL, 2, AGENT);
	world_profile(&w, 2, "GreenHill", "a new one of that name");
	world_open(&w);
	world_drain(&w, true);
	ck_str(world_git(&w, "ls-tree -r --name-only HEAD projects/backend/agents/GreenHill"),
	    "projects/backend/agents/GreenHill/profile.json");
	world_close(&w);
	settled();
}
END_TEST

START_TEST(nothing_there_is_no_commit)
{
	struct str before;

	mail_and_profiles();
	settled();
	before = world_git(&w, "rev-parse HEAD");
	world_row(&w, QUEUE_REMOVAL, 9, "{\"agent\":\"NoSuch\"}");
	settled();
	ck_assert(str_eq(world_git(&w, "rev-parse HEAD"), before));
}
END_TEST

START_TEST(a_name_that_is_a_path_is_poison)
{
	world_row(&w, QUEUE_REMOVAL, 2, "{\"agent\":\"../x\"}");
	settled();
	ck_assert_int_eq(fixture_int(&w.f, "SELECT count(*) FROM outbox_failed"), 1);
}
END_TEST

/* A mail that waited when a recipient was deleted still names it, but makes it no box. */
START_TEST(a_deleted_recipient_stays_named)
{
	int64_t id = world_mail(&w, 1, "2,3", "", "", "Plan", "body", NULL);

	fixture_sql(&w.f,
	    arena_printf(&w.f.arena,
		"INSERT INTO recipients_removed SELECT message_id, agent_id, kind FROM "
		"message_recipients WHERE message_id = %lld AND agent_id = 2",
		(long long)id)
		.p);
	fixture_sql(&w.f, "DELETE FROM message_recipients WHERE agent_id = 2");
	settled();
	ck_has_not(files(), "agents/GreenHill");
	ck_has(files(), "agents/RedFox/inbox/");
	ck_has(world_git(&w, "grep GreenHill HEAD -- projects/backend/messages"), "\"GreenHill\"");
}
END_TEST

/* Somebody changed a file: theirs stays on disk, as one that Git does not know. */
START_TEST(a_persons_change_stays_on_disk)
{
	mail_and_profiles();
	settled();
	ck_assert_int_eq(system(arena_printf(&w.f.arena,
			     "echo mine > %.*s/archive/projects/backend/agents/GreenHill/profile.json", FSTR(w.f.dir))
				    .p),
	    0);
	world_row(&w, QUEUE_REMOVAL, 2, AGENT);
	ck_assert_int_eq(world_archiver(&w, NULL), 0);
	ck_str(world_git(&w, "status --porcelain -uall"), "?? projects/backend/agents/GreenHill/profile.json");
}
END_TEST

/* The archiver dies between commit and work tree: the files go when it starts again. */
START_TEST(killed_after_the_ref)
{
	mail_and_profiles();
	settled();
	world_row(&w, QUEUE_REMOVAL, 2, AGENT);
	world_archiver(&w, "archive.after_ref=exit");
	settled();
	ck_has_not(files(), "GreenHill");
	ck_assert_int_eq(world_touches(&w, "projects/backend/agents/GreenHill/profile.json"), 2);
}
END_TEST

static void
profiles(void)
{
	struct agent a;

	for (int id = 1; id <= 4; id++) {
		ck_assert_int_eq(agent_by_id(&w.f.cx, id, &a), 1);
		ck_assert_int_eq(
		    archive_queue_add(&w.f.cx, QUEUE_AGENT, a.project_id, a.id, agent_profile(&w.f.arena, &a)), 0);
	}
}

static int
delete_green(struct cx *cx, void *arg)
{
	struct removal gone;
	struct project p;
	struct agent a;

	ck_assert_int_eq(project_by_id(cx, 1, &p), 1);
	ck_assert_int_eq(agent_by_id(cx, 2, &a), 1);
	ck_assert_int_eq(arg != NULL ? removal_project(cx, &p, &gone) : removal_agent(cx, &p, &a, &gone), 0);
	return 0;
}

static void
say(void *arg, const char *kind, struct str path, struct str about)
{
	fprintf(stderr, "%s: %.*s: %.*s\n", kind, FSTR(path), FSTR(about));
}

static void
verified(int64_t messages, int64_t removed)
{
	struct verify_result found;
	struct str why;

	ck_assert_msg(archive_verify(w.f.conf, say, NULL, &found, &w.f.arena, &why) == 0, "%.*s", FSTR(why));
	ck_assert_int_eq(verify_differences(&found), 0);
	ck_assert_int_eq(found.pending, 0);
	ck_assert_int_eq(found.messages, messages);
	ck_assert_int_eq(found.removed, removed);
}

/* What the deletion leaves in the database is what it leaves in the archive. */
START_TEST(archive_and_database_agree)
{
	profiles();
	world_mail(&w, 1, "2,3", "", "", "to both", "body", "T-1");
	world_mail(&w, 2, "3", "1", "", "from the one who goes", "body", "T-1");
	world_mail(&w, 3, "1", "", "2", "blind", "body", NULL);
	settled();
	verified(3, 0);
	world_mail(&w, 1, "2", "", "", "not yet archived", "body", NULL);
	ck_assert_int_eq(fixture_write(&w.f, delete_green, NULL), 0);
	settled();
	verified(3, 1);
	ck_has_not(files(), "agents/GreenHill");
	ck_assert_int_eq(fixture_write(&w.f, delete_green, &w), 0);
	settled();
	verified(0, 0);
	ck_has_not(files(), "projects/backend");
}
END_TEST

Suite *
suite_remove(void)
{
	Suite *s = suite_create("remove");
	TCase *t = tcase_create("arch_remove");

	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, agent_goes);
	tcase_add_test(t, project_goes);
	tcase_add_test(t, in_one_group_with_what_it_takes);
	tcase_add_test(t, single_commits);
	tcase_add_test(t, nothing_there_is_no_commit);
	tcase_add_test(t, a_name_that_is_a_path_is_poison);
	tcase_add_test(t, a_deleted_recipient_stays_named);
	tcase_add_test(t, a_persons_change_stays_on_disk);
	tcase_add_test(t, killed_after_the_ref);
	tcase_add_test(t, archive_and_database_agree);
	suite_add_tcase(s, t);
	return s;
}
