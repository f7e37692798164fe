/* Starting and stopping: true exit codes, one daemon per state directory, titles, notifications. */
#include "support/scenario.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct daemon d;

static void
path_in(char out[300], const char *name)
{
	snprintf(out, 300, "%s/%s", d.dir, name);
}

START_TEST(background_returns_when_all_serve)
{
	char body[128], path[300];
	pid_t pid;

	daemon_init(&d);
	daemon_spawn(&d, true, NULL);
	ck_assert_int_eq(daemon_wait(&d), 0);
	/* Everybody is there at once: nothing to wait for. */
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	pid = daemon_pidfile(&d, "agentmaild.pid");
	ck_assert_int_gt(pid, 0);
	ck_assert(process_lives(pid));
	ck_assert_int_eq(getsid(pid) == getsid(0), 0);
	snprintf(path, sizeof(path), "/proc/%d/fd/2", (int)pid);
	ck_assert_int_gt(readlink(path, body, sizeof(body) - 1), 0);
	ck_assert_int_eq(strncmp(body, "/dev/null", 9), 0);
	kill(pid, SIGTERM);
	process_gone(pid);
	path_in(path, "agentmaild.pid");
	ck_assert_int_ne(access(path, F_OK), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(background_tells_why_not)
{
	daemon_init(&d);
	if (!daemon_is_test(&d)) {
		daemon_fini(&d);
		return;
	}
	setenv("TESTD_FAIL", "config", 1);
	daemon_spawn(&d, true, NULL);
	ck_assert_int_eq(daemon_wait(&d), 78);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "refuses the configuration"));
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "the worker does not like it"));
	daemon_fini(&d);

	daemon_init(&d);
	setenv("TESTD_FAIL", "archiver", 1);
	daemon_spawn(&d, true, NULL);
	ck_assert_int_eq(daemon_wait(&d), 78);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "archiver refuses"));
	daemon_fini(&d);

	daemon_init(&d);
	setenv("TESTD_FAIL", "exit", 1);
	daemon_spawn(&d, true, (const char *const[]){ "ready_timeout=1", NULL });
	ck_assert_int_eq(daemon_wait(&d), 1);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "ended before they were ready"));
	daemon_fini(&d);
	unsetenv("TESTD_FAIL");
}
END_TEST

START_TEST(wrong_settings_are_78_and_named)
{
	static const struct {
		const char *option, *says;
	} rows[] = {
		{ "workrs=2", "did you mean 'workers'" },
		{ "listen=0.0.0.0", "http_bearer_token" },
		{ "listen=[::]:80", "http_bearer_token" },
		{ "listen=unix:relative", "absolute path" },
		{ "listen=127.0.0.1:99999", "listen" },
		{ "unix_mode=rw", "unix_mode" },
		{ "pid_file=/proc/none/x.pid", "pid_file" },
		{ "database=/proc/none/x.db", "database" },
		{ "log_file=/proc/none/x.log", "log_file" },
		{ "listen=192.0.2.1 127.0.0.1", "192.0.2.1" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool token = strncmp(rows[i].option, "listen=192", 10) == 0;
		const char *more[] = { rows[i].option, token ? "http_bearer_token=x" : NULL, NULL };

		for (int background = 0; background < 2; background++) {
			const char *said;

			daemon_init(&d);
			daemon_spawn(&d, background, more);
			ck_assert_msg(daemon_wait(&d) == 78, "%s", rows[i].option);
			said = strstr(daemon_file(&d, "stderr"), rows[i].says);
			ck_assert_msg(said != NULL || (!background && daemon_logged(&d, rows[i].says)), "%s: %s",
			    rows[i].option, daemon_file(&d, "stderr"));
			daemon_fini(&d);
		}
	}
}
END_TEST

START_TEST(second_instance_is_refused)
{
	char pid[32];
	struct daemon other;
	int port;

	daemon_init(&d);
	daemon_start(&d, NULL);
	other = d;
	port = other.port = free_port();
	daemon_spawn(&other, true, NULL);
	ck_assert_int_eq(daemon_wait(&other), 78);
	snprintf(pid, sizeof(pid), "process %d is running", (int)d.pid);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), pid));
	ck_assert_int_eq(daemon_child(&d, "worker", 0) > 0, 1);
	/* Another state directory, the same port: refused too, although SO_REUSEPORT would allow it. */
	daemon_init(&other);
	other.port = d.port;
	daemon_spawn(&other, true, NULL);
	ck_assert_int_eq(daemon_wait(&other), 78);
	ck_assert_ptr_nonnull(strstr(daemon_file(&other, "stderr"), "Address already in use"));
	ck_assert_int_ne(port, d.port);
	daemon_fini(&other);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

static void
shows(pid_t pid, const char *title)
{
	char path[64], text[256] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	fd = open(path, O_RDONLY);
	ck_assert_int_gt(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	ck_assert_str_eq(text, title);
}

START_TEST(ps_shows_roles)
{
	daemon_init(&d);
	daemon_start(&d, NULL);
	shows(d.pid, "agentmaild: master");
	shows(daemon_child(&d, "worker", 0), "agentmaild: worker 0");
	shows(daemon_child(&d, "worker", 1), "agentmaild: worker 1");
	shows(daemon_child(&d, "archiver", 0), "agentmaild: archiver");
	shows(daemon_child(&d, "keeper", 0), "agentmaild: keeper");
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(service_manager_is_told)
{
	daemon_init(&d);
	setenv("WATCHDOG_USEC", "400000", 1);
	daemon_start(&d, NULL);
	daemon_notified(&d, "WATCHDOG=1", 1);
	daemon_signal(&d, SIGHUP);
	daemon_notified(&d, "RELOADING=1\nMONOTONIC_USEC=", 1);
	daemon_notified(&d, "READY=1", 2);
	daemon_signal(&d, SIGTERM);
	daemon_notified(&d, "STOPPING=1", 1);
	ck_assert_int_eq(daemon_wait(&d), 0);
	daemon_fini(&d);
	unsetenv("WATCHDOG_USEC");
}
END_TEST

START_TEST(stops)
{
	static const int signals[] = { SIGTERM, SIGINT, SIGQUIT };
	char answer[256], status[16384];

	for (size_t i = 0; i < 3; i++) {
		daemon_init(&d);
		daemon_start(&d, NULL);
		daemon_signal(&d, signals[i]);
		ck_assert_int_eq(daemon_wait(&d), 0);
		daemon_fini(&d);
	}
	daemon_init(&d);
	daemon_start(&d, NULL);
	ck_assert(daemon_ctl(&d, "dance", answer, sizeof(answer)));
	ck_assert_ptr_nonnull(strstr(answer, "status reload reopen upgrade stop"));
	ck_assert(daemon_ctl(&d, "status", status, sizeof(status)));
	ck_assert_ptr_nonnull(strstr(status, "\"health\":{\"level\":\""));
	ck_assert(daemon_ctl(&d, "stop", answer, sizeof(answer)));
	ck_assert_str_eq(answer, "ok stopping");
	ck_assert_int_eq(daemon_wait(&d), 0);
	daemon_fini(&d);
}
END_TEST

/* TERM lets a running request finish; another one does not wait for it. */
START_TEST(graceful_and_fast)
{
	char body[256];
	int status;
	pid_t client;

	for (int second = 0; second < 2; second++) {
		daemon_init(&d);
		if (!daemon_is_test(&d)) {
			daemon_fini(&d);
			return;
		}
		daemon_start(&d, NULL);
		client = fork();
		if (client == 0)
			_exit(http_get(d.port, second ? "/hang" : "/slow", body, sizeof(body)) == 200 ? 0 : 1);
		daemon_log_wait(&d, "asked for /", 1);
		daemon_signal(&d, SIGTERM);
		daemon_log_wait(&d, "stopping: finishing what runs", 1);
		if (second) {
			daemon_signal(&d, SIGTERM);
			daemon_log_wait(&d, "stopping: fast", 1);
		}
		ck_assert_int_eq(daemon_wait(&d), 0);
		ck_assert_int_eq(waitpid(client, &status, 0), client);
		ck_assert_int_eq(status != 0, second);
		daemon_fini(&d);
	}
}
END_TEST

/* WINCH: workers go, master and sockets stay; HUP brings them back, and what waited is served. */
START_TEST(winch_and_back)
{
	char body[128];
	pid_t worker;

	daemon_init(&d);
	daemon_start(&d, NULL);
	worker = daemon_child(&d, "worker", 0);
	daemon_signal(&d, SIGWINCH);
	process_gone(worker);
	ck_assert_int_gt(daemon_child(&d, "archiver", 0), 0);
	daemon_signal(&d, SIGHUP);
	ck_assert_int_eq(http_get(d.port, "/health", body, sizeof(body)), 200);
	ck_assert_int_ne(daemon_child(&d, "worker", 0), worker);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

START_TEST(session_key_is_private_and_kept)
{
	char path[300], key[64];
	struct stat st;

	daemon_init(&d);
	daemon_start(&d, NULL);
	path_in(path, "agentmail.db.key");
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(st.st_size, 32);
	memcpy(key, daemon_file(&d, "agentmail.db.key"), 32);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_start(&d, NULL);
	ck_assert_mem_eq(key, daemon_file(&d, "agentmail.db.key"), 32);
	ck_assert_int_eq(daemon_stop(&d), 0);
	chmod(path, 0644);
	daemon_spawn(&d, true, NULL);
	ck_assert_int_eq(daemon_wait(&d), 78);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "chmod 600"));
	daemon_fini(&d);
}
END_TEST

/* Socket activation: the service manager's socket is the one that serves, through a reload too. */
START_TEST(listens_where_the_service_manager_does)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	socklen_t n = sizeof(in);
	char answer[4096];
	struct load l;

	daemon_init(&d);
	d.pass_fd = socket(AF_INET, SOCK_STREAM, 0);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	ck_assert_int_eq(bind(d.pass_fd, (struct sockaddr *)&in, sizeof(in)), 0);
	ck_assert_int_eq(listen(d.pass_fd, 128), 0);
	ck_assert_int_eq(getsockname(d.pass_fd, (struct sockaddr *)&in, &n), 0);
	daemon_start(&d, NULL);
	ck_assert_int_eq(http_get(d.port, "/health", answer, sizeof(answer)), -1);
	d.port = ntohs(in.sin_port);
	load_start(&l, d.port, 2);
	ck_assert(daemon_ctl(&d, "reload", answer, sizeof(answer)));
	ck_assert_msg(strncmp(answer, "ok ", 3) == 0, "%s", answer);
	load_wait(&l, 100);
	ck_assert_int_eq(load_stop(&l), 0);
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

static void
status_has(pid_t pid, const char *line)
{
	char path[64], text[4096] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	fd = open(path, O_RDONLY);
	ck_assert_int_gt(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	ck_assert_msg(strstr(text, line) != NULL, "%s: %s", line, text);
}

/* Started as root with `user`: the master stays root, nobody else does, and none can win rights back. */
START_TEST(privileges_are_dropped)
{
	char state[300], pid[300], control[300], uids[64];
	const char *more[] = { "user=nobody", state, pid, control, NULL };
	struct passwd *pw = getpwnam("nobody");

	if (geteuid() != 0 || pw == NULL)
		return;
	daemon_init(&d);
	ck_assert_int_eq(chmod(d.dir, 0755), 0);
	snprintf(state, sizeof(state), "state_dir=%s/state", d.dir);
	snprintf(pid, sizeof(pid), "pid_file=%s/agentmaild.pid", d.dir);
	snprintf(control, sizeof(control), "control_socket=%s/control.sock", d.dir);
	daemon_start(&d, more);
	snprintf(uids, sizeof(uids), "Uid:\t%u\t%u\t%u\t%u", pw->pw_uid, pw->pw_uid, pw->pw_uid, pw->pw_uid);
	status_has(d.pid, "Uid:\t0\t0\t0\t0");
	status_has(daemon_child(&d, "worker", 0), uids);
	status_has(daemon_child(&d, "worker", 0), "NoNewPrivs:\t1");
	status_has(daemon_child(&d, "archiver", 0), uids);
	status_has(daemon_child(&d, "keeper", 0), uids);
	ck_assert(!daemon_logged(&d, "TWO OWNERS"));
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_spawn(&d, true, (const char *const[]){ "user=no-such-account", NULL });
	ck_assert_int_eq(daemon_wait(&d), 78);
	ck_assert_ptr_nonnull(strstr(daemon_file(&d, "stderr"), "user: there is no account"));
	daemon_fini(&d);
}
END_TEST

/* Whatever the caller closed: no file of ours may become standard output. */
START_TEST(standard_descriptors_are_open)
{
	char path[64], to[64];

	daemon_init(&d);
	close(0);
	close(1);
	daemon_start(&d, NULL);
	for (int i = 0; i < 3; i++) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)daemon_child(&d, "worker", 0), i);
		n = readlink(path, to, sizeof(to) - 1);
		ck_assert_int_gt(n, 0);
		to[n] = '\0';
		ck_assert_msg(strncmp(to, i == 0 ? "/dev/null" : "pipe:", 5) == 0, "%d: %s", i, to);
		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)d.pid, i);
		ck_assert_int_gt(readlink(path, to, sizeof(to) - 1), 0);
	}
	ck_assert_int_eq(daemon_stop(&d), 0);
	daemon_fini(&d);
}
END_TEST

SCENARIO_MAIN("start", background_returns_when_all_serve, background_tells_why_not, wrong_settings_are_78_and_named,
    second_instance_is_refused, ps_shows_roles, service_manager_is_told, stops, graceful_and_fast, winch_and_back,
    session_key_is_private_and_kept, listens_where_the_service_manager_does, privileges_are_dropped,
    standard_descriptors_are_open)
