/*
 * Rows become commits: layout, contents, messages, marks, bcc, digests, poison.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "store/archive_queue.h"
#include "support/world.h"

#define FILE1 "2025-10-23T07-08-09Z__hello-world__1.md"
#define CANONICAL "projects/backend/messages/2025/10/" FILE1
#define OUTBOX "projects/backend/agents/BlueLake/outbox/2025/10/" FILE1
#define INBOX(who) "projects/backend/agents/" who "/inbox/2025/10/" FILE1

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
show(const char *path)
{
	return world_git(&w, arena_printf(&w.f.arena, "show HEAD:'%s'", path).p);
}

START_TEST(a_new_archive)
{
	world_open(&w);
	ck_assert(str_eqc(world_git(&w, "log --format=%s"), "chore: initialize archive"));
	ck_assert(str_eqc(world_git(&w, "log --format='%an <%ae> %cn'"), "mcp-agent <mcp-agent@example.com> mcp-agent"));
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD"), ".gitattributes"));
	ck_assert(str_eqc(show(".gitattributes"), "*.json text\n*.md text"));
	ck_assert(str_eqc(world_git(&w, "config --local commit.gpgsign"), "false"));
	ck_assert(str_eqc(world_git(&w, "symbolic-ref HEAD"), "refs/heads/main"));
	world_fsck(&w);
}
END_TEST

START_TEST(a_message)
{
	world_mail(&w, 1, "2", "3", "", "Hello, World!", "  first line\r\nsecond\r\r\nline\n\n", NULL);
	world_open(&w);
	world_drain(&w, true);
	ck_assert_int_eq(world_pending(&w), 0);
	ck_assert(str_eqc(show(CANONICAL),
	    "---json\n{\n  \"ack_required\": false,\n  \"attachments\": [],\n  \"bcc\": [],\n  \"cc\": [\n    \"RedFox\"\n  ],\n"
	    "  \"created\": \"2025-10-23T07:08:09.123456+00:00\",\n  \"from\": \"BlueLake\",\n  \"id\": 1,\n"
	    "  \"importance\": \"normal\",\n  \"project\": \"/data/backend\",\n  \"project_slug\": \"backend\",\n"
	    "  \"subject\": \"Hello, World!\",\n  \"thread_id\": null,\n  \"to\": [\n    \"GreenHill\"\n  ],\n  \"topic\": null\n}\n"
	    "---\n\nfirst line\nsecond\nline"));
	ck_assert(str_eqc(world_git(&w, "ls-tree -r --name-only HEAD projects"),
	    OUTBOX "\n" INBOX("GreenHill") "\n" INBOX("RedFox") "\n" CANONICAL));
	ck_assert(str_eq(show(OUTBOX), show(CANONICAL)));
	ck_assert(str_eq(show(INBOX("GreenHill")), show(CANONICAL)));
	ck_assert(str_eq(show(INBOX("RedFox")), show(CANONICAL)));
	ck_assert_int_eq(fixture_int(&w.f, "SELECT length(commit_id) FROM messages"), 40);
	ck_assert(str_eq(world_git(&w, "rev-parse HEAD"), fixture_str(&w.f, "SELECT commit_id FROM messages")));
	world_fsck(&w);
}
END_TEST

START_TEST(a_commit_message)
{
	world_mail(&w, 1, "2", "3", "", "Hello, World!\nAgentmail-Mark: x", "b", "T-1");
	world_open(&w);
	world_drain(&w, true);
	struct str m = world_git(&w, "log -1 --format=%B");
	ck_has(m,
	    "mail: BlueLake -> GreenHill, RedFox | Hello, World! Agentmail-Mark: x\n\nTOOL: send_message\nAgent: BlueLake\n"
	    "Project: /data/backend\nStarted: 2025-10-23T07:08:09.123456+00:00\nStatus: SUCCESS\nThread: T-1\nAgentmail-Mark: ");
	ck_has(m, "outbox=1 message=1");
	ck_has(world_git(&w, "log -1 --format='%(trailers:key=Agent,valueonly)'"), "BlueLake");
}
END_TEST

START_TEST(blind_copies_stay_blind)
{
	world_mail(&w, 1, "2", "", "3", "Hello, World!", "b", "T-1");
	world_open(&w);
	world_drain(&w, true);
	ck_has_not(show(CANONICAL), "RedFox");
	ck_has_not(show(INBOX("GreenHill")), "RedFox");
	ck_has(show(OUTBOX), "RedFox");
	ck_has(show(INBOX("RedFox")), "\"bcc\": [\n    \"RedFox\"\n  ]");
	ck_has_not(show("projects/backend/messages/threads/T-1.md"), "RedFox");
	ck_has_not(world_git(&w, "log -1 --format=%B"), "RedFox");
}
END_TEST

START_TEST(only_blind_copies)
{
	world_mail(&w, 1, "", "", "2,3", "Hello, World!", "b", "T-1");
	world_open(&w);
	world_drain(&w, true);
	ck_assert(str_eqc(world_git(&w, "log -1 --format=%s"), "mail: BlueLake -> undisclosed | Hello, World!"));
	ck_has(show("projects/backend/messages/threads/T-1.md"), "BlueLake \xe2\x86\x92 undisclosed");
	ck_has_not(show(INBOX("RedFox")), "GreenHill");
}
END_TEST

START_TEST(a_sender_from_elsewhere)
{
	world_mail(&w, 4, "2", "", "", "Hello, World!", "b", "T-1");
	world_open(&w);
	world_drain(&w, true);
	ck_has(show(CANONICAL),
	    "\"from\": \"GreyOwl\",\n  \"from_address\": \"project:other#GreyOwl\",\n"
	    "  \"from_project\": \"/data/other\",\n  \"from_project_slug\": \"other\",\n  \"id\": 1");
	ck_assert(str_eqc(world_git(&w, "log -1 --format=%s"), "mail: GreyOwl@other -> GreenHill | Hello, World!"));
	ck_has(show("projects/backend/messages/threads/T-1.md"), "GreyOwl@other \xe2\x86\x92 GreenHill");
	ck_has_not(world_git(&w, "ls-tree -r --name-only HEAD"), "outbox");
}
END_TEST

START_TEST(a_thread_digest)
{
	world_mail(&w, 1, "2", "", "", "One", "the first", "T-1");
	world_mail(&w, 2, "1", "", "", "", "", "T-1");
	world_open(&w);
	world_drain(&w, true);
	ck_assert(str_eqc(show("projects/backend/messages/threads/T-1.md"),
	    "# Thread T-1\n\n### One\n\n## 2025-10-23T07:08:09.123456+00:00 \xe2\x80\x94 BlueLake \xe2\x86\x92 GreenHill\n\n"
	    "[View canonical](projects/backend/messages/2025/10/2025-10-23T07-08-09Z__one__1.md)\n\nthe first\n\n---\n\n"
	    "## 2025-10-23T07:08:09.123456+00:00 \xe2\x80\x94 GreenHill \xe2\x86\x92 BlueLake\n\n"
	    "[View canonical](projects/backend/messages/2025/10/2025-10-23T07-08-09Z__message__2.md)\n\n---"));
}
END_TEST

START_TEST(a_long_thread_goes_on_in_parts)
{
	static char body[2000];
	struct str parts;

	memset(body, 'x', sizeof(body) - 1);
	for (int i = 0; i < 250; i++)
		world_mail(&w, 1, "2", "", "", "s", body, "T-1");
	world_open(&w);
	world_drain(&w, false);
	for (int i = 0; i < 100; i++)
		world_mail(&w, 1, "2", "", "", "s", body, "T-1");
	world_drain(&w, false);
	parts = world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages/threads");
	ck_assert(str_eqc(parts,
	    "projects/backend/messages/threads/T-1.md\nprojects/backend/messages/threads/T-1~2.md\n"
	    "projects/backend/messages/threads/T-1~3.md\nprojects/backend/messages/threads/T-1~4.md"));
	ck_has(show("projects/backend/messages/threads/T-1~2.md"),
	    "[Continued](projects/backend/messages/threads/T-1~3.md)");
	ck_assert(str_eqc(
	    world_git(&w, "grep -h 'View canonical' HEAD -- 'projects/backend/messages/threads/*' | wc -l"), "350"));
	world_fsck(&w);
}
END_TEST

/* Contract: messaging.md 8 (file names), decision 3.41 (thread ids from doors that do not check them). */
START_TEST(names_of_files)
{
	world_mail(&w, 1, "2", "", "",
	    "Gr\xc3\xbc\xc3\x9f"
	    "e \xf0\x9f\x9a\x80 \xe3\x83\x86",
	    "b", NULL);
	world_mail(&w, 1, "2", "", "", "\xe3\x83\x86\xe3\x82\xb9", "b", NULL);
	world_mail(&w, 1, "2", "", "", "--_a..b__c-_-", "b", NULL);
	world_mail(&w, 1, "2", "", "", "../../etc/passwd", "b", "../x");
	world_mail(&w, 1, "2", "", "",
	    "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiii", "b", NULL);
	world_open(&w);
	world_drain(&w, false);
	struct str all = world_git(&w, "ls-tree -r --name-only HEAD projects/backend/messages");
	ck_has(all, "/2025-10-23T07-08-09Z__gr-e__1.md");
	ck_has(all, "Z__message__2.md");
	ck_has(all, "Z__a..b__c__3.md");
	ck_has(all, "Z__..-..-etc-passwd__4.md");
	ck_has(all, "hhhhhhhhhh__5.md");
	ck_has(all, "threads/t-");
	world_fsck(&w);
}
END_TEST

START_TEST(profiles_and_reservations)
{
	world_profile(&w, 1, "BlueLake",
	    "Gr\xc3\xbc\xc3\x9f"
	    "e");
	world_row(&w, QUEUE_RESERVATION, 7,
	    "{\"agent\":\"BlueLake\",\"records\":[{\"id\":7,\"agent\":\"BlueLake\",\"path_pattern\":\"src/**\",\"exclusive\":true}]}");
	world_row(&w, QUEUE_RESERVATION, 8,
	    "{\"agent\":\"BlueLake\",\"records\":[{\"id\":8,\"agent\":\"BlueLake\",\"path_pattern\":\"a\"},"
	    "{\"id\":9,\"agent\":\"BlueLake\",\"path_pattern\":\"b\"}]}");
	world_row(&w, QUEUE_PROJECT, 1, NULL);
	world_open(&w);
	world_drain(&w, true);
	ck_assert(str_eqc(show("projects/backend/agents/BlueLake/profile.json"),
	    "{\n  \"id\": 1,\n  \"model\": \"gpt\",\n  \"name\": \"BlueLake\",\n  \"program\": \"codex\",\n  \"project_id\": 1,\n"
	    "  \"task_description\": \"Gr\\u00fc\\u00dfe\"\n}"));
	ck_assert(str_eqc(world_git(&w, "log --format=%s"),
	    "file_reservation: BlueLake a (+1 more)\nfile_reservation: BlueLake src/**\nagent: profile BlueLake\n"
	    "chore: initialize archive"));
	ck_has(world_git(&w, "log -1 --format=%B"),
	    "(+1 more)\n\n- BlueLake a\n- BlueLake b\n\nAgent: BlueLake\nAgentmail-Mark: ");
	ck_assert(str_eq(show("projects/backend/file_reservations/id-7.json"),
	    show("projects/backend/file_reservations/028558915cdf33d0b76c21ad3b31605184ace1ce.json")));
	ck_assert_int_eq(world_touches(&w, "projects/backend/file_reservations/id-7.json"), 1);
	world_fsck(&w);
}
END_TEST

START_TEST(a_group_is_one_commit)
{
	world_mails(&w, 600);
	world_profile(&w, 1, "BlueLake", "one");
	world_profile(&w, 1, "BlueLake", "two");
	world_open(&w);
	world_drain(&w, false);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "2"));
	ck_assert(str_eqc(world_git(&w, "log -1 --format=%s"), "batch: 600 mails, 2 profiles"));
	ck_has(world_git(&w, "log -1 --format=%B"),
	    "mail: BlueLake -> GreenHill | Subject 599\nTOOL: send_message\nAgent: BlueLake\n");
	ck_has(show("projects/backend/agents/BlueLake/profile.json"), "two");
	ck_assert_int_eq(fixture_int(&w.f, "SELECT count(DISTINCT commit_id) FROM messages"), 1);
	world_fsck(&w);
}
END_TEST

START_TEST(the_same_once_more_changes_nothing)
{
	world_mail(&w, 1, "2", "", "", "Hello", "b", "T-1");
	world_profile(&w, 1, "BlueLake", "one");
	world_open(&w);
	world_drain(&w, true);
	struct str before = world_git(&w, "rev-parse HEAD");
	world_row(&w, QUEUE_MAIL, 1, NULL);
	world_profile(&w, 1, "BlueLake", "one");
	world_drain(&w, true);
	ck_assert(str_eq(world_git(&w, "rev-parse HEAD"), before));
	ck_assert_int_eq(world_pending(&w), 0);
}
END_TEST

static const struct {
	int kind;
	const char *payload, *why;
} poison[] = {
	{ QUEUE_AGENT, "{\"name\":\"../x\"}", "cannot be a file name" },
	{ QUEUE_AGENT, "{\"name\":\".git\"}", "cannot be a file name" },
	{ QUEUE_AGENT, "nonsense", "payload" },
	{ QUEUE_AGENT, NULL, "payload" },
	{ QUEUE_RESERVATION, "{\"records\":3}", "list of records" },
	{ QUEUE_RESERVATION, "{\"records\":[{\"id\":1,\"path_pattern\":\" \"}]}", "path_pattern" },
	{ QUEUE_MAIL, NULL, "there is no message 99" },
	{ 77, NULL, "unknown kind" },
};

START_TEST(a_poison_row)
{
	struct arch_row rows[8];
	struct arch_op ops[8];
	size_t failed;

	world_mails(&w, 1);
	world_row(&w, poison[_i].kind, 99, poison[_i].payload);
	world_mails(&w, 1);
	world_open(&w);
	ck_assert_int_eq(arch_rows(&w.a, rows, 8), 3);
	ck_assert_int_eq(arch_group(&w.a, rows, 3, false, ops, &failed), -1);
	ck_assert_int_eq(failed, 1);
	ck_assert_int_eq(w.a.why.kind, ARCH_POISON);
	ck_has(str_c(w.a.why.text), poison[_i].why);
	arch_restage(&w.a);
	ck_assert_int_eq(arch_ack_failed(&w.a, &rows[1], w.a.why.text), 0);
	arch_group_end(&w.a);
	world_drain(&w, false);
	ck_assert_int_eq(world_touches(&w, "projects/backend/messages"), 1);
	ck_has(fixture_str(&w.f, "SELECT reason FROM outbox_failed WHERE id = 2"), poison[_i].why);
	world_fsck(&w);
}
END_TEST

START_TEST(mail_that_was_purged_first)
{
	world_mails(&w, 2);
	fixture_sql(&w.f, "DELETE FROM message_recipients WHERE message_id = 1");
	fixture_sql(&w.f, "DELETE FROM messages WHERE id = 1");
	fixture_sql(&w.f, "INSERT INTO messages_removed VALUES (1, 1, 1, 'purge')");
	world_open(&w);
	world_drain(&w, true);
	ck_assert(str_eqc(world_git(&w, "rev-list --count HEAD"), "2"));
}
END_TEST

START_TEST(a_bare_archive)
{
	w.f.conf->archive_worktree = false;
	world_mails(&w, 3);
	world_open(&w);
	world_drain(&w, false);
	ck_assert(str_eqc(world_git(&w, "rev-parse --is-bare-repository"), "true"));
	world_fsck(&w);
}
END_TEST

Suite *
suite_group(void)
{
	Suite *s = suite_create("group");
	TCase *t = tcase_create("rows");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, a_new_archive);
	tcase_add_test(t, a_message);
	tcase_add_test(t, a_commit_message);
	tcase_add_test(t, blind_copies_stay_blind);
	tcase_add_test(t, only_blind_copies);
	tcase_add_test(t, a_sender_from_elsewhere);
	tcase_add_test(t, a_thread_digest);
	tcase_add_test(t, a_long_thread_goes_on_in_parts);
	tcase_add_test(t, names_of_files);
	tcase_add_test(t, profiles_and_reservations);
	tcase_add_test(t, a_group_is_one_commit);
	tcase_add_test(t, the_same_once_more_changes_nothing);
	tcase_add_loop_test(t, a_poison_row, 0, sizeof(poison) / sizeof(poison[0]));
	tcase_add_test(t, mail_that_was_purged_first);
	tcase_add_test(t, a_bare_archive);
	suite_add_tcase(s, t);
	return s;
}
