/*
 * name_table - every entry of a text is found, the last one first, and nothing else, at any filling.
 */
#include <check.h>

#include "base/arena.h"
#include "mail/reservation/name_table.h"

static struct arena a;

static void
setup(void)
{
	arena_init(&a, 4096);
}

static void
teardown(void)
{
	arena_fini(&a);
}

static const size_t rooms[] = { 0, 1, 7, 8, 9, 1000 };

/* Each text as often as its number says. */
START_TEST(full_to_the_last_place)
{
	size_t room = rooms[_i];
	struct name_table t;
	uint32_t at, value = 0;

	name_table_init(&a, &t, room);
	for (size_t i = 0; value < room; i++)
		for (size_t k = 0; k <= i && value < room; k++)
			name_table_add(&t, arena_printf(&a, "name %zu", i), value++);
	value = 0;
	for (size_t i = 0; value < room; i++) {
		size_t count = i + 1 < room - value ? i + 1 : room - value;

		at = NAME_NONE;
		for (size_t k = count; k-- > 0;) {
			at = name_table_next(&t, arena_printf(&a, "name %zu", i), at);
			ck_assert_uint_ne(at, NAME_NONE);
			ck_assert_uint_eq(t.v[at].value, value + k);
		}
		ck_assert_uint_eq(name_table_next(&t, arena_printf(&a, "name %zu", i), at), NAME_NONE);
		value += (uint32_t)count;
	}
	ck_assert_uint_eq(name_table_next(&t, STR("name"), NAME_NONE), NAME_NONE);
	ck_assert_uint_eq(name_table_next(&t, STR(""), NAME_NONE), NAME_NONE);
}
END_TEST

Suite *suite_name_table(void);

Suite *
suite_name_table(void)
{
	Suite *s = suite_create("name_table");
	TCase *t = tcase_create("name_table");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, full_to_the_last_place, 0, sizeof(rooms) / sizeof(rooms[0]));
	suite_add_tcase(s, t);
	return s;
}
