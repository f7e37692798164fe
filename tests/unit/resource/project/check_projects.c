/*
 * The resources of projects and agents: recorded shapes (contract
 * recorded/reservations-resources.jsonl) and the list of the Rust port.
 */
#include <check.h>

#include "store/cx.h"
#include "support/people.h"
#include "support/resourcecall.h"
#include "support/toolcall.h"

#define TS "'2025-10-23T07:08:09.123456+00:00'"
#define LAKE \
	"{'id':1,'name':'BlueLake','program':'prog','model':'mod','task_description':'','inception_ts':" TS \
	",'last_active_ts':" TS ",'project_id':1,'attachments_policy':'auto'"
#define CASTLE \
	"{'id':2,'name':'GreenCastle','program':'prog','model':'mod','task_description':'','inception_ts':" TS \
	",'last_active_ts':" TS ",'project_id':1,'attachments_policy':'auto'"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

/* What the resource with this URI answers to one named text value; absent when it fails. */
static struct str
read_one(const char *uri, const char *name, const char *value)
{
	struct decode_pair pair = { str_c(name), str_c(value) };

	return resource_get(&f, uri, &pair, name != NULL);
}

START_TEST(project)
{
	struct project p = people_project(&f, "/data/h/alpha");

	people_agent(&f, &p, "BlueLake", "auto");
	people_agent(&f, &p, "GreenCastle", "auto");
	ck_json(read_one("resource://project/{slug}", "slug", "data-h-alpha"),
	    "{'id':1,'slug':'data-h-alpha','human_key':'/data/h/alpha','created_at':" TS ",'agents':[" LAKE "}," CASTLE
	    "}]}");
	ck_assert_ptr_null(read_one("resource://project/{slug}", "slug", "nope-nope").p);
	ck_fail(&f, ERR_NOT_FOUND, "Project 'nope-nope' not found");
}
END_TEST

START_TEST(agents)
{
	struct project p = people_project(&f, "/data/h/alpha");
	struct agent lake = people_agent(&f, &p, "BlueLake", "auto"),
		     castle = people_agent(&f, &p, "GreenCastle", "auto");

	people_mail(&f, &p, &lake, &castle, "one");
	people_letter(&f, &p, &lake, &castle, RECIPIENT_BCC, (struct outgoing){ .subject = STR("two") });
	fixture_sql(&f, "UPDATE agents SET retired_at = inception_ts WHERE name = 'GreenCastle'");
	ck_json(read_one("resource://agents/{project_key}", "project_key", "/data/h/alpha"),
	    "{'project':{'slug':'data-h-alpha','human_key':'/data/h/alpha'},'agents':[" LAKE ",'unread_count':0}],"
	    "'retired_agents':[" CASTLE ",'retired_at':" TS ",'unread_count':2}]}");
}
END_TEST

START_TEST(projects)
{
	people_project(&f, "/data/h/alpha");
	people_project(&f, "/data/h/test");
	fixture_sql(&f, "UPDATE projects SET archived_at = created_at WHERE id = 2");
	ck_json(read_one("resource://tooling/projects", NULL, NULL),
	    "[{'id':1,'slug':'data-h-alpha','human_key':'/data/h/alpha','created_at':" TS
	    "},{'id':2,'slug':'data-h-test',"
	    "'human_key':'/data/h/test','created_at':" TS ",'archived_at':" TS "}]");
	ck_json(read_one("resource://projects", "contains", "TEST"),
	    "[{'id':2,'slug':'data-h-test','human_key':'/data/h/test','created_at':" TS "}]");
	ck_json(read_one("resource://projects", "limit", "0"), "[]");
	ck_assert_ptr_null(read_one("resource://projects", "limit", "-1").p);
	ck_fail(&f, ERR_INVALID_LIMIT, "Invalid limit '-1'. Expected a non-negative integer.");
	ck_assert_ptr_null(read_one("resource://projects", "limit", "x").p);
}
END_TEST

Suite *
suite_projects(void)
{
	Suite *s = suite_create("projects");
	TCase *t = tcase_create("directory");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, project);
	tcase_add_test(t, agents);
	tcase_add_test(t, projects);
	suite_add_tcase(s, t);
	return s;
}
