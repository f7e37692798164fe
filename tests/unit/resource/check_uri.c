/*
 * From URIs to rows and arguments (contract/reservations-resources.md 8.1).
 */
#include <check.h>
#include <string.h>

#include "base/json_read.h"
#include "resource/registry.h"
#include "api/operation_call.h"
#include "resource/uri.h"
#include "support/fixture.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
}

static const struct {
	const char *uri, *row;
} matches[] = {
	{ "resource://config/environment", "environment_resource" },
	{ "RESOURCE://config/environment", "environment_resource" },
	{ "resource://config/environment?format=json", "environment_resource" },
	{ "resource://config/environment?x=1", NULL },
	{ "resource://config/environment?format=", NULL },
	{ "resource://config/environment/", NULL },
	{ "resource://config/environment#top", NULL },
	{ "resource://Config/environment", NULL },
	{ "resource://config", NULL },
	{ "resource://", NULL },
	{ "resource:/config/environment", NULL },
	{ "http://config/environment", NULL },
	{ "", NULL },
	{ "resource://file_reservations/my-slug", "file_reservations_resource" },
	{ "resource://file_reservations/my-slug?unknown=1", "file_reservations_resource" },
	{ "resource://file_reservations/%2Fabs%2Fpath", "file_reservations_resource" },
	{ "resource://file_reservations/", NULL },
	{ "resource://file_reservations/a/b", NULL },
};

START_TEST(matching)
{
	struct resource_match m;
	bool found = resource_match(&f.arena, str_c(matches[_i].uri), &m);

	ck_assert_msg(found == (matches[_i].row != NULL), "%s", matches[_i].uri);
	if (found)
		ck_assert_str_eq(m.row->op.name, matches[_i].row);
}
END_TEST

static struct str
pair(const struct resource_match *m, const char *name)
{
	for (size_t i = 0; i < m->npairs; i++)
		if (str_eqc(m->pairs[i].name, name))
			return m->pairs[i].value;
	return STR_NONE;
}

START_TEST(arguments)
{
	struct resource_match m;

	ck_assert(resource_match(
	    &f.arena, STR("resource://file_reservations/%2Fdata%2Fp%20q%zz?active_only=no&active_only=yes"), &m));
	ck_assert(str_eqc(pair(&m, "slug"), "/data/p q%zz"));
	ck_assert(str_eqc(pair(&m, "active_only"), "no"));
	/* A plus sign is a blank, but in a time it is a plus sign (decision 3.26). */
	ck_assert(resource_match(&f.arena,
	    STR("resource://inbox/A?project=a+b&since_ts=2025-01-01T00:00:00+02:00&limit=&agent_token=%41%2B"), &m));
	ck_assert(str_eqc(pair(&m, "project"), "a b"));
	ck_assert(str_eqc(pair(&m, "since_ts"), "2025-01-01T00:00:00+02:00"));
	ck_assert(str_eqc(pair(&m, "agent_token"), "A+"));
	ck_assert_ptr_null(pair(&m, "limit").p);
}
END_TEST

/* A URI with more parameters than anybody needs is no way out of the table. */
START_TEST(too_many_parameters)
{
	struct resource_match m;
	struct buf uri;

	buf_init(&uri, &f.arena);
	buf_cstr(&uri, "resource://inbox/A?project=p");
	for (int i = 0; i < 1000; i++)
		buf_printf(&uri, "&limit=%d&format=json&urgent_only=1", i);
	ck_assert(resource_match(&f.arena, buf_flat(&uri), &m));
	ck_assert_uint_le(m.npairs, 5);
}
END_TEST

/* -1 when what the URI says is not what the row takes. */
static int
decode(const char *uri)
{
	struct operation_call call;
	struct resource_match m;

	ck_assert(resource_match(&f.arena, str_c(uri), &m));
	operation_call_init(&call, fixture_again(&f), &m.row->op);
	return operation_decode(
	    &call, &(struct operation_input){ .dialect = DIALECT_TEXT, .pairs = m.pairs, .npairs = m.npairs });
}

START_TEST(decode_errors)
{
	ck_assert_int_eq(decode("resource://inbox/A?project=p&limit=abc"), -1);
	ck_fail(&f, ERR_VALIDATION_ERROR,
	    "1 validation error for inbox_resource\nlimit\n  Input should be a valid integer");
	ck_assert_int_eq(decode("resource://inbox/A?project=p&format=xml"), -1);
	ck_fail(&f, ERR_INVALID_FORMAT, "Invalid format 'xml'. Expected 'json' or 'toon'.");
}
END_TEST

START_TEST(tokens_are_hidden)
{
	static const struct {
		const char *uri, *shown;
	} rows[] = {
		{ "resource://a", "resource://a" },
		{ "resource://a?x=1", "resource://a?x=1" },
		{ "resource://a?agent_token=s&x=1", "resource://a?agent_token=***&x=1" },
		{ "resource://a?x=1&AGENT_TOKEN=s", "resource://a?x=1&AGENT_TOKEN=***" },
		{ "resource://a?agent%5Ftoken=s", "resource://a?agent%5Ftoken=***" },
		{ "resource://a?token", "resource://a?token" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_msg(
		    str_eqc(resource_uri_shown(&f.arena, str_c(rows[i].uri)), rows[i].shown), "%s", rows[i].uri);
}
END_TEST

START_TEST(what_is_a_uri)
{
	ck_assert(resource_uri_ok(STR("resource://x")));
	ck_assert(!resource_uri_ok(STR("not a uri")));
	ck_assert(!resource_uri_ok(STR("")));
	ck_assert(!resource_uri_ok(STR_NONE));
	ck_assert(!resource_uri_ok(STR("nope")));
	ck_assert(!resource_uri_ok(STR(":x")));
	ck_assert(!resource_uri_ok(STR("resource://a b")));
	ck_assert(!resource_uri_ok(STR("resource://a\n")));
}
END_TEST

static struct jr
text_of(void (*write)(const struct resource *, struct jw *), const struct resource *r)
{
	struct jr_error err;
	struct buf text;
	struct jr v;
	struct jw w;

	buf_init(&text, &f.arena);
	jw_init(&w, &text, JW_COMPACT);
	write(r, &w);
	ck_assert(jr_parse(&f.arena, buf_flat(&text), &v, &err));
	return v;
}

/* Every row: the variables of its URI are P_PATH parameters, and its entry shows the others. */
START_TEST(rows_are_whole)
{
	const struct resource *r = resource_registry[_i];
	struct str uri = str_c(r->uri);
	const char *at = r->uri;
	struct str shown;
	size_t n = 0;

	ck_assert(str_starts(uri, STR("resource://")));
	ck_assert(r->op.name != NULL && r->op.desc != NULL && r->op.run != NULL);
	for (size_t i = 0; i < r->op.nparams; i++) {
		if ((r->op.params[i].flags & P_PATH) == 0)
			continue;
		n++;
		at = strstr(at, arena_printf(&f.arena, "{%s}", r->op.params[i].name).p);
		ck_assert_msg(at != NULL, "%s has no {%s}", r->uri, r->op.params[i].name);
	}
	ck_assert((n > 0) == resource_is_template(r));
	shown = jr_str(jr_get(text_of(resource_template_entry, r), "uriTemplate"));
	ck_assert(str_starts(shown, uri));
	ck_assert(str_ends(shown, STR("format}")));
	for (size_t i = 0; i < r->op.nparams; i++)
		if ((r->op.params[i].flags & (P_PATH | P_UNLISTED | P_REFUSED)) == 0)
			ck_assert_int_ge(str_find(shown, str_c(r->op.params[i].name)), 0);
	ck_assert(str_eqc(jr_str(jr_get(text_of(resource_list_entry, r), "uri")), r->uri));
}
END_TEST

Suite *suite_uri(void);
Suite *
suite_uri(void)
{
	Suite *s = suite_create("uri");
	TCase *tc = tcase_create("uri");

	tcase_add_checked_fixture(tc, setup, fixture_end);
	tcase_add_loop_test(tc, matching, 0, (int)(sizeof(matches) / sizeof(matches[0])));
	tcase_add_test(tc, arguments);
	tcase_add_test(tc, too_many_parameters);
	tcase_add_test(tc, decode_errors);
	tcase_add_test(tc, tokens_are_hidden);
	tcase_add_test(tc, what_is_a_uri);
	tcase_add_loop_test(tc, rows_are_whole, 0, (int)resource_count());
	suite_add_tcase(s, tc);
	return s;
}
