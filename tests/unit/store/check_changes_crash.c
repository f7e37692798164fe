/*
 * check_changes_crash - followers in processes of their own see each event once and in
 * order, while writers and followers are killed and everything is started anew.
 *
 * A follower appends what it reads to a file, numbers and ids in one write, and
 * goes on from the last number in it, as a client does that keeps the last event
 * id. In the end its file must be the log: an event that a reader skipped because
 * it came later with a smaller number would be missing, one that was read twice
 * would be there twice. CHANGES_ROUNDS: how often all is started anew (2).
 */
#include <check.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/rng.h"
#include "ipc/gate.h"
#include "ipc/shm.h"
#include "mail/message/deliver.h"
#include "store/changes.h"
#include "store/db.h"
#include "store/stmt.h"
#include "store/txn.h"
#include "support/people.h"

Suite *suite_changes_crash(void);

#define WRITERS 3
#define FOLLOWERS 4 /* one for each topic below */
#define KILLS 40    /* in a round */

static struct fixture f;
static struct project p;
static struct agent writer[WRITERS], reader[2];
static struct shm *shm;
static struct topic topics[FOLLOWERS];
static pid_t pid[WRITERS + FOLLOWERS];

/* Shared by all: writers stop, followers leave when they have seen all. */
static volatile struct shared {
	int stop, end;
	int64_t written[WRITERS];
} * shared;

struct record {
	int64_t number, id;
};

static void
setup(void)
{
	fixture_init(&f);
	p = people_project(&f, "/data/x/alpha");
	for (int i = 0; i < WRITERS; i++)
		writer[i] =
		    people_agent(&f, &p, (const char *const[]){ "BlueLake", "GreenCastle", "RedStone" }[i], "open");
	for (int i = 0; i < 2; i++)
		reader[i] = people_agent(&f, &p, (const char *const[]){ "GrayHeron", "SilverFox" }[i], "open");
	topics[0] = TOPIC_OF(RESERVATIONS, p.id);
	topics[1] = TOPIC_OF(DELIVERY, 1);
	topics[2] = TOPIC_OF(INBOX, reader[0].id);
	topics[3] = (struct topic){ .kind = TOPIC_THREAD, .id = p.id, .name = STR("TKT-1") };
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ck_assert_ptr_ne((void *)shared, MAP_FAILED);
}

static void
teardown(void)
{
	fixture_fini(&f);
}

static uint64_t
dice(uint64_t below)
{
	uint64_t v;

	rng_bytes(&v, sizeof(v));
	return v % below;
}

static int
letter(struct cx *cx, int who)
{
	const struct agent *to = &reader[dice(2)];
	struct recipient recipient = { to->id, to->name, RECIPIENT_TO };
	struct outgoing in = { .project = &p,
		.sender = &writer[who],
		.sender_project = &p,
		.recipients = &recipient,
		.nrecipients = 1,
		.subject = STR("s"),
		.body_md = STR("b"),
		.importance = STR("normal"),
		.thread_id = dice(2) == 0 ? STR("TKT-1") : STR_NONE };
	struct delivery out;

	return deliver(cx, &in, &out);
}

/* One operation: some events of each kind; one in five fails after it has written. */
static int
work(struct op *op)
{
	int who = *(int *)op->arg;
	int64_t id = shared->written[who] * WRITERS + who;

	for (uint64_t n = 1 + dice(3); n > 0; n--) {
		shared->written[who]++;
		if (cx_changed(op->cx, topics[dice(2)], CHANGE_UPDATED, id) < 0)
			return -1;
		id += WRITERS;
	}
	if (dice(2) == 0 && letter(op->cx, who) < 0)
		return -1;
	return dice(5) == 0 ? fail(op->cx, ERR_CONFLICT, "no") : 0;
}

static void
done(struct op *op, int rc)
{
	if (rc == 0)
		changes_publish(op->cx, 0);
}

static void
write_until_stopped(int who)
{
	struct txnq *q = txn_new(f.db, shm_gate(shm), NULL, NULL);

	while (!shared->stop) {
		struct op op[4];
		struct cx cx[4];
		struct arena a;

		arena_init(&a, 4096);
		for (int i = 0; i < 4; i++) {
			cx_init(&cx[i], &a, f.conf);
			cx[i].shm = shm;
			cx[i].now = clock_wall_us();
			op[i] = (struct op){ .cx = &cx[i], .run = work, .done = done, .arg = &who };
			txn_submit(q, &op[i]);
		}
		while (txn_run(q, USEC) > 0)
			continue;
		arena_fini(&a);
	}
}

static const char *
file_of(int which)
{
	return arena_printf(&f.arena, "%" PRIstr "/seen%d", FSTR(f.dir), which).p;
}

/* The last number in the file; a record that a kill cut off is taken away. */
static int64_t
last_seen(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct record r = { 0, 0 };

	size -= size % (off_t)sizeof(r);
	if (ftruncate(fd, size) < 0 || (size > 0 && pread(fd, &r, sizeof(r), size - (off_t)sizeof(r)) != sizeof(r)))
		_exit(3);
	return r.number;
}

static void
follow_until_end(int which)
{
	int fd = open(file_of(which), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	int64_t after = last_seen(fd);

	for (;;) {
		bool end = shared->end;
		struct record out[50];
		struct changes c;
		struct arena a;
		struct cx cx;

		arena_init(&a, 4096);
		cx_init(&cx, &a, f.conf);
		cx.db = f.ro;
		if (changes_after(&cx, &topics[which], after, 1 + (int64_t)dice(50), &c) < 0)
			log_panic("%" PRIstr, FSTR(cx.fail.msg));
		for (size_t i = 0; i < c.n; i++)
			out[i] = (struct record){ c.v[i].number, c.v[i].id };
		if (c.n > 0 && write(fd, out, c.n * sizeof(out[0])) != (ssize_t)(c.n * sizeof(out[0])))
			_exit(4);
		after = c.through;
		arena_fini(&a);
		if (end && c.n == 0)
			_exit(0);
		if (c.n == 0)
			usleep(500);
	}
}

static void
start(int i)
{
	pid[i] = fork();
	ck_assert_int_ge(pid[i], 0);
	if (pid[i] != 0)
		return;
	rng_seed_for_tests((uint64_t)getpid());
	fixture_open_db(&f);
	if (i < WRITERS)
		write_until_stopped(i);
	else
		follow_until_end(i - WRITERS);
	_exit(0);
}

/* Nobody fell over by himself. */
static void
reap(int i, int sent)
{
	int status;

	ck_assert_int_eq(waitpid(pid[i], &status, 0), pid[i]);
	if (WIFSIGNALED(status))
		ck_assert_int_eq(WTERMSIG(status), sent);
	else
		ck_assert_int_eq(WEXITSTATUS(status), 0);
}

static void
one_round(bool last)
{
	shm = shm_new(WRITERS + FOLLOWERS);
	shared->stop = shared->end = 0;
	for (int i = 0; i < WRITERS + FOLLOWERS; i++)
		start(i);
	for (int k = 0; k < KILLS; k++) {
		int i = (int)dice(WRITERS + FOLLOWERS);

		usleep((useconds_t)dice(20000));
		kill(pid[i], SIGKILL);
		reap(i, SIGKILL);
		start(i);
	}
	if (last) {
		shared->stop = 1;
		for (int i = 0; i < WRITERS; i++)
			reap(i, 0);
		shared->end = 1;
	}
	/* Else all of them at once, as the power does. */
	for (int i = last ? WRITERS : 0; i < WRITERS + FOLLOWERS; i++) {
		if (!last)
			kill(pid[i], SIGKILL);
		reap(i, last ? 0 : SIGKILL);
	}
	shm_free(&shm);
}

static void
compare(int which, const char *sql)
{
	struct record r;
	struct stmt *s = stmt_adhoc(f.db, str_c(sql));
	int fd = open(file_of(which), O_RDONLY);
	int n = 0;

	fixture_again(&f);
	while (stmt_step(&f.cx, s) > 0) {
		ck_assert_msg(
		    read(fd, &r, sizeof(r)) == sizeof(r), "follower %d saw %d events, there are more", which, n);
		ck_assert_msg(r.number == stmt_int(s, 0) && r.id == stmt_int(s, 1),
		    "follower %d, event %d: saw %lld, not %lld", which, n, (long long)r.number,
		    (long long)stmt_int(s, 0));
		n++;
	}
	stmt_done(s);
	ck_assert_msg(read(fd, &r, sizeof(r)) == 0, "follower %d saw more than %d events", which, n);
	ck_assert_msg(n > 50, "only %d events for follower %d: nothing is shown by that", n, which);
	close(fd);
}

START_TEST(each_event_once_and_in_order)
{
	const char *rounds = getenv("CHANGES_ROUNDS");
	int n = rounds != NULL ? atoi(rounds) : 2;

	fixture_close_db(&f);
	for (int i = 0; i < n; i++)
		one_round(i == n - 1);
	fixture_open_db(&f);
	compare(0,
	    arena_printf(&f.arena,
		"SELECT id, ref_id FROM changes WHERE topic_kind = 4 AND topic_id = %lld ORDER BY id", (long long)p.id)
		.p);
	compare(1, "SELECT id, ref_id FROM changes WHERE topic_kind = 3 AND topic_id = 1 ORDER BY id");
	compare(2,
	    arena_printf(&f.arena,
		"SELECT message_id, message_id FROM message_recipients WHERE agent_id = %lld ORDER BY 1",
		(long long)reader[0].id)
		.p);
	compare(3, "SELECT id, id FROM messages WHERE thread_id = 'TKT-1' ORDER BY id");
	/* What failed left no event, and no number was given twice. */
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT count(*) - count(DISTINCT ref_id) FROM changes WHERE topic_kind IN (3, 4)"), 0);
}
END_TEST

Suite *
suite_changes_crash(void)
{
	Suite *s = suite_create("changes_crash");
	TCase *t = tcase_create("crash");

	tcase_set_timeout(t, 600);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, each_event_once_and_in_order);
	suite_add_tcase(s, t);
	return s;
}
