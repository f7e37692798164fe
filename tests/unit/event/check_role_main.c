/*
 * check_role_main - the life of a child in a process of its own; the test is its master.
 */
#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "event/role_main.h"
#include "ipc/bus.h"
#include "ipc/channel.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"

Suite *suite_role_main(void);

#define SLOT 1
#define GENERATION 5
#define PATIENCE (10 * USEC)
#define PATIENCE_MS 10000

static struct shm *shm;
static int channel[2], wake[3], marks[2], line[2];
static pid_t pid;

/* Each call of a role's function writes a letter, which the test waits for. */
static void
mark(char c)
{
	if (write(marks[1], &c, 1) != 1)
		_exit(99);
}

static void
setup(void)
{
	shm = shm_new(2);
	ck_assert_int_eq(channel_pair(channel), 0);
	ck_assert_int_eq(pipe2(marks, O_CLOEXEC), 0);
	ck_assert_int_eq(pipe2(line, O_CLOEXEC), 0);
	for (int i = 0; i < 2; i++)
		wake[i] = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	wake[2] = -1;
	pid = 0;
}

static void
teardown(void)
{
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	shm_free(&shm);
}

static void
begin(const struct role_ops *ops, bool listens)
{
	static const int none[] = { -1 };
	static const int *table[] = { none, none };
	struct role role = { .name = "test", .listens = listens, .ops = ops };
	struct child_env env = { .role = &role,
		.shm = shm,
		.slot = SLOT,
		.generation = GENERATION,
		.channel = channel[1],
		.sockets = table,
		.nsockets = 2,
		.pipe = { { "a", 7 }, { "b", line[1] } },
		.wake_fds = wake };

	fflush(NULL);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		close(channel[0]);
		_exit(role_main(&env));
	}
	close(channel[1]);
}

static uint32_t
receive(void)
{
	struct pollfd p = { .fd = channel[0], .events = POLLIN };
	struct channel_msg m;
	int fd;

	ck_assert_int_eq(poll(&p, 1, PATIENCE_MS), 1);
	ck_assert_int_eq(channel_recv(channel[0], &m, &fd), 1);
	ck_assert_uint_eq(m.generation, GENERATION);
	ck_assert_int_eq(m.slot, SLOT);
	return m.kind;
}

static void
tell(uint32_t kind, int64_t a, int fd)
{
	struct channel_msg m = { .kind = kind, .a = a };

	ck_assert_int_eq(channel_send(channel[0], &m, fd), 0);
}

static void
marked(char c)
{
	struct pollfd p = { .fd = marks[0], .events = POLLIN };
	char got;

	ck_assert_msg(poll(&p, 1, PATIENCE_MS) == 1, "no mark %c", c);
	ck_assert_int_eq(read(marks[0], &got, 1), 1);
	ck_assert_int_eq(got, c);
}

static int
exit_code(void)
{
	int status;

	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int
nothing(struct process *p)
{
	return 0;
}

static const struct role_ops smallest = { .start = nothing };

/* One function is enough for a role that is ready, alive, and leaves when told. */
START_TEST(smallest_role_lives_and_drains)
{
	const _Atomic uint64_t *beat = &shm_slot(shm, SLOT)->heartbeat;
	int64_t until = clock_mono_us() + PATIENCE;

	begin(&smallest, false);
	ck_assert_uint_eq(receive(), CH_READY);
	while (atomic_load(beat) < 3) {
		ck_assert_int_lt(clock_mono_us(), until);
		poll(NULL, 0, 10);
	}
	tell(CH_DRAIN, 0, -1);
	ck_assert_uint_eq(receive(), CH_DRAINED);
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

START_TEST(smallest_role_leaves_fast_and_without_a_master)
{
	begin(&smallest, false);
	ck_assert_uint_eq(receive(), CH_READY);
	if (_i == 0)
		tell(CH_FAST, 0, -1);
	else
		close(channel[0]);
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

static int
start_wrong(struct process *p)
{
	return EXIT_CONFIG;
}

static const struct role_ops wrong = { .start = start_wrong };

START_TEST(code_of_start_is_the_exit_code)
{
	struct channel_msg m;
	int fd;

	begin(&wrong, false);
	ck_assert_int_eq(exit_code(), EXIT_CONFIG);
	ck_assert_int_eq(channel_recv(channel[0], &m, &fd), 0);
}
END_TEST

static bool
no_database(const struct conf *conf, struct gate *gate, struct arena *a, struct db **rw, struct db **ro, struct str *why)
{
	*why = STR("not today");
	return false;
}

static void
close_mark(struct db **db)
{
	mark('c');
}

static const struct role_ops without_database = {
	.database = no_database, .database_close = close_mark, .start = nothing
};

START_TEST(database_that_does_not_open_is_a_matter_of_configuration)
{
	begin(&without_database, false);
	marked('c');
	marked('c');
	ck_assert_int_eq(exit_code(), EXIT_CONFIG);
}
END_TEST

struct state {
	int beats;
};

static int
full_start(struct process *p)
{
	const struct state *s = p->state;

	must(s->beats == 0 && child_pipe(p->env, "a") == 7 && child_pipe(p->env, "c") == -1);
	bus_subscribers(shm_bus(p->env->shm), SLOT, 1);
	mark('s');
	return 0;
}

static void
full_beat(struct process *p)
{
	struct state *s = p->state;

	if (++s->beats == 1) {
		mark('b');
		process_ready(p);
		process_ready(p);
	}
}

static void
full_wake(struct process *p)
{
	mark('w');
}

static void
full_drain(struct process *p)
{
	mark('d');
}

static bool
never(struct process *p)
{
	return false;
}

static void
full_overdue(struct process *p)
{
	mark('o');
}

static void
full_adopt(struct process *p, int index)
{
	mark((char)('0' + index));
}

static void
full_release(struct process *p, int index)
{
	mark((char)('5' + index));
}

static void
full_stop(struct process *p)
{
	mark('z');
}

static const struct role_ops full = { .state_size = sizeof(struct state),
	.start = full_start,
	.late = true,
	.beat = full_beat,
	.wake = full_wake,
	.drain = full_drain,
	.drained = never,
	.overdue = full_overdue,
	.adopt = full_adopt,
	.release = full_release,
	.stop = full_stop };

/* READY comes when the role says so, once; then each command reaches its function, and a drain ends at its deadline. */
START_TEST(every_function_is_called_in_its_turn)
{
	begin(&full, true);
	marked('s');
	marked('b');
	ck_assert_uint_eq(receive(), CH_READY);
	bus_wake(shm_bus(shm), wake, 2, -1);
	marked('w');
	tell(CH_ADOPT, 1, -1);
	marked('1');
	tell(CH_RELEASE, 1, -1);
	marked('6');
	tell(CH_DRAIN, 0, -1);
	marked('d');
	/* Nothing new is accepted while it drains; a second drain only brings a deadline. */
	tell(CH_ADOPT, 0, -1);
	tell(CH_DRAIN, 20, -1);
	marked('o');
	marked('z');
	ck_assert_uint_eq(receive(), CH_DRAINED);
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

static void
leave_with_code(struct process *p)
{
	process_leave(p, EXIT_SYSTEM);
}

static const struct role_ops leaving = { .start = nothing, .turn = leave_with_code, .stop = full_stop };

/* The master is not told of a drain that there was not. */
START_TEST(role_may_leave_with_a_code)
{
	struct channel_msg m;
	int fd;

	begin(&leaving, false);
	ck_assert_uint_eq(receive(), CH_READY);
	marked('z');
	ck_assert_int_eq(exit_code(), EXIT_SYSTEM);
	ck_assert_int_eq(channel_recv(channel[0], &m, &fd), 0);
}
END_TEST

static void
log_a_line(struct process *p)
{
	log_error("said");
	mark('l');
}

static const struct role_ops talking = { .start = nothing, .drain = log_a_line };

/* The descriptor that rides along takes the place of the log's. */
START_TEST(log_is_opened_anew)
{
	char text[256];
	ssize_t n;
	int log[2];

	ck_assert_int_eq(pipe2(log, O_CLOEXEC), 0);
	log_to(dup(log[1]));
	begin(&talking, false);
	ck_assert_uint_eq(receive(), CH_READY);
	tell(CH_REOPEN, 0, line[1]);
	tell(CH_DRAIN, 0, -1);
	marked('l');
	n = read(line[0], text, sizeof(text) - 1);
	ck_assert_int_gt(n, 0);
	text[n] = '\0';
	ck_assert_ptr_nonnull(strstr(text, "said"));
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

static void
wake_others(struct process *p)
{
	bus_wake(shm_bus(p->env->shm), p->env->wake_fds, shm_nslots(p->env->shm), -1);
	mark('w');
}

static const struct role_ops waking = { .start = nothing, .wake = wake_others };

/* A slot that came after the process began: woken as soon as the master has told of it. */
START_TEST(new_slot_is_woken)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	struct pollfd p = { .fd = fd, .events = POLLIN };

	begin(&waking, false);
	ck_assert_uint_eq(receive(), CH_READY);
	shm_grow(shm, 3);
	bus_subscribers(shm_bus(shm), 2, 1);
	bus_subscribers(shm_bus(shm), SLOT, 1);
	/* Nobody has told: it is passed over. */
	ck_assert_int_eq(write(wake[SLOT], &(uint64_t){ 1 }, 8), 8);
	marked('w');
	ck_assert_int_eq(poll(&p, 1, 0), 0);
	tell(CH_SLOT, 2, fd);
	bus_subscribers(shm_bus(shm), SLOT, 0);
	while (poll(&p, 1, 10) == 0)
		ck_assert_int_eq(write(wake[SLOT], &(uint64_t){ 1 }, 8), 8);
	tell(CH_FAST, 0, -1);
	ck_assert_int_eq(exit_code(), 0);
}
END_TEST

Suite *
suite_role_main(void)
{
	Suite *s = suite_create("role_main");
	TCase *t = tcase_create("role_main");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 30);
	tcase_add_test(t, smallest_role_lives_and_drains);
	tcase_add_loop_test(t, smallest_role_leaves_fast_and_without_a_master, 0, 2);
	tcase_add_test(t, code_of_start_is_the_exit_code);
	tcase_add_test(t, database_that_does_not_open_is_a_matter_of_configuration);
	tcase_add_test(t, every_function_is_called_in_its_turn);
	tcase_add_test(t, role_may_leave_with_a_code);
	tcase_add_test(t, log_is_opened_anew);
	tcase_add_test(t, new_slot_is_woken);
	suite_add_tcase(s, t);
	return s;
}
