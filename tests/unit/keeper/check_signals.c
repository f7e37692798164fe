/*
 * signals - who gets one, which mail is the last, what a restart and a fetch in between change.
 */
#include <check.h>
#include <stdio.h>
#include <unistd.h>

#include "conf/conf.h"
#include "ipc/bus.h"
#include "ipc/scoreboard.h"
#include "ipc/shm.h"
#include "keeper/signals.h"
#include "mail/message/signal.h"
#include "store/cx.h"
#include "support/logged.h"
#include "support/people.h"
#include "support/toolcall.h"

static struct fixture f;
static struct project p;
static struct agent lake, castle, fox;
static struct shm *shm;
static struct signals s;

static void
setup(void)
{
	people_pair(&f, "/data/h/alpha", "auto", &p, &lake, &castle);
	fox = people_agent(&f, &p, "RedFox", "auto");
	f.conf->notifications_enabled = true;
	shm = shm_new(1);
	signals_init(&s, shm_bus(shm), shm_slot(shm, 0));
	logged_begin(&f.arena);
}

static void
teardown(void)
{
	logged_end();
	shm_free(&shm);
	fixture_fini(&f);
}

static void
run(void)
{
	int rc;

	while ((rc = signals_piece(&s, f.db, NULL, fixture_again(&f))) > 0)
		continue;
	ck_assert_int_eq(rc, 0);
}

static struct str
path(const struct agent *a)
{
	return signal_path(f.conf, &f.arena, p.slug, a->name);
}

/* Which message the agent's signal tells of; 0 without one. */
static long
told(const struct agent *a)
{
	FILE *file = fopen(path(a).p, "r");
	char line[256];
	long id = 0;

	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, " \"id\": %ld", &id) == 1)
			break;
	fclose(file);
	return id;
}

static int64_t
mail(const struct agent *to)
{
	fixture_again(&f);
	return people_mail(&f, &p, &lake, to, "s");
}

static bool
signaled(int64_t id, const struct agent *a)
{
	return fixture_int(&f,
		   arena_printf(&f.arena,
		       "SELECT signal_ts IS NOT NULL FROM message_recipients WHERE message_id = %lld AND agent_id = %lld",
		       (long long)id, (long long)a->id)
		       .p) != 0;
}

/* What was there before notifications were switched on is no news. */
START_TEST(from_now_on)
{
	int64_t id;

	mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), 0);
	id = mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), id);
	ck_assert(signaled(id, &castle));
	ck_assert(!signaled(1, &castle));
	ck_assert_int_eq(signals_forget(f.db, NULL, fixture_again(&f)), 0);
	ck_assert_int_eq(unlink(path(&castle).p), 0);
	mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), 0);
	ck_assert_int_eq(signals_forget(f.db, NULL, fixture_again(&f)), 0);
	ck_assert_int_eq(signals_forget(f.db, NULL, fixture_again(&f)), 0);
}
END_TEST

START_TEST(to_and_cc_not_bcc)
{
	run();
	people_letter(
	    &f, &p, &lake, &castle, RECIPIENT_CC, (struct outgoing){ .subject = STR("s"), .importance = STR("low") });
	people_letter(
	    &f, &p, &lake, &fox, RECIPIENT_BCC, (struct outgoing){ .subject = STR("s"), .importance = STR("low") });
	run();
	ck_assert_int_eq(told(&castle), 1);
	ck_assert_int_eq(told(&fox), 0);
	ck_assert(!signaled(2, &fox));
	ck_assert_uint_eq(counter_get(shm_slot(shm, 0), C_signals_total), 1);
}
END_TEST

START_TEST(last_wins)
{
	run();
	mail(&castle);
	mail(&fox);
	mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), 3);
	ck_assert_int_eq(told(&fox), 2);
	ck_assert(!signaled(1, &castle));
	ck_assert(signaled(3, &castle));
	mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), 4);
}
END_TEST

/* However many there are, and whoever the keeper is by then. */
START_TEST(none_is_lost)
{
	int64_t id = 0;

	run();
	for (int i = 0; i < 2 * SIGNALS_BATCH; i++)
		id = mail(i == 3 ? &fox : &castle);
	ck_assert_int_eq(signals_piece(&s, f.db, NULL, fixture_again(&f)), 1);
	signals_init(&s, shm_bus(shm), NULL);
	run();
	ck_assert_int_eq(told(&fox), 4);
	ck_assert_int_eq(told(&castle), id);
}
END_TEST

static void
fetch(const struct agent *a)
{
	f.cx.shm = shm;
	tool_ok(&f, "fetch_inbox",
	    arena_printf(&f.arena, "{'project_key':'/data/h/alpha','agent_name':'%.*s'}", FSTR(a->name)).p);
	f.cx.shm = NULL;
}

START_TEST(fetched_before_it_was_written)
{
	run();
	mail(&castle);
	mail(&fox);
	fetch(&castle);
	run();
	ck_assert_int_eq(told(&castle), 0);
	ck_assert(!signaled(1, &castle));
	ck_assert_int_eq(told(&fox), 2);
	mail(&castle);
	run();
	ck_assert_int_eq(told(&castle), 3);
	fetch(&castle);
	run();
	ck_assert_int_eq(told(&castle), 0);
	ck_assert(signaled(3, &castle));
}
END_TEST

/* More fetches than the bus holds: counted, and a signal too many is all that comes of it. */
START_TEST(overrun)
{
	run();
	for (int i = 0; i < BUS_SIZE + 1; i++)
		bus_publish(
		    shm_bus(shm), &(struct bus_event){ .topic = (uint64_t)castle.id, .kind = TOPIC_FETCHED, .id = 9 });
	mail(&castle);
	run();
	ck_assert_uint_eq(counter_get(shm_slot(shm, 0), C_bus_overruns_total), 1);
	ck_assert_int_eq(told(&castle), 1);
	mail(&castle);
	run();
	ck_assert_uint_eq(counter_get(shm_slot(shm, 0), C_bus_overruns_total), 1);
}
END_TEST

START_TEST(tried_again)
{
	struct str dir = f.conf->notifications_signals_dir;

	run();
	mail(&castle);
	f.conf->notifications_signals_dir = STR("/proc/version");
	ck_assert_int_eq(signals_piece(&s, f.db, NULL, fixture_again(&f)), -1);
	ck_fail(&f, ERR_OS_ERROR, "notifications_signals_dir /proc/version: Not a directory");
	f.conf->notifications_signals_dir = dir;
	run();
	ck_assert_int_eq(told(&castle), 1);
}
END_TEST

START_TEST(receipts)
{
	struct str answer;

	run();
	mail(&castle);
	people_letter(
	    &f, &p, &lake, &fox, RECIPIENT_BCC, (struct outgoing){ .subject = STR("s"), .importance = STR("low") });
	run();
	fixture_again(&f);
	answer = tool_ok(&f, "get_message_delivery_receipt", "{'project_key':'/data/h/alpha','message_id':1}");
	ck_has(
	    answer, "'signaled':true,'signal_receipts':[{'delivery_route':'filesystem_signal','signal_path_digest':'");
	ck_has(answer, "','observed_at':'2025-10-23T07:08:09.123456+00:00'}],'acknowledged':false");
	answer = tool_ok(
	    &f, "get_message_delivery_receipt", "{'project_key':'/data/h/alpha','message_id':2,'agent_name':'RedFox'}");
	ck_has(answer, "'kind':'bcc','persisted':true,'signaled':false,'signal_receipts':[],'acknowledged':false");
}
END_TEST

Suite *
suite_signals(void)
{
	Suite *suite = suite_create("signals");
	TCase *t = tcase_create("signals");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, from_now_on);
	tcase_add_test(t, to_and_cc_not_bcc);
	tcase_add_test(t, last_wins);
	tcase_add_test(t, none_is_lost);
	tcase_add_test(t, fetched_before_it_was_written);
	tcase_add_test(t, overrun);
	tcase_add_test(t, tried_again);
	tcase_add_test(t, receipts);
	suite_add_tcase(suite, t);
	return suite;
}
