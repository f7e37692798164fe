/* A role that a program adds by a row and a function: started, counted, replaced and stopped like the others. */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static struct daemon d;
static char exe[300], conf[300];
static const char *more[] = { "-c", conf, NULL };

/* The program lies beside the test daemon. False with another one: once is enough. */
static bool
begin(const char *settings)
{
	const char *slash;

	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return false;
	}
	slash = strrchr(d.exe, '/');
	snprintf(exe, sizeof(exe), "%.*s/roled", (int)(slash - d.exe), d.exe);
	snprintf(conf, sizeof(conf), "%s/conf", d.dir);
	d.exe = exe;
	daemon_write(&d, "conf", settings);
	daemon_start(&d, more);
	return true;
}

static void
end(void)
{
	ck_assert_int_eq(daemon_stop(&d), 0);
	ck_assert(!daemon_logged(&d, "panic"));
	daemon_fini(&d);
}

static void
reload(const char *settings)
{
	char answer[256];

	daemon_write(&d, "conf", settings);
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
}

/* Waits until that many clocks are there and ready, and no other. */
static void
clocks_are(int count)
{
	static char status[65536];
	int n, ready;

	for (int i = 0; i < 3000; i++) {
		ck_assert(daemon_ctl(&d, "status", status, sizeof(status)));
		n = ready = 0;
		for (char *p = status; (p = strstr(p, "{\"role\":\"clock\"")) != NULL; p++) {
			char *state = strstr(p, "\"state\":\"ready\""), *over = strchr(p, '}');

			n++;
			ready += state != NULL && state < over;
		}
		if (n == count && ready == count)
			return;
		usleep(5000);
	}
	ck_abort_msg("not %d clocks: %s", count, status);
}

START_TEST(row_and_function_make_a_role)
{
	char body[256], line[64];
	const char *log, *worker, *clock;
	pid_t pid;

	if (!begin("llm_parallel = 3\nworkers = 2\n"))
		return;
	clocks_are(2);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	snprintf(line, sizeof(line), "clock 1 runs as %ld with its pipe", geteuid() == 0 ? 65534L : (long)getuid());
	ck_assert(daemon_logged(&d, line));
	pid = daemon_child(&d, "clock", 1);
	ck_assert_int_eq(getpriority(PRIO_PROCESS, (id_t)pid), 3 + getpriority(PRIO_PROCESS, 0));
	kill(pid, SIGKILL);
	process_gone(pid);
	ck_assert_int_ne(daemon_child(&d, "clock", 1), pid);
	ck_assert_int_eq(daemon_stop(&d), 0);
	/* By the row's stop_order: workers first. */
	log = daemon_file(&d, "log");
	worker = strstr(log, "worker/0 (");
	while (worker != NULL && strncmp(strchr(worker, ')'), ") has left", 10) != 0)
		worker = strstr(worker + 1, "worker/0 (");
	clock = strstr(log, "clock/0 (");
	while (clock != NULL && strncmp(strchr(clock, ')'), ") has left", 10) != 0)
		clock = strstr(clock + 1, "clock/0 (");
	ck_assert(worker != NULL && clock != NULL && worker < clock);
	daemon_fini(&d);
}
END_TEST

/* Up, down, to nothing and back, while requests come. */
START_TEST(count_follows_a_reload)
{
	static const int counts[] = { 6, 2, 0, 15, 1 };
	char text[64];
	struct load l;

	if (!begin("llm_parallel = 2\nworkers = 2\n"))
		return;
	clocks_are(1);
	load_start(&l, d.port, 2);
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		snprintf(text, sizeof(text), "llm_parallel = %d\nworkers = 2\n", counts[i] + 1);
		reload(text);
		clocks_are(counts[i]);
		load_wait(&l, 20);
	}
	ck_assert_int_eq(load_stop(&l), 0);
	end();
}
END_TEST

SCENARIO_MAIN("role", row_and_function_make_a_role, count_follows_a_reload)
