/*
 * force_release_file_reservation, check_file_reservation_conflicts and
 * macro_file_reservation_cycle: the recorded cases, the letter, what is unknown.
 */
#include <check.h>

#include "conf/conf.h"
#include "mail/reservation/path_activity.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"

#define BLUE "'project_key':'/data/demo','agent_name':'BlueLake'"
#define GREEN "'project_key':'/data/demo','agent_name':'GreenCastle'"
#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)

static struct fixture f;
static struct project p;
static struct agent blue, green;

static void
setup(void)
{
	people_pair(&f, "/data/demo", "auto", &p, &blue, &green);
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['src/*'],'reason':'why','ttl_seconds':36000}");
}

static void
seen(struct path_activity s)
{
	s.known = true;
	ck_assert_int_eq(path_activity_store(&f.cx, 1, &s), 0);
}

START_TEST(not_there)
{
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':999999}", ERR_NOT_FOUND);
	ck_fail(&f, ERR_NOT_FOUND, "File reservation id=999999 not found for project '/data/demo'.");
	/* Another project's is not ours either. */
	people_project(&f, "/data/other");
	struct project other = people_project(&f, "/data/other");
	people_agent(&f, &other, "RedStone", "auto");
	tool_fails(&f, "force_release_file_reservation",
	    "{'project_key':'/data/other','agent_name':'RedStone','file_reservation_id':1}", ERR_NOT_FOUND);
}
END_TEST

START_TEST(already)
{
	tool_ok(&f, "release_file_reservations", "{" BLUE "}");
	fixture_tick(&f, SECOND);
	ck_json(tool_ok(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}"),
	    "{'released':0,'released_at':'2025-10-23T07:08:09.123456+00:00','already_released':true}");
}
END_TEST

START_TEST(expired)
{
	fixture_tick(&f, 10 * HOUR);
	ck_json(tool_ok(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}"),
	    "{'released':0,'released_at':'2025-10-23T17:08:09.123456+00:00','already_released':true,'expired':true}");
}
END_TEST

START_TEST(active)
{
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
	ck_fail(&f, ERR_RESERVATION_ACTIVE, "Reservation still shows recent activity; refusing forced release.");
	ck_has(fail_data_json(&f.cx.fail),
	    "{'file_reservation_id':1,'stale_reasons':['agent_recently_active','no_recent_mail_activity>900s',"
	    "'filesystem_activity_unknown','git_activity_unknown']}");
}
END_TEST

/* What nobody could see is no proof of absence. */
START_TEST(unknown)
{
	fixture_tick(&f, HOUR);
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
	seen((struct path_activity){ .matched = true, .files_ts = SECOND, .git_known = false });
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
	ck_has(fail_data_json(&f.cx.fail), "'no_recent_filesystem_activity>900s','git_activity_unknown'");
	/* Seen, but long ago. */
	seen((struct path_activity){ .matched = false });
	fixture_tick(&f, HOUR / 2);
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
}
END_TEST

START_TEST(somebody_works)
{
	fixture_tick(&f, HOUR);
	seen((struct path_activity){ .matched = true, .files_ts = f.cx.now - SECOND, .git_known = true });
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
	ck_has(fail_data_json(&f.cx.fail), "'filesystem_activity_recent','no_recent_git_activity>900s'");
	seen((struct path_activity){
	    .matched = true, .files_ts = SECOND, .git_known = true, .git_ts = f.cx.now - SECOND });
	tool_fails(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}", ERR_RESERVATION_ACTIVE);
	ck_has(fail_data_json(&f.cx.fail), "'git_activity_recent'");
}
END_TEST

START_TEST(stale)
{
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'open' WHERE name = 'BlueLake'");
	fixture_tick(&f, HOUR);
	seen((struct path_activity){ .matched = false });
	ck_json(tool_ok(&f, "force_release_file_reservation",
		    "{" GREEN ",'file_reservation_id':1,'note':'  please look  '}"),
	    "{'released':1,'released_at':'2025-10-23T08:08:09.123456+00:00','reservation':{'id':1,'agent':'BlueLake',"
	    "'path_pattern':'src/*','exclusive':true,'reason':'why','created_ts':'2025-10-23T07:08:09.123456+00:00',"
	    "'expires_ts':'2025-10-23T17:08:09.123456+00:00','released_ts':'2025-10-23T08:08:09.123456+00:00',"
	    "'stale_reasons':['agent_inactive>1800s','no_recent_mail_activity>900s','path_pattern_unmatched'],"
	    "'last_agent_activity_ts':'2025-10-23T07:08:09.123456+00:00','last_mail_activity_ts':null,"
	    "'last_filesystem_activity_ts':null,'last_git_activity_ts':null,'notified':true}}");
	ck_str(fixture_str(&f, "SELECT subject FROM messages"), "[file-reservations] Released stale lock on src/*");
	ck_has(fixture_str(&f, "SELECT body_md FROM messages"), "Observed signals:\n- agent_inactive>1800s\n");
	ck_has(fixture_str(&f, "SELECT body_md FROM messages"), "- last agent activity \xe2\x89\x88 60 minutes ago\n");
	ck_has(fixture_str(&f, "SELECT body_md FROM messages"), "inactivity threshold=1800s grace=900s");
	ck_has(fixture_str(&f, "SELECT body_md FROM messages"), "Additional note from GreenCastle:\nplease look\n");
	/* The record of the archive is clamped, the answer is not. */
	ck_has(fixture_str(&f, "SELECT payload FROM outbox WHERE kind = 4 ORDER BY id DESC LIMIT 1"),
	    "'expires_ts':'2025-10-23T08:08:09.123456+00:00','released_ts'");
}
END_TEST

START_TEST(quietly)
{
	fixture_tick(&f, HOUR);
	seen((struct path_activity){ .matched = false });
	ck_has(tool_ok(
		   &f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1,'notify_previous':false}"),
	    "'notified':false}}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
}
END_TEST

/* A stranger's letter needs a contact: it is asked for, and stays asked for. */
START_TEST(contact_needed)
{
	fixture_tick(&f, HOUR);
	seen((struct path_activity){ .matched = false });
	ck_has(tool_ok(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}"),
	    "'notified':false,'notification_error':{'type':'CONTACT_REQUIRED'");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agent_links WHERE status = 'pending'"), 1);
}
END_TEST

/* The holder's policy stops the letter, not the release. */
START_TEST(letter_refused)
{
	fixture_sql(&f, "UPDATE agents SET contact_policy = 'block_all' WHERE name = 'BlueLake'");
	fixture_tick(&f, HOUR);
	seen((struct path_activity){ .matched = false });
	ck_has(tool_ok(&f, "force_release_file_reservation", "{" GREEN ",'file_reservation_id':1}"),
	    "'notified':false,'notification_error':{'type':'CONTACT_BLOCKED'");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	ck_assert_int_eq(fixture_int(&f, "SELECT released_ts IS NOT NULL FROM file_reservations"), 1);
}
END_TEST

START_TEST(conflicts)
{
	tool_ok(&f, "file_reservation_paths", "{" BLUE ",'paths':['shared/x'],'exclusive':false}");
	tool_ok(&f, "file_reservation_paths", "{" GREEN ",'paths':['mine']}");
	ck_json(tool_ok(&f, "check_file_reservation_conflicts",
		    "{" GREEN ",'paths':['src//a.py','docs/x','src/a.py','shared/x']}"),
	    "{'conflict_free':false,'conflicts':[{'path':'src/a.py','holders':[{'agent':'BlueLake','path_pattern':'src/*',"
	    "'exclusive':true,'expires_ts':'2025-10-23T17:08:09.123456+00:00'}]}],'own_active':[{'id':3,"
	    "'path_pattern':'mine','exclusive':true,'expires_ts':'2025-10-23T08:08:09.123456+00:00'}],"
	    "'clear_paths':['docs/x','shared/x'],'checked_paths':3,'total_conflicting_reservations':1,"
	    "'output_truncated':false,'project':'/data/demo','snapshot_ts':'2025-10-23T07:08:09.123456+00:00',"
	    "'authoritative_source':'database_snapshot','read_only':true}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 3);
}
END_TEST

static const struct {
	const char *args;
	enum err code;
} closed[] = {
	{ "{" GREEN ",'paths':[]}", ERR_EMPTY_PATHS },
	{ "{" GREEN ",'paths':['a','../x']}", ERR_INVALID_PATH },
	{ "{" GREEN ",'paths':['a\\u0000b']}", ERR_INVALID_PATH },
	{ "{" GREEN ",'paths':['[broken']}", ERR_INVALID_PATH_PATTERN },
	{ "{" GREEN ",'paths':[' ']}", ERR_INVALID_PATH_PATTERN },
	{ "{'project_key':'/data/none','agent_name':'x','paths':['a']}", ERR_NOT_FOUND },
	{ "{'project_key':'/data/demo','agent_name':'RedRiver','paths':['a']}", ERR_NOT_FOUND },
};

START_TEST(fails_closed)
{
	tool_fails(&f, "check_file_reservation_conflicts", closed[_i].args, closed[_i].code);
	ck_has(fail_data_json(&f.cx.fail), "'fail_closed':true,'do_not_edit':[");
	if (closed[_i].code == ERR_NOT_FOUND)
		ck_has(fail_data_json(&f.cx.fail), "'reservation_acquire':{'operation'");
}
END_TEST

START_TEST(cycle)
{
	ck_json(tool_ok(&f, "macro_file_reservation_cycle", "{" GREEN ",'paths':['m1']}"),
	    "{'file_reservations':{'granted':[{'id':2,'path_pattern':'m1','exclusive':true,"
	    "'reason':'macro-file_reservation','expires_ts':'2025-10-23T08:08:09.123456+00:00'}],'conflicts':[]},"
	    "'released':null}");
	ck_has(tool_ok(&f, "macro_file_reservation_cycle", "{" GREEN ",'paths':['src/a','lib/**'],'auto_release':true}"),
	    "'released':{'released':2,'released_at':'2025-10-23T07:08:09.123456+00:00'}}");
	/* m1 is none of its paths. */
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 2);
	tool_fails(&f, "macro_file_reservation_cycle", "{" GREEN ",'paths':[]}", ERR_EMPTY_PATHS);
}
END_TEST

Suite *
suite_force_release(void)
{
	Suite *s = suite_create("force_release");
	TCase *t = tcase_create("force_release");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, not_there);
	tcase_add_test(t, already);
	tcase_add_test(t, expired);
	tcase_add_test(t, active);
	tcase_add_test(t, unknown);
	tcase_add_test(t, somebody_works);
	tcase_add_test(t, stale);
	tcase_add_test(t, quietly);
	tcase_add_test(t, contact_needed);
	tcase_add_test(t, letter_refused);
	tcase_add_test(t, conflicts);
	tcase_add_loop_test(t, fails_closed, 0, sizeof(closed) / sizeof(closed[0]));
	tcase_add_test(t, cycle);
	suite_add_tcase(s, t);
	return s;
}
