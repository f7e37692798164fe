/*
 * check_openapi - /openapi.json says what the rows say: every path and method
 * once, every variable declared, names unique, aliases marked, families known.
 * tests/wire/openapi.sh validates the document and calls what is in it.
 */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "conf/conf.h"
#include "rest/registry.h"
#include "support/rpc_fixture.h"

static struct rpc_fixture f;
static struct jr doc;

static void
setup(void)
{
	rpc_fixture_init(&f);
	doc = rpc_send(&f, "GET", "/openapi.json", NULL, NULL).json;
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
}

/* The operation of a row under one of its paths. */
static struct jr
operation(const struct rest_route *r, const char *path)
{
	char method[8] = "";

	for (size_t i = 0; r->method[i] != '\0'; i++)
		method[i] = (char)(r->method[i] | 0x20);
	return jr_get(jr_get(jr_get(doc, "paths"), path), method);
}

static bool
declares(struct jr op, const char *name, const char *in)
{
	struct jr list = jr_get(op, "parameters");

	for (size_t i = 0; i < jr_len(list); i++)
		if (str_eqc(jr_str(jr_get(jr_at(list, i), "name")), name) &&
		    str_eqc(jr_str(jr_get(jr_at(list, i), "in")), in))
			return true;
	return false;
}

START_TEST(rows)
{
	ck_str(rpc_text(&f, doc, "openapi"), "3.1.0");
	for (size_t i = 0; rest_registry[i] != NULL; i++) {
		const struct rest_route *r = rest_registry[i];

		for (size_t k = 0; r->paths[k] != NULL; k++) {
			struct jr op = operation(r, r->paths[k]);

			ck_assert_msg(op.type == JR_OBJ, "%s %s is missing", r->method, r->paths[k]);
			ck_assert_msg(
			    k > 0 || str_eqc(jr_str(jr_get(op, "operationId")), r->op.name), "%s", r->paths[k]);
			ck_assert_msg(
			    (k > 0) == str_eqc(jr_str(jr_get(op, "x-alias-of")), r->op.name), "%s", r->paths[k]);
			ck_str(jr_str(jr_at(jr_get(op, "tags"), 0)), rest_family_of(r)->name);
			for (size_t p = 0; p < r->op.nparams; p++) {
				char var[80];

				snprintf(var, sizeof(var), "{%s}", r->op.params[p].name);
				if (strstr(r->paths[k], var) != NULL)
					ck_assert_msg(declares(op, r->op.params[p].name, "path"), "%s", r->paths[k]);
			}
		}
	}
}
END_TEST

static bool
collect(struct jr item, struct str_list *ids)
{
	struct str id = jr_str(jr_get(item, "operationId"));

	for (size_t i = 0; i < ids->n; i++)
		ck_assert_msg(!str_eq(ids->v[i], id), "%.*s twice", (int)id.n, id.p);
	ids->v[ids->n++] = id;
	return true;
}

static bool
each_method(struct str key, struct jr item, void *arg)
{
	return collect(item, arg);
}

static bool
each_path(struct str key, struct jr item, void *arg)
{
	return jr_each(item, each_method, arg), true;
}

START_TEST(names)
{
	static struct str room[1024];
	struct str_list ids = { room, 0 };

	jr_each(jr_get(doc, "paths"), each_path, &ids);
	ck_assert_uint_gt(ids.n, rest_count());
}
END_TEST

START_TEST(body)
{
	struct jr s = rpc_at(&f, doc, "components.schemas.message_send");

	ck_str(rpc_text(&f, s, "required"),
	    "[\"project_slug\",\"sender_name\",\"recipient_names\",\"subject\",\"body_md\"]");
	ck_str(rpc_text(&f, s, "properties.recipient_names.items.type"), "string");
	ck_str(rpc_text(&f, s, "properties.ack_required.type"), "[\"boolean\",\"null\"]");
	ck_str(rpc_text(&f, s, "properties.ack_required.default"), "false");
	/* Another name of the same member is accepted, not shown. */
	ck_assert_int_eq(rpc_at(&f, s, "properties.from_agent_name").type, JR_ABSENT);
}
END_TEST

/* Who has it is not sent it again; the open spelling asks for nothing, the other for the token. */
START_TEST(not_modified)
{
	struct rpc_answer a = rpc_send(&f, "GET", "/api-docs/openapi.json", NULL, NULL);
	struct str tag = rpc_header(&a, "ETag");
	char line[80];

	ck_assert_int_eq(a.status, 200);
	snprintf(line, sizeof(line), "If-None-Match: %.*s", (int)tag.n, tag.p);
	a = rpc_send(&f, "GET", "/openapi.json", line, NULL);
	ck_assert_int_eq(a.status, 304);
	ck_assert_uint_eq(a.body.n, 0);
	ck_assert_int_eq(rpc_send(&f, "GET", "/openapi.json", "If-None-Match: \"x\"", NULL).status, 200);
	f.base.conf->http_bearer_token = STR("secret");
	f.peer.loopback = false;
	ck_assert_int_eq(rpc_send(&f, "GET", "/api-docs/openapi.json", NULL, NULL).status, 200);
	ck_assert_int_eq(rpc_send(&f, "GET", "/openapi.json", NULL, NULL).status, 401);
}
END_TEST

/* Words with an underscore that texts of the document may use, besides settings and names of the document itself. */
static const char *const other_words[] = {
	"block_all", "contacts_only", /* contact policies */
	"total_count",                /* a member of answers, which have no schema */
};

static bool
known_word(struct str word)
{
	for (size_t i = 0; i < sizeof(other_words) / sizeof(other_words[0]); i++)
		if (str_eqc(word, other_words[i]))
			return true;
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; k < rest_registry[i]->op.nparams; k++)
			if (str_eqc(word, rest_registry[i]->op.params[k].name))
				return true;
	return conf_find(word) != NULL;
}

/* Each word like "max_body_size" in a text must be the name of something. Those in capitals are words of answers. */
static void
judge_text(struct str text)
{
	size_t from = 0, n;

	for (; from<text.n; from += n> 0 ? n : 1) {
		for (n = 0; from + n < text.n && (isalnum((unsigned char)text.p[from + n]) || text.p[from + n] == '_');
		     n++)
			;
		if (n > 0 && memchr(text.p + from, '_', n) != NULL && islower((unsigned char)text.p[from]))
			ck_assert_msg(known_word(str_sub(text, from, n)), "%.*s is neither a setting nor a name: %.*s",
			    (int)n, text.p + from, (int)text.n, text.p);
	}
}

static bool
judge(struct str key, struct jr v, void *arg)
{
	size_t *texts = arg;

	if (v.type == JR_STR && (str_eqc(key, "description") || str_eqc(key, "summary"))) {
		judge_text(jr_str(v));
		++*texts;
	}
	if (v.type == JR_OBJ)
		jr_each(v, judge, arg);
	for (size_t i = 0; v.type == JR_ARR && i < jr_len(v); i++)
		judge(STR_NONE, jr_at(v, i), arg);
	return true;
}

/* 413 named max_request_size, which is no setting. */
START_TEST(texts_name_settings_that_exist)
{
	size_t texts = 0;

	jr_each(doc, judge, &texts);
	ck_assert_uint_gt(texts, 100);
	ck_assert_ptr_nonnull(strstr(
	    arena_cstr(&f.base.arena, rpc_text(&f, doc, "components.responses.TooLarge.description")), "max_body_size"));
}
END_TEST

Suite *
suite_openapi(void)
{
	Suite *s = suite_create("openapi");
	TCase *t = tcase_create("openapi");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, rows);
	tcase_add_test(t, names);
	tcase_add_test(t, body);
	tcase_add_test(t, not_modified);
	tcase_add_test(t, texts_name_settings_that_exist);
	suite_add_tcase(s, t);
	return s;
}
