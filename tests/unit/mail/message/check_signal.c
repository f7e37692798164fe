/*
 * signal - the file's form and place, and that a fetch removes what it has seen and nothing later.
 */
#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/shm.h"
#include "mail/message/signal.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent lake, castle;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	f.conf->notifications_enabled = true;
}

static struct str
path(void)
{
	return signal_path(f.conf, &f.arena, STR("data-h-alpha"), STR("GreenCastle"));
}

static struct str
text(void)
{
	FILE *file = fopen(path().p, "r");
	char *buf = arena_get(&f.arena, 4096);
	size_t n;

	if (file == NULL)
		return STR_NONE;
	n = fread(buf, 1, 4096, file);
	fclose(file);
	return (struct str){ buf, n };
}

static int
put(int64_t id, int64_t created_ts)
{
	return signal_write(&f.cx,
	    &(struct signal){ STR("data-h-alpha"), STR("GreenCastle"), id, created_ts, STR("BlueLake"),
		STR("caf\xc3\xa9 \"now\""), STR("high") });
}

/* What lies in the directory besides the signal. */
static int
others(void)
{
	struct str dir = arena_printf(&f.arena, "%.*s/signals/projects/data-h-alpha/agents", FSTR(f.dir));
	DIR *d = opendir(dir.p);
	struct dirent *e;
	int n = 0;

	ck_assert_ptr_nonnull(d);
	while ((e = readdir(d)) != NULL)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
		    strcmp(e->d_name, "GreenCastle.signal") != 0;
	closedir(d);
	return n;
}

START_TEST(form)
{
	ck_assert_int_eq(put(7, FIXTURE_NOW), 0);
	ck_str(text(),
	    "{\n  \"timestamp\": \"2025-10-23T07:08:09.123456+00:00\",\n  \"project\": \"data-h-alpha\",\n"
	    "  \"agent\": \"GreenCastle\",\n  \"message\": {\n    \"id\": 7,\n    \"from\": \"BlueLake\",\n"
	    "    \"subject\": \"caf\\u00e9 \\\"now\\\"\",\n    \"importance\": \"high\"\n  }\n}");
	ck_assert_int_eq(others(), 0);
	f.conf->notifications_include_metadata = false;
	ck_assert_int_eq(put(8, FIXTURE_NOW), 0);
	ck_str(text(),
	    "{\n  \"timestamp\": \"2025-10-23T07:08:09.123456+00:00\",\n  \"project\": \"data-h-alpha\",\n"
	    "  \"agent\": \"GreenCastle\"\n}");
	ck_assert_int_eq(others(), 0);
}
END_TEST

START_TEST(nowhere_to_write)
{
	ck_assert_int_eq(put(7, FIXTURE_NOW), 0);
	ck_assert_int_eq(unlink(path().p), 0);
	ck_assert_int_eq(mkdir(path().p, 0700), 0);
	ck_assert_int_eq(put(8, FIXTURE_NOW), EISDIR);
	ck_assert_int_eq(others(), 0);
	f.conf->notifications_signals_dir = STR("/proc/version/signals");
	ck_assert_int_eq(put(8, FIXTURE_NOW), ENOTDIR);
}
END_TEST

START_TEST(removed_if_seen)
{
	ck_assert_int_eq(put(7, FIXTURE_NOW + 1), 0);
	signal_remove(&f.arena, path(), FIXTURE_NOW);
	ck_assert_ptr_nonnull(text().p);
	ck_assert_int_eq(others(), 0);
	signal_remove(&f.arena, path(), FIXTURE_NOW + 1);
	ck_assert_ptr_null(text().p);
	ck_assert_int_eq(others(), 0);
	signal_remove(&f.arena, path(), FIXTURE_NOW + 1);
}
END_TEST

static int fetched_agent, fetched_message;

static void
heard(const struct bus_event *e, void *arg)
{
	ck_assert_uint_eq(e->kind, TOPIC_FETCHED);
	fetched_agent = (int)e->id;
	fetched_message = (int)e->number;
}

/* Whatever was asked for; nobody else's fetch, and none that failed. */
START_TEST(by_fetch_inbox)
{
	static const char *const calls[] = { "'limit':1", "'mark_read':true", "'since_ts':'2030-01-01T00:00:00Z'" };
	struct shm *shm = shm_new(1);
	struct bus_cursor at = bus_now(shm_bus(shm));

	people_mail(&f, &p, &lake, &castle, "s");
	f.cx.shm = shm;
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		ck_assert_int_eq(put(1, FIXTURE_NOW), 0);
		tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/alpha','agent_name':'BlueLake'}");
		tool_fails(&f, "fetch_inbox",
		    "{'project_key':'/data/h/alpha','agent_name':'GreenCastle','since_ts':'x'}", ERR_INVALID_TIMESTAMP);
		ck_assert_ptr_nonnull(text().p);
		tool_ok(&f, "fetch_inbox",
		    arena_printf(&f.arena, "{'project_key':'/data/h/alpha','agent_name':'greencastle',%s}", calls[i]).p);
		ck_assert_msg(text().p == NULL, "%s", calls[i]);
		ck_assert(bus_drain(shm_bus(shm), &at, heard, NULL));
		ck_assert_int_eq(fetched_agent, castle.id);
		ck_assert_int_eq(fetched_message, 1);
	}
	f.cx.shm = NULL;
	shm_free(&shm);
}
END_TEST

START_TEST(left_alone_when_off)
{
	people_mail(&f, &p, &lake, &castle, "s");
	ck_assert_int_eq(put(1, FIXTURE_NOW), 0);
	f.conf->notifications_enabled = false;
	tool_ok(&f, "fetch_inbox", "{'project_key':'/data/h/alpha','agent_name':'GreenCastle'}");
	ck_assert_ptr_nonnull(text().p);
	f.conf->notifications_enabled = true;
}
END_TEST

Suite *
suite_signal(void)
{
	Suite *s = suite_create("signal");
	TCase *t = tcase_create("signal");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, form);
	tcase_add_test(t, nowhere_to_write);
	tcase_add_test(t, removed_if_seen);
	tcase_add_test(t, by_fetch_inbox);
	tcase_add_test(t, left_alone_when_off);
	suite_add_tcase(s, t);
	return s;
}
