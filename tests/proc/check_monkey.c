/*
 * A monkey at the signals: whatever comes while something else goes on, at the
 * end one daemon serves, complete, without a stray process.
 *
 * MONKEY_SEED and MONKEY_STEPS repeat and lengthen a run.
 */
#include "support/scenario.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct daemon d;
static unsigned long seed;

static unsigned
dice(unsigned below)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(seed >> 33) % below;
}

static void
kill_somebody(void)
{
	static const char *const roles[] = { "worker", "worker", "archiver", "keeper" };
	unsigned i = dice(4);
	char status[16384], head[64], *p;

	if (!daemon_ctl(&d, "status", status, sizeof(status)))
		return;
	snprintf(head, sizeof(head), "{\"role\":\"%s\",\"index\":%u,\"pid\":", roles[i], i == 1);
	if ((p = strstr(status, head)) != NULL)
		kill((pid_t)strtol(p + strlen(head), NULL, 10), dice(2) ? SIGKILL : SIGTERM);
}

/* step - one thing, and one time in two the next follows at once. */
static int
step(void)
{
	static const int signals[] = { SIGHUP, SIGHUP, SIGUSR1, SIGUSR2, SIGWINCH };
	unsigned what = dice(8);
	pid_t master = daemon_pidfile(&d, "agentmaild.pid");
	int killed = 0;

	if (what < 5 && master > 1)
		kill(master, signals[what]);
	if (what == 4 && master > 1)
		kill(master, SIGHUP);
	if (what > 4) {
		kill_somebody();
		killed = 1;
	}
	if (dice(2))
		usleep(dice(60) * 1000);
	return killed;
}

static int
count_processes(const char *status)
{
	int n = 0;

	for (; (status = strstr(status, "\"pid\":")) != NULL; status++)
		n++;
	return n - 1;
}

START_TEST(whatever_comes)
{
	const char *s = getenv("MONKEY_SEED"), *n = getenv("MONKEY_STEPS");
	int steps = n != NULL ? atoi(n) : 60, killed = 0, everybody;
	char status[16384], body[256];
	struct load l;
	pid_t master;

	seed = s != NULL ? strtoul(s, NULL, 10) : (unsigned long)getpid();
	fprintf(stderr, "monkey: MONKEY_SEED=%lu\n", seed);
	daemon_init(&d);
	daemon_start(&d, NULL);
	ck_assert(daemon_ctl(&d, "status", status, sizeof(status)));
	everybody = count_processes(status);
	load_start(&l, d.port, 2);
	for (int i = 0; i < steps; i++)
		killed += step();
	/* Quiet: the last reload and the last upgrade end, everybody is there. */
	for (int i = 0;; i++) {
		if (daemon_ctl(&d, "status", status, sizeof(status)) &&
		    strstr(status, "\"phase\":\"serving\"") != NULL && count_processes(status) == everybody &&
		    strstr(status, "\"state\":\"draining\"") == NULL &&
		    strstr(status, "\"state\":\"starting\"") == NULL && daemon_pidfile(&d, "agentmaild.pid.old") == 0)
			break;
		ck_assert_msg(i < 3000, "never came to rest: %s", status);
		usleep(10000);
	}
	load_wait(&l, 50);
	ck_assert_int_le(load_stop(&l), killed * 2);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	ck_assert(!daemon_logged(&d, "panic"));
	master = daemon_pidfile(&d, "agentmaild.pid");
	kill(master, SIGTERM);
	process_gone(master);
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("monkey", whatever_comes)
