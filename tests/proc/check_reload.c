/* HUP under load: a new generation serves, no request is lost; a broken configuration changes nothing. */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>

static struct daemon d;

START_TEST(reload_under_load_loses_nothing)
{
	struct load l;
	pid_t master;

	daemon_init(&d);
	daemon_start(&d, NULL);
	master = d.pid;
	load_start(&l, d.port, 4);
	for (int i = 2; i <= 8; i++) {
		char line[64];

		daemon_signal(&d, SIGHUP);
		snprintf(line, sizeof(line), "generation %d serves", i);
		daemon_log_wait(&d, line, 1);
		load_wait(&l, 100);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(d.pid, master);
	ck_assert_int_eq(daemon_stop(&d), 0);
	ck_assert(!daemon_logged(&d, "error"));
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	daemon_fini(&d);
}
END_TEST

START_TEST(broken_configuration_changes_nothing)
{
	const char *more[] = { "-c", NULL, NULL };
	char path[300], answer[1024];
	struct load l;
	pid_t worker;

	daemon_init(&d);
	snprintf(path, sizeof(path), "%s/conf", d.dir);
	more[1] = path;
	daemon_write(&d, "conf", "log_level = debug\n");
	daemon_start(&d, more);
	load_start(&l, d.port, 2);
	worker = daemon_child(&d, "worker", 0);
	daemon_write(&d, "conf", "log_level = debug\nworkrs = 3\n");
	daemon_signal(&d, SIGHUP);
	daemon_log_wait(&d, "nothing was changed", 1);
	ck_assert(daemon_logged(&d, "did you mean 'workers'"));
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "error ", 6) == 0 && strstr(answer, "conf:2") != NULL, "%s", answer);
	/* So is one that no socket can be made for, or that opens the network without a token. */
	daemon_write(&d, "conf", "listen = 127.0.0.1, 192.0.2.1:1\nhttp_bearer_token = x\n");
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strstr(answer, "192.0.2.1") != NULL, "%s", answer);
	daemon_write(&d, "conf", "listen = 0.0.0.0\n");
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strstr(answer, "http_bearer_token") != NULL, "%s", answer);
	ck_assert_int_eq(daemon_child(&d, "worker", 0), worker);
	daemon_write(&d, "conf", "log_level = info\n");
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
	ck_assert_int_ne(daemon_child(&d, "worker", 0), worker);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* HUP after WINCH with a configuration that is refused: workers come back as they were, instead of none at all. */
START_TEST(refused_reload_brings_workers_back)
{
	const char *more[] = { "-c", NULL, NULL };
	char path[300], body[128];
	pid_t worker;

	daemon_init(&d);
	snprintf(path, sizeof(path), "%s/conf", d.dir);
	more[1] = path;
	daemon_write(&d, "conf", "log_level = debug\n");
	daemon_start(&d, more);
	worker = daemon_child(&d, "worker", 0);
	daemon_signal(&d, SIGWINCH);
	process_gone(worker);
	daemon_write(&d, "conf", "workrs = 3\n");
	daemon_signal(&d, SIGHUP);
	daemon_log_wait(&d, "workers come back as they were", 1);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* More and fewer workers, under load: growing adds sockets, shrinking retires them when they are empty. */
START_TEST(number_of_workers_changes_under_load)
{
	static const int counts[] = { 4, 1, 3, 2 };
	const char *more[] = { "-c", NULL, NULL };
	char path[300], text[64], answer[256];
	struct load l;
	int retired = 0;

	daemon_init(&d);
	snprintf(path, sizeof(path), "%s/conf", d.dir);
	more[1] = path;
	daemon_write(&d, "conf", "");
	daemon_start(&d, more);
	load_start(&l, d.port, 4);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(text, sizeof(text), "workers = %d\n", counts[i]);
		daemon_write(&d, "conf", text);
		ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
		ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
		ck_assert_int_gt(daemon_child(&d, "worker", counts[i] - 1), 0);
		load_wait(&l, 200);
		if (i > 0 && counts[i] < counts[i - 1])
			daemon_log_wait(&d, "retired sockets are closed", ++retired);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* All of them are ready in the newest generation. */
static void
workers_are(int count)
{
	for (int i = 0; i < count; i++)
		ck_assert_int_gt(daemon_child(&d, "worker", i), 0);
}

/*
 * Far beyond what the first start had room for, and back: the table of processes,
 * their descriptors and the scoreboard grow with it, twice, and nobody notices.
 */
START_TEST(workers_grow_without_a_limit_by_the_first_start)
{
	static const int counts[] = { 40, 1, 40, 2 };
	const char *more[] = { "-c", NULL, NULL };
	char path[300], text[64], answer[256];
	struct load l;

	daemon_init(&d);
	snprintf(path, sizeof(path), "%s/conf", d.dir);
	more[1] = path;
	daemon_write(&d, "conf", "workers = 2\n");
	daemon_start(&d, more);
	load_start(&l, d.port, 4);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(text, sizeof(text), "workers = %d\n", counts[i]);
		daemon_write(&d, "conf", text);
		ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
		ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
		workers_are(counts[i]);
		load_wait(&l, 200);
		if (i % 2 == 1)
			daemon_log_wait(&d, "retired sockets are closed", (int)i / 2 + 1);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	ck_assert(!daemon_logged(&d, "error"));
	daemon_fini(&d);
}
END_TEST

START_TEST(generation_that_is_not_ready_goes)
{
	char path[300], answer[256];
	const char *more[] = { "ready_timeout=1", NULL };
	struct load l;
	pid_t worker;

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	snprintf(path, sizeof(path), "%s/fail", d.dir);
	setenv("TESTD_FAIL_FILE", path, 1);
	daemon_start(&d, more);
	worker = daemon_child(&d, "worker", 1);
	load_start(&l, d.port, 2);
	daemon_write(&d, "fail", "late");
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strstr(answer, "ready_timeout") != NULL, "%s", answer);
	daemon_write(&d, "fail", "exit");
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strstr(answer, "ended before all were ready") != NULL, "%s", answer);
	load_wait(&l, 100);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_child(&d, "worker", 1), worker);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("reload", reload_under_load_loses_nothing, broken_configuration_changes_nothing,
    number_of_workers_changes_under_load, workers_grow_without_a_limit_by_the_first_start,
    generation_that_is_not_ready_goes, refused_reload_brings_workers_back)
