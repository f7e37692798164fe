/*
 * The registry as it is: names, parameters and entries that clients can use.
 */
#include <check.h>
#include <ctype.h>
#include <string.h>

#include "base/json_read.h"
#include "support/fixture.h"
#include "tool/registry.h"
#include "api/operation_call.h"
#include "tool/schema.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init_without_db(&f);
}

static struct jr
entry(const struct tool *t, unsigned parts)
{
	struct jr_error err;
	struct buf text;
	struct jr v;
	struct jw w;

	buf_init(&text, &f.arena);
	jw_init(&w, &text, JW_COMPACT);
	schema_tool(t, parts, &w);
	ck_assert(jr_parse(&f.arena, buf_flat(&text), &v, &err));
	return v;
}

START_TEST(rows_are_whole)
{
	const struct tool *t = tool_registry[_i];

	ck_assert_uint_le(strlen(t->op.name), 64);
	for (size_t i = 0; t->op.name[i] != '\0'; i++)
		ck_assert_msg(islower((unsigned char)t->op.name[i]) || t->op.name[i] == '_', "%s", t->op.name);
	ck_assert_msg(tool_find(str_c(t->op.name)) == t, "%s is there twice", t->op.name);
	ck_assert_uint_eq(tool_index(t), (size_t)_i);
	ck_assert_msg(t->op.desc != NULL && t->cluster != NULL && t->cli != NULL && t->op.run != NULL, "%s", t->op.name);
	ck_assert_msg(
	    ((t->op.flags & OP_WRITE) == 0) != ((t->op.flags & OP_WRITE) != 0), "%s reads or writes", t->op.name);
	ck_assert_msg(t->op.nparams == 0 || t->op.in_size > 0, "%s", t->op.name);
	for (size_t i = 0; i < t->op.nparams; i++) {
		ck_assert_msg(t->op.params[i].off < t->op.in_size, "%s.%s", t->op.name, t->op.params[i].name);
		for (size_t k = 0; k < i; k++)
			ck_assert_msg(strcmp(t->op.params[i].name, t->op.params[k].name) != 0, "%s.%s twice",
			    t->op.name, t->op.params[i].name);
	}
}
END_TEST

/* Defaults are readable, and what is required has none. */
START_TEST(defaults_are_read)
{
	const struct tool *t = tool_registry[_i];
	struct operation_call c;
	size_t required = 0;

	for (size_t i = 0; i < t->op.nparams; i++) {
		if ((t->op.params[i].flags & P_REQUIRED) == 0)
			continue;
		required++;
		ck_assert_msg(t->op.params[i].def == NULL, "%s.%s is required and has a default", t->op.name,
		    t->op.params[i].name);
	}
	/* Every required one is told when nothing is given. */
	operation_call_init(&c, fixture_again(&f), &t->op);
	ck_assert_int_eq(
	    operation_decode(&c, &(struct operation_input){ .dialect = DIALECT_MCP }), required > 0 ? -1 : 0);
	if (required > 0)
		ck_assert(str_starts(f.cx.fail.msg, arena_printf(&f.arena, "%zu validation error", required)));
}
END_TEST

static bool
is_listed(struct jr required, const char *name)
{
	for (size_t i = 0; i < jr_len(required); i++)
		if (str_eqc(jr_str(jr_at(required, i)), name))
			return true;
	return false;
}

START_TEST(entry_says_what_the_row_says)
{
	const struct tool *t = tool_registry[_i];
	struct jr e = entry(t, SCHEMA_ANNOTATIONS | SCHEMA_OUTPUT | SCHEMA_TOKENS), schema = jr_get(e, "inputSchema"), p;
	const struct param *param;

	ck_assert(str_eqc(jr_str(jr_get(schema, "type")), "object"));
	for (size_t i = 0; i < t->op.nparams; i++) {
		param = &t->op.params[i];
		p = jr_get(jr_get(schema, "properties"), param->name);
		if ((param->flags & (P_UNLISTED | P_REFUSED | P_RARE)) != 0) {
			ck_assert_int_eq(p.type, JR_ABSENT);
			continue;
		}
		ck_assert_msg(jr_get(p, "type").type == JR_STR, "%s.%s", t->op.name, param->name);
		ck_assert(is_listed(jr_get(schema, "required"), param->name) == ((param->flags & P_REQUIRED) != 0));
		if (param->type == P_STRS)
			ck_assert(str_eqc(jr_str(jr_get(jr_get(p, "items"), "type")), "string"));
	}
	ck_assert(jr_bool(jr_get(jr_get(e, "annotations"), "readOnlyHint")) == ((t->op.flags & OP_WRITE) == 0));
	ck_assert((jr_get(e, "outputSchema").type == JR_OBJ) ==
	    ((t->op.flags & OP_LIST) != 0 && (t->flags & TOOL_NO_OUTPUT_SCHEMA) == 0));
	if (jr_get(e, "outputSchema").type == JR_OBJ) {
		ck_assert(jr_bool(jr_get(jr_get(e, "outputSchema"), "x-fastmcp-wrap-result")));
		ck_assert_int_eq(jr_get(jr_get(e, "outputSchema"), "required").type, JR_ABSENT);
	}
	e = entry(t, 0);
	ck_assert_int_eq(jr_get(e, "annotations").type, JR_ABSENT);
	ck_assert_int_eq(jr_get(e, "outputSchema").type, JR_ABSENT);
}
END_TEST

/* What all tools share: only lists show `fields`, only keyed tools the key; format is never shown. */
START_TEST(shared_arguments)
{
	const struct tool *t = tool_registry[_i];
	struct jr properties = jr_get(jr_get(entry(t, 0), "inputSchema"), "properties");

	ck_assert((jr_get(properties, "fields").type == JR_OBJ) ==
	    (((t->op.flags & OP_LIST) != 0 || t->op.rows != NULL) && (t->flags & TOOL_FIELDS_RARE) == 0));
	ck_assert((jr_get(properties, "idempotency_key").type == JR_OBJ) == ((t->flags & TOOL_KEYED) != 0));
	ck_assert_int_eq(jr_get(properties, "format").type, JR_ABSENT);
}
END_TEST

START_TEST(nobody_else_is_found)
{
	ck_assert_ptr_null(tool_find(STR("")));
	ck_assert_ptr_null(tool_find(STR_NONE));
	ck_assert_ptr_null(tool_find(STR("Health_Check")));
	ck_assert_ptr_null(tool_find(STR("health_checkx")));
}
END_TEST

Suite *suite_schema(void);
Suite *
suite_schema(void)
{
	Suite *s = suite_create("schema");
	TCase *tc = tcase_create("schema");
	int n = (int)tool_count();

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_loop_test(tc, rows_are_whole, 0, n);
	tcase_add_loop_test(tc, defaults_are_read, 0, n);
	tcase_add_loop_test(tc, entry_says_what_the_row_says, 0, n);
	tcase_add_loop_test(tc, shared_arguments, 0, n);
	tcase_add_test(tc, nobody_else_is_found);
	suite_add_tcase(s, tc);
	return s;
}
