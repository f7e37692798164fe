/*
 * The tooling resources and identity: recorded shapes, and that what they say is
 * true of the shared segment.
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/json_read.h"
#include "conf/conf.h"
#include "ipc/call_log.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "resource/registry.h"
#include "support/opcall.h"
#include "resource/uri.h"
#include "store/cx.h"
#include "support/people.h"
#include "support/toolcall.h"
#include "tool/registry.h"

#define TS "'2025-10-23T07:08:09.123456+00:00'"

static struct fixture f;
static struct shm *shm;

static void
setup(void)
{
	fixture_init(&f);
	shm = shm_new(3);
	f.cx.shm = shm;
}

static void
teardown(void)
{
	shm_free(&shm);
	fixture_fini(&f);
}

/* What the URI answers; absent when it fails. */
static struct str
read_uri(const char *uri)
{
	struct operation_call c;
	struct resource_match m;

	fixture_again(&f);
	f.cx.shm = shm;
	ck_assert_msg(resource_match(&f.arena, str_c(uri), &m), "%s", uri);
	if (opcall(&f, &m.row->op,
		&(struct operation_input){ .dialect = DIALECT_TEXT, .pairs = m.pairs, .npairs = m.npairs }, NULL,
		&c) != 0)
		return STR_NONE;
	return buf_flat(&c.value);
}

static struct jr
parsed(const char *uri)
{
	struct jr_error why;
	struct jr doc;

	ck_assert_msg(jr_parse(&f.arena, read_uri(uri), &doc, &why), "%s: %s", uri, why.why);
	return doc;
}

/* Walks objects and, for "[n]", arrays: "clusters.0.name". */
static struct jr
at(struct jr v, const char *path)
{
	struct str rest = str_c(path), part;
	int64_t i;

	while (str_next(&rest, '.', &part))
		v = str_int(part, &i) ? jr_at(v, (size_t)i) : jr_get(v, arena_cstr(&f.arena, part));
	return v;
}

static void
called(const char *tool, int slot, uint64_t us, int failed)
{
	hist_add(&shm_slot(shm, slot)->hist[tool_index(tool_find(str_c(tool)))], us, failed);
}

START_TEST(metrics)
{
	ck_json(read_uri("resource://tooling/metrics"), "{'generated_at':" TS ",'tools':[]}");
	called("register_agent", 0, 100, 0);
	called("register_agent", 2, 100, 1);
	called("ensure_project", 1, 100, 0);
	ck_json(read_uri("resource://tooling/metrics"),
	    "{'generated_at':" TS ",'tools':[{'name':'ensure_project','calls':1,'errors':0,'cluster':'infrastructure',"
	    "'capabilities':['infrastructure','storage'],'complexity':'low'},{'name':'register_agent','calls':2,'errors':1,"
	    "'cluster':'identity','capabilities':['identity'],'complexity':'medium'}]}");
	shm_free(&shm);
	ck_json(read_uri("resource://tooling/metrics"), "{'generated_at':" TS ",'tools':[]}");
}
END_TEST

START_TEST(locks)
{
	ck_json(read_uri("resource://tooling/locks"),
	    "{'locks':[],'summary':{'total':0,'active':0,'stale':0,'metadata_missing':0}}");
}
END_TEST

static void
recent(int64_t ago_us, const char *tool, const char *project, const char *agent)
{
	call_log_add(shm_call_log(shm),
	    &(struct logged_call){ FIXTURE_NOW - ago_us, (unsigned)tool_index(tool_find(str_c(tool))), str_c(project),
		str_c(agent), 0, ERR_NONE, 0 });
}

#define ENTRY(ts, tool, project, agent, cluster) \
	"{'timestamp':'" ts "','tool':'" tool "','project':" project ",'agent':" agent ",'cluster':'" cluster "'}"

START_TEST(recent_calls)
{
	recent(90 * USEC, "whois", "/p", "BlueLake");
	recent(30 * USEC, "ensure_project", "/p", NULL);
	recent(USEC / 2, "register_agent", "p", "BlueLake");
	ck_json(read_uri("resource://tooling/recent/60"),
	    "{'generated_at':" TS ",'window_seconds':60,'count':2,'entries':[" ENTRY("2025-10-23T07:07:39.123456+00:00",
		"ensure_project", "'/p'", "null", "infrastructure") "," ENTRY("2025-10-23T07:08:08.623456+00:00",
		"register_agent", "'p'", "'BlueLake'", "identity") "]}");
	ck_has(read_uri("resource://tooling/recent/abc"), "'window_seconds':60,'count':2");
	ck_has(read_uri("resource://tooling/recent/-5"), "'window_seconds':-5,'count':1");
	ck_has(read_uri("resource://tooling/recent/9223372036854775807"), "'count':3");
	ck_has(read_uri("resource://tooling/recent/100?project=/p"), "'count':2");
	ck_has(read_uri("resource://tooling/recent/100?project=/p&agent=BlueLake"),
	    "'count':1,'entries':[{'timestamp':'2025-10-23T07:06:39");
	ck_has(read_uri("resource://tooling/recent/100?agent=bluelake"), "'count':0,'entries':[]");
}
END_TEST

START_TEST(directory)
{
	struct jr d = parsed("resource://tooling/directory");
	size_t entries = 0, found = 0;

	ck_str(jr_str(at(d, "metrics_uri")), "resource://tooling/metrics");
	ck_str(jr_str(at(d, "output_formats.toon_envelope.meta.requested")), "toon");
	ck_assert_uint_eq(jr_len(at(d, "clusters")), 7);
	ck_str(jr_str(at(d, "clusters.0.name")), "Infrastructure & Workspace Setup");
	ck_assert_uint_eq(jr_len(at(d, "playbooks")), 5);
	ck_str(jr_str(at(d, "playbooks.0.sequence.1")), "macro_start_session");
	for (size_t c = 0; c < 7; c++) {
		struct jr tools = jr_get(jr_at(jr_get(d, "clusters"), c), "tools");

		for (size_t i = 0; i < jr_len(tools); i++, entries++) {
			struct jr t = jr_at(tools, i), sample;
			struct jr_error why;

			found += tool_find(jr_str(jr_get(t, "name"))) != NULL;
			ck_assert_msg(jr_parse(&f.arena, jr_str(at(t, "usage_examples.0.sample")), &sample, &why),
			    "%.*s", (int)jr_str(jr_get(t, "name")).n, jr_str(jr_get(t, "name")).p);
		}
	}
	ck_assert_uint_eq(entries, 25);
	ck_assert_uint_ge(found, 19);
	ck_str(jr_str(at(d, "clusters.0.tools.1.complexity")), "low");
	ck_str(jr_str(at(d, "clusters.0.tools.1.required_capabilities.1")), "storage");
}
END_TEST

/* Samples of tools that we have are calls that we would take. */
START_TEST(samples_are_valid)
{
	struct jr clusters = jr_get(parsed("resource://tooling/directory"), "clusters");

	for (size_t c = 0; c < jr_len(clusters); c++) {
		struct jr tools = jr_get(jr_at(clusters, c), "tools");

		for (size_t i = 0; i < jr_len(tools); i++) {
			const struct tool *t = tool_find(jr_str(jr_get(jr_at(tools, i), "name")));
			struct operation_call call;
			struct jr_error why;
			struct jr sample;

			if (t == NULL)
				continue;
			ck_assert(
			    jr_parse(&f.arena, jr_str(at(jr_at(tools, i), "usage_examples.0.sample")), &sample, &why));
			fixture_again(&f);
			operation_call_init(&call, &f.cx, &t->op);
			ck_assert_msg(operation_decode(&call,
					  &(struct operation_input){ .dialect = DIALECT_MCP, .args = sample }) == 0,
			    "%s: %.*s", t->op.name, FSTR(f.cx.fail.msg));
		}
	}
}
END_TEST

START_TEST(schemas)
{
	struct str text = read_uri("resource://tooling/schemas");
	struct jr d = parsed("resource://tooling/schemas");

	ck_has(text,
	    "{'generated_at':" TS
	    ",'global_optional':['format'],'output_formats':{'default':'json','tool_param':'format',"
	    "'resource_query':'format','values':['json','toon'],'toon_envelope':{'format':'toon','data':'<TOON>','meta':"
	    "{'requested':'toon'}}},'tools':{'send_message':{'required':['project_key','sender_name','to','subject',"
	    "'body_md'],'optional':['cc','bcc','attachment_paths','convert_images','importance','ack_required',"
	    "'thread_id','auto_contact_if_blocked','");
	ck_has(text,
	    "'required':['project_key','requester|agent_name','target|to_agent'],'optional':['reason','ttl_seconds',"
	    "'auto_accept','welcome_subject','welcome_body'");
	ck_has(text, "'aliases':{'requester':['agent_name'],'target':['to_agent']}}}}");
	ck_str(jr_str(at(d, "tools.send_message.shapes.to")), "list[str] | str");
}
END_TEST

static void
capabilities_file(const char *text)
{
	f.conf->capabilities_file = arena_printf(&f.arena, "%.*s/caps.json", FSTR(f.dir));
	FILE *out = fopen(arena_cstr(&f.arena, f.conf->capabilities_file), "w");

	fputs(toolcall_quotes(&f, text), out);
	fclose(out);
}

START_TEST(capabilities)
{
	ck_json(read_uri("resource://tooling/capabilities/BlueLake"),
	    "{'generated_at':" TS ",'agent':'BlueLake','project':null,'capabilities':[]}");
	capabilities_file(
	    "{'agents':[{'name':'BlueLake','capabilities':['read','ack']},{'name':'BlueLake','project':'/p',"
	    "'capabilities':['write','read']},{'name':'RedFox','capabilities':['x']},'odd']}");
	ck_has(read_uri("resource://tooling/capabilities/BlueLake"),
	    "'project':null,'capabilities':['ack','read','write']}");
	ck_has(read_uri("resource://tooling/capabilities/BlueLake?project=/p"),
	    "'project':'/p','capabilities':['read','write']}");
	ck_has(read_uri("resource://tooling/capabilities/bluelake"), "'capabilities':[]");
	capabilities_file("{");
	ck_assert_ptr_null(read_uri("resource://tooling/capabilities/BlueLake").p);
	ck_fail(&f, ERR_CONFIGURATION_ERROR, "capabilities_file is no JSON");
	f.conf->capabilities_file = STR("/nowhere/at/all");
	ck_has(read_uri("resource://tooling/capabilities/BlueLake"), "'capabilities':[]");
}
END_TEST

#define NULLS \
	"'repo_root':null,'git_common_dir':null,'branch':null,'worktree_name':null,'core_ignorecase':null," \
	"'normalized_remote':null,'project_uid':null,'discovery':null}"

START_TEST(identity)
{
	people_project(&f, "/data/h/alpha");
	ck_json(read_uri("resource://identity/data-h-alpha"),
	    "{'slug':'data-h-alpha','identity_mode_used':'dir','canonical_path':'/data/h/alpha','human_key':'/data/h/alpha'," NULLS);
	ck_has(read_uri("resource://identity/%2Fdata%2Fh%2Falpha"), "'slug':'data-h-alpha'");
	/* The project need not exist; nothing is made by looking. */
	ck_has(read_uri("resource://identity/%2Fnot%2F.%2Fknown%2F"),
	    "{'slug':'not-known','identity_mode_used':'dir','canonical_path':'/not/known'");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM projects"), 1);
	ck_assert_ptr_null(read_uri("resource://identity/nope").p);
	ck_fail(&f, ERR_NOT_FOUND, "Project 'nope' not found");
	ck_assert_ptr_null(read_uri("resource://identity/.%2Fx").p);
	ck_fail(&f, ERR_INVALID_ARGUMENT, "relative path");
}
END_TEST

START_TEST(core)
{
	struct jr d;

	called("search_messages", 0, 1000, 0);
	called("whois", 1, 1000, 1);
	counter_add(shm_slot(shm, 0), C_requests_total, 5);
	counter_add(shm_slot(shm, 1), C_requests_total, 2);
	counter_add(shm_slot(shm, 1), C_transactions_total, 3);
	d = parsed("resource://tooling/metrics_core");
	ck_assert(at(d, "generated_at").type == JR_NULL);
	ck_str(jr_str(at(d, "health_level")), "green");
	ck_assert_int_eq(jr_int(at(d, "metrics.http.requests_total")), 7);
	ck_assert_int_eq(jr_int(at(d, "metrics.tools.tool_calls_total")), 2);
	ck_assert_int_eq(jr_int(at(d, "metrics.tools.tool_errors_total")), 1);
	ck_assert_int_ge(jr_int(at(d, "metrics.tools.tool_latency_us.p50")), 1000);
	ck_assert_int_eq(jr_int(at(d, "metrics.search.queries_total")), 1);
	ck_assert_int_eq(jr_int(at(d, "metrics.storage.wbq_capacity")), f.conf->outbox_max_rows);
	ck_assert_int_gt(jr_int(at(d, "metrics.system.disk_db_free_bytes")), 0);
	ck_str(jr_str(at(d, "lock_contention.0.lock_name")), "write_gate");
}
END_TEST

START_TEST(health_follows_the_archive)
{
	strcpy(shm_slot(shm, 2)->role, ROLE_ARCHIVER);
	atomic_store(&shm_slot(shm, 2)->state, SLOT_READY);
	counter_set(shm_slot(shm, 2), C_archive_lag_us, 6 * USEC);
	ck_str(jr_str(at(parsed("resource://tooling/metrics_core"), "health_level")), "yellow");
	counter_set(shm_slot(shm, 2), C_archive_lag_us, 31 * USEC);
	ck_str(jr_str(at(parsed("resource://tooling/metrics_core"), "health_level")), "red");
	counter_set(shm_slot(shm, 2), C_archive_lag_us, 0);
	f.conf->outbox_max_rows = 10;
	for (int i = 0; i < 9; i++)
		fixture_sql(&f, "INSERT INTO outbox (kind, project_id, ref_id, created_ts) VALUES (1, 1, 1, 1)");
	ck_str(jr_str(at(parsed("resource://tooling/diagnostics"), "health.level")), "red");
	ck_assert_int_eq(jr_int(at(parsed("resource://tooling/diagnostics"), "health.signals.wbq_depth_pct")), 90);
	ck_str(jr_str(at(parsed("resource://tooling/diagnostics"), "recommendations.0.severity")), "critical");
	ck_str(jr_str(at(parsed("resource://tooling/diagnostics"), "recommendations.0.subsystem")), "writes");
}
END_TEST

START_TEST(diagnostics)
{
	struct jr d = parsed("resource://tooling/diagnostics");

	ck_str(jr_str(at(d, "health.level")), "green");
	ck_assert_uint_eq(jr_len(at(d, "recommendations")), 0);
	ck_assert(str_find(read_uri("resource://tooling/diagnostics"), STR("{\n  \"generated_at\"")) == 0);
	called("whois", 0, 900000, 0);
	called("ensure_project", 0, 900, 0);
	d = parsed("resource://tooling/diagnostics");
	ck_assert_uint_eq(jr_len(at(d, "tools_detail")), 2);
	ck_str(jr_str(at(d, "tools_detail.0.name")), "ensure_project");
	ck_assert(!jr_bool(at(d, "tools_detail.0.latency.is_slow")));
	ck_str(jr_str(at(d, "slow_tools.0.name")), "whois");
	ck_str(jr_str(at(d, "recommendations.0.subsystem")), "tools");
	for (int i = 0; i < 200; i++)
		called("ensure_project", 0, 900, 1);
	ck_assert_uint_eq(jr_len(at(parsed("resource://tooling/diagnostics"), "recommendations")), 2);
	for (size_t i = 0; tool_registry[i] != NULL; i++)
		called(tool_registry[i]->op.name, 1, 2000000, 1);
	ck_assert_uint_lt(read_uri("resource://tooling/diagnostics").n, 102400);
}
END_TEST

Suite *
suite_tooling(void)
{
	Suite *s = suite_create("tooling");
	TCase *t = tcase_create("tooling");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, metrics);
	tcase_add_test(t, locks);
	tcase_add_test(t, recent_calls);
	tcase_add_test(t, directory);
	tcase_add_test(t, samples_are_valid);
	tcase_add_test(t, schemas);
	tcase_add_test(t, capabilities);
	tcase_add_test(t, identity);
	tcase_add_test(t, core);
	tcase_add_test(t, health_follows_the_archive);
	tcase_add_test(t, diagnostics);
	suite_add_tcase(s, t);
	return s;
}
