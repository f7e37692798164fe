/*
 * check_reservation - REST: releasing what others reserved, and the cycle macro (contract recorded/rest.jsonl: force_release, macro_cycle).
 */
#include <check.h>

#include "support/restcall.h"
#include "support/toolcall.h"

static struct fixture f;

static void
setup(void)
{
	rest_fixture(&f);
	rest_people(&f);
}

#define FORCE "POST /api/file_reservations/force_release"
#define CYCLE "POST /api/macros/file_reservation_cycle"
#define AS(action, patterns) \
	"{'project_slug':'data-shop','agent_name':'sender','action':'" action "','patterns':[" patterns "]}"

START_TEST(force)
{
	rest_ok(&f, "POST /api/file_reservations/paths",
	    "{'project_slug':'data-shop','agent_name':'sender','paths':['a','b']}");
	ck_json(rest_ok(&f, FORCE, "{'reservation_id':1}"), "{'released':true,'reservation_id':1}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations WHERE released_ts IS NULL"), 1);
	/* It was, and stays so; the archive hears of it once. */
	ck_json(rest_ok(&f, "POST /api/force_release_reservation", "{'reservation_id':1}"),
	    "{'released':true,'reservation_id':1}");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM outbox WHERE kind = 4"), 2);
	ck_str(rest_fails(&f, "POST /api/force_release_file_reservation", "{'reservation_id':99}", ERR_NOT_FOUND),
	    "Reservation not found: 99");
	ck_has(rest_fails(&f, FORCE, "{}", ERR_VALIDATION_ERROR), "missing field `reservation_id`");
	ck_has(rest_fails(&f, FORCE, "{'reservation_id':'1'}", ERR_VALIDATION_ERROR), "reservation_id");
}
END_TEST

START_TEST(cycle)
{
	ck_json(rest_ok(&f, CYCLE, AS("reserve", "'b/*','c'")), "{'action':'reserve','affected_count':2,'ids':[1,2]}");
	ck_json(rest_ok(&f, "POST /api/macro_file_reservation_cycle", AS("release", "'b/*'")),
	    "{'action':'release','affected_count':1,'ids':[1]}");
	ck_json(rest_ok(&f, CYCLE, AS("release", "'b/*'")), "{'action':'release','affected_count':0,'ids':[]}");
	ck_json(rest_ok(&f, CYCLE, AS("reserve", "")), "{'action':'reserve','affected_count':0,'ids':[]}");
	ck_json(rest_ok(&f, CYCLE, AS("dance", "'x'")), "{'action':'dance','affected_count':0,'ids':[]}");
	rest_fails(&f, CYCLE, AS("reserve", "'ok',' '"), ERR_INVALID_ARGUMENT);
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM file_reservations"), 2);
	rest_fails(&f, CYCLE, "{'project_slug':'data-shop','agent_name':'ghost','action':'reserve','patterns':['x']}",
	    ERR_NOT_FOUND);
}
END_TEST

Suite *suite_reservation(void);

Suite *
suite_reservation(void)
{
	Suite *s = suite_create("reservation");
	TCase *t = tcase_create("rest_force");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, force);
	tcase_add_test(t, cycle);
	suite_add_tcase(s, t);
	return s;
}
