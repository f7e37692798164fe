/*
 * check_rows - the rows of REST, decoded and run as serve/rest.c does: the seed's
 * requests, shapes, the words of failures, and what the door may not do.
 */
#include <check.h>
#include <string.h>

#include "api/rules.h"
#include "base/json_read.h"
#include "conf/conf.h"
#include "rest/registry.h"
#include "store/cx.h"
#include "support/opcall.h"

static struct fixture f;

static void
setup(void)
{
	fixture_init(&f);
	f.cx.rules = dialect_rules(DIALECT_REST);
}

static const struct rest_route *
row(const char *path)
{
	for (size_t i = 0; rest_registry[i] != NULL; i++)
		for (size_t k = 0; rest_registry[i]->paths[k] != NULL; k++)
			if (strcmp(rest_registry[i]->paths[k], path) == 0)
				return rest_registry[i];
	ck_abort_msg("no row for %s", path);
	return NULL;
}

/* Decodes and runs; the answer, or absent with f.cx.fail. `id` is the variable of the path, or NULL. */
static struct str
call(const char *path, const char *json, const char *id)
{
	struct decode_pair pair[2] = { { STR("id"), str_c(id) }, { STR("slug"), str_c(id) } };
	struct operation_input in = { .dialect = DIALECT_REST, .pairs = pair, .npairs = id != NULL ? 2 : 0 };
	struct operation_call c;
	struct jr_error err;

	fixture_again(&f);
	fixture_tick(&f, 1000);
	if (json != NULL)
		ck_assert_msg(jr_parse(&f.arena, str_c(json), &in.args, &err), "%s", json);
	return opcall(&f, &row(path)->op, &in, NULL, &c) == 0 ? buf_flat(&c.value) : STR_NONE;
}

static struct jr
good(const char *path, const char *json)
{
	struct str answer = call(path, json, NULL);
	struct jr_error err;
	struct jr v;

	ck_assert_msg(answer.p != NULL, "%s %s: %.*s", path, json, (int)f.cx.fail.msg.n, f.cx.fail.msg.p);
	ck_assert_msg(jr_parse(&f.arena, answer, &v, &err), "%.*s", (int)answer.n, answer.p);
	return v;
}

static void
bad(const char *path, const char *json, enum err code, const char *text)
{
	ck_assert_msg(call(path, json, NULL).p == NULL, "%s %s succeeded", path, json);
	ck_fail(&f, code, text);
}

/* Names of an object's members, in order: "id,slug". */
static bool
add_key(struct str key, struct jr val, void *arg)
{
	struct buf *b = arg;

	if (b->n > 0)
		buf_putc(b, ',');
	buf_str(b, key);
	return true;
}

static struct str
keys(struct jr v)
{
	struct buf b;

	buf_init(&b, &f.arena);
	jr_each(v, add_key, &b);
	return buf_flat(&b);
}

static void
start(void)
{
	good("/api/project/ensure", "{\"human_key\": \"benchmark-project\"}");
	good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"sender\",\"program\":\"test\",\"model\":\"test\"}");
	good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"receiver\",\"program\":\"test\",\"model\":\"test\"}");
}

#define SEND \
	"{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\"]," \
	"\"subject\":\"Test\",\"body_md\":\"Content\"}"
#define WHO(name) "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"" name "\"}"

START_TEST(seed)
{
	struct jr v;

	v = good("/api/project/ensure", "{\"human_key\": \"benchmark-project\"}");
	ck_str(keys(v), "id,slug,human_key");
	ck_assert_int_eq(jr_int(jr_get(good("/api/ensure_project", "{\"human_key\": \"benchmark-project\"}"), "id")),
	    jr_int(jr_get(v, "id")));
	v = good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"sender\",\"program\":\"test\",\"model\":\"test\"}");
	ck_str(keys(v), "id,name,project_id,program,model,task_description,inception_ts,last_active_ts");
	ck_str(jr_str(jr_get(v, "task_description")), "");
	ck_assert_int_eq(str_chr(jr_str(jr_get(v, "inception_ts")), '+'), -1);
	good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"receiver\",\"program\":\"test\",\"model\":\"test\"}");
	v = good("/api/message/send", SEND);
	ck_str(keys(v),
	    "id,project_id,sender_id,sender_name,thread_id,subject,body_md,importance,ack_required,created_ts");
	ck_str(jr_str(jr_get(v, "thread_id")), "1");
	ck_str(jr_str(jr_get(v, "importance")), "normal");
	v = good("/api/inbox", WHO("receiver"));
	ck_assert_uint_eq(jr_len(v), 1);
	ck_str(keys(jr_at(v, 0)), "id,subject,sender_name,created_ts");
	ck_str(jr_str(jr_get(jr_at(v, 0), "sender_name")), "sender");
}
END_TEST

START_TEST(names)
{
	start();
	bad("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"SENDER\",\"program\":\"x\",\"model\":\"y\"}",
	    ERR_CONFLICT, "A record with this name already exists");
	bad("/api/agent/register", "{\"project_slug\":\"none\",\"name\":\"x\",\"program\":\"x\",\"model\":\"y\"}",
	    ERR_NOT_FOUND, "Project not found: Identifier: none");
	bad("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"odd name/..\",\"program\":\"x\",\"model\":\"y\"}",
	    ERR_INVALID_AGENT_NAME, "name");
	bad("/api/agent/register", "{\"project_slug\":\"benchmark-project\",\"name\":\"x\",\"program\":5}",
	    ERR_VALIDATION_ERROR, "missing field `model`");
	bad("/api/agent/whois", WHO("recever"), ERR_NOT_FOUND, "Agent not found: Name: recever in Project ID: 1");
	ck_str(fail_data_json(&f.cx.fail), "{\"suggestions\":[\"receiver\"]}");
	bad("/api/inbox", WHO("ghost"), ERR_NOT_FOUND, "Agent not found: Name: ghost in Project ID: 1");
	bad("/api/message/send",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\","
	    "\"ghost\"],"
	    "\"subject\":\"a\",\"body_md\":\"b\"}",
	    ERR_NOT_FOUND, "Agent not found: Name: ghost in Project ID: 1");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 0);
	bad("/api/message/send",
	    "{\"project_slug\":\"nowhere\",\"sender_name\":\"sender\",\"recipient_names\":[\"receiver\"],"
	    "\"subject\":\"a\",\"body_md\":\"b\"}",
	    ERR_NOT_FOUND, "Project not found: Identifier: nowhere");
	bad("/api/message/send",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":"
	    "\"receiver\",\"subject\":\"a\",\"body_md\":\"b\"}",
	    ERR_VALIDATION_ERROR, "recipient_names");
}
END_TEST

START_TEST(people)
{
	struct jr v;

	start();
	v = good("/api/agent/whois", WHO("receiver"));
	ck_str(keys(v),
	    "id,name,program,model,task_description,inception_ts,last_active_ts,attachments_policy,contact_policy,"
	    "project_slug,project_human_key");
	good("/api/message/send", SEND);
	v = good("/api/agent/profile", WHO("sender"));
	ck_assert_int_eq(jr_int(jr_get(v, "message_count_sent")), 1);
	ck_assert_int_eq(jr_int(jr_get(v, "message_count_received")), 0);
	v = good("/api/project/info", "{\"project_slug\":\"benchmark-project\"}");
	ck_str(keys(v), "id,slug,human_key,created_at,agent_count,message_count");
	ck_assert_int_eq(jr_int(jr_get(v, "agent_count")), 2);
	ck_assert_int_eq(jr_int(jr_get(v, "message_count")), 1);
	good("/api/project/ensure", "{\"human_key\": \"/srv/second repo\"}");
	v = good("/api/projects", NULL);
	ck_assert_uint_eq(jr_len(v), 2);
	ck_str(jr_str(jr_get(jr_at(v, 0), "human_key")), "/srv/second repo");
	ck_assert_ptr_nonnull(call("/api/projects/{slug}/agents", NULL, "benchmark-project").p);
	v = good("/api/agent/create_identity", "{\"project_slug\":\"benchmark-project\",\"hint\":\"sender\"}");
	ck_assert_int_eq(str_eqc(jr_str(jr_get(v, "suggested_name")), "sender"), 0);
	ck_assert_uint_eq(jr_len(jr_get(v, "alternatives")), 5);
	v = good("/api/agent/create_identity", "{\"project_slug\":\"benchmark-project\",\"hint\":\"free-1\"}");
	ck_str(jr_str(jr_get(v, "suggested_name")), "free-1");
}
END_TEST

/* bcc stays hidden, unknown ids are 404, threads are found by the first message's number. */
START_TEST(mail)
{
	struct jr v;
	struct str one;

	start();
	good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"agent-000\",\"program\":\"test\",\"model\":\"test\"}");
	good("/api/message/send", SEND);
	good("/api/send_message",
	    "{\"project_slug\":\"benchmark-project\",\"from_agent_name\":\"sender\",\"to_agent_names\":"
	    "[\"receiver\"],\"bcc_names\":[\"agent-000\"],\"subject\":\"Z\",\"body_md\":\"alpha "
	    "beta\",\"thread_id\":\"T-1\","
	    "\"importance\":\"high\",\"ack_required\":true}");
	one = call("/api/messages/{id}", NULL, "2");
	ck_assert(str_find(one, STR("agent-000")) < 0);
	ck_assert(str_find(one, STR("\"attachments\":[],\"recipients\":[\"receiver\"]")) > 0);
	ck_assert(str_find(one, STR("\"thread_id\":\"T-1\"")) > 0);
	ck_assert_ptr_null(call("/api/messages/{id}", NULL, "99").p);
	ck_fail(&f, ERR_NOT_FOUND, "Message not found: 99");
	v = good("/api/message/reply",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"receiver\",\"message_id\":1,"
	    "\"body_md\":\"answer\"}");
	ck_str(jr_str(jr_get(v, "subject")), "Re: Test");
	ck_str(jr_str(jr_get(v, "thread_id")), "1");
	ck_assert(!jr_bool(jr_get(v, "ack_required")));
	v = good("/api/thread", "{\"project_slug\":\"benchmark-project\",\"thread_id\":\"1\"}");
	ck_assert_uint_eq(jr_len(v), 2);
	ck_assert_int_eq(jr_int(jr_get(jr_at(v, 0), "id")), 1);
	ck_assert_uint_eq(jr_len(good("/api/outbox", WHO("sender"))), 2);
	ck_assert_uint_eq(jr_len(good("/api/inbox",
			      "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"limit\":0}")),
	    0);
	ck_assert_uint_eq(jr_len(good("/api/inbox",
			      "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"limit\":-1}")),
	    2);
	v = good("/api/message/read",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"message_id\":1}");
	ck_assert(jr_bool(jr_get(v, "marked")));
	v = good("/api/message/acknowledge",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"message_id\":2}");
	ck_assert(jr_bool(jr_get(v, "acknowledged")));
	bad("/api/message/read",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"message_id\":77}", ERR_NOT_FOUND,
	    "77");
	bad("/api/message/reply",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"receiver\",\"message_id\":77,"
	    "\"body_md\":\"answer\"}",
	    ERR_NOT_FOUND, "Message not found: 77");
}
END_TEST

/* Nobody to send to is a message all the same at this door; reservations on its files stop it. */
START_TEST(odd_sends)
{
	struct jr v;

	start();
	v = good("/api/message/send",
	    "{\"project_slug\":\"benchmark-project\",\"sender_name\":\"sender\",\"recipient_names\":[],"
	    "\"subject\":\"\",\"body_md\":\"\",\"thread_id\":\"\",\"importance\":\"whatever\"}");
	ck_str(jr_str(jr_get(v, "importance")), "whatever");
	ck_str(jr_str(jr_get(v, "thread_id")), "1");
	good("/api/file_reservations/paths",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\",\"paths\":[\"messages/**\"]}");
	bad("/api/message/send", SEND, ERR_FILE_RESERVATION_CONFLICT, "reserved by receiver");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM messages"), 1);
}
END_TEST

#define RESERVE(who, path) "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"" who "\",\"paths\":[" path "]}"

START_TEST(reservations)
{
	struct jr v;

	start();
	v = good("/api/file_reservations/paths", RESERVE("sender", "\"src/a.c\",\"src/*.h\""));
	ck_assert_uint_eq(jr_len(jr_get(v, "granted")), 2);
	ck_str(keys(jr_at(jr_get(v, "granted"), 0)), "id,path_pattern,exclusive,reason,expires_ts");
	v = good("/api/file_reservation_paths", RESERVE("receiver", "\"src/**\""));
	ck_assert_uint_eq(jr_len(jr_get(v, "conflicts")), 2);
	ck_str(jr_str(jr_get(jr_at(jr_get(v, "conflicts"), 0), "conflict_type")), "FILE_RESERVATION_CONFLICT");
	ck_str(jr_str(jr_get(jr_at(jr_get(v, "conflicts"), 0), "message")),
	    "Conflict with reservation held by agent ID 1");
	v = good("/api/file_reservations/paths", RESERVE("sender", ""));
	ck_assert_uint_eq(jr_len(jr_get(v, "granted")), 0);
	bad("/api/file_reservations/paths", RESERVE("sender", "\"!x\""), ERR_INVALID_ARGUMENT, "'!x'");
	v = good("/api/file_reservations/list", "{\"project_slug\":\"benchmark-project\"}");
	ck_assert_uint_eq(jr_len(v), 3);
	ck_str(
	    keys(jr_at(v, 0)), "id,agent_id,agent_name,path_pattern,exclusive,reason,created_ts,expires_ts,is_active");
	ck_assert_uint_eq(jr_len(good("/api/reservations", WHO("receiver"))), 1);
	v = good("/api/locks", NULL);
	ck_assert_uint_eq(jr_len(v), 3);
	ck_str(keys(jr_at(v, 0)),
	    "id,project_id,project_slug,agent_id,agent_name,path_pattern,exclusive,reason,created_ts,"
	    "expires_ts,is_expired");
	v = good("/api/file_reservations/renew", "{\"reservation_id\":1,\"ttl_seconds\":7200}");
	ck_str(keys(v), "renewed,reservation_id,new_expires_ts");
	ck_assert_int_eq(
	    fixture_int(&f, "SELECT (expires_ts - created_ts) / 1000000 FROM file_reservations WHERE id = 1"), 7200);
	v = good("/api/file_reservations/release", RESERVE("sender", "\"src/*.h\""));
	ck_assert_int_eq(jr_int(jr_get(v, "released_count")), 1);
	ck_assert_int_eq(jr_int(jr_at(jr_get(v, "released_ids"), 0)), 2);
	bad("/api/file_reservations/renew", "{\"reservation_id\":2}", ERR_NOT_FOUND, "Reservation not found: 2");
	bad("/api/file_reservations/renew", "{\"reservation_id\":99}", ERR_NOT_FOUND, "Reservation not found: 99");
}
END_TEST

START_TEST(contacts)
{
	struct jr v;

	start();
	good("/api/project/ensure", "{\"human_key\": \"/srv/far\"}");
	good("/api/agent/register",
	    "{\"project_slug\":\"/srv/far\",\"name\":\"far\",\"program\":\"p\",\"model\":\"m\"}");
	v = good("/api/contacts/request",
	    "{\"from_project_slug\":\"benchmark-project\",\"from_agent_name\":\"sender\","
	    "\"to_project_slug\":\"/srv/far\",\"to_agent_name\":\"far\",\"reason\":\"hello\"}");
	ck_str(keys(v), "link_id,status");
	ck_str(jr_str(jr_get(v, "status")), "pending");
	ck_assert_uint_eq(jr_len(good("/api/contacts/list", WHO("sender"))), 0);
	v = good("/api/contacts/respond", "{\"link_id\":1,\"accept\":true}");
	ck_str(jr_str(jr_get(v, "status")), "accepted");
	v = good("/api/contacts/list", WHO("sender"));
	ck_assert_uint_eq(jr_len(v), 1);
	ck_str(keys(jr_at(v, 0)), "id,other_project_id,other_agent_id,status,reason,created_ts");
	ck_assert_int_eq(jr_int(jr_get(jr_at(v, 0), "other_project_id")), 2);
	bad("/api/contacts/respond", "{\"link_id\":9,\"accept\":true}", ERR_NOT_FOUND, "Contact link not found: 9");
	v = good("/api/contacts/policy",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"receiver\","
	    "\"contact_policy\":\"block_all\"}");
	ck_str(jr_str(jr_get(v, "contact_policy")), "block_all");
	/* Decision 3.36: this holds at this door too. */
	bad("/api/message/send", SEND, ERR_FORBIDDEN, "");
	ck_assert_int_eq(err_http(f.cx.fail.code), 403);
}
END_TEST

START_TEST(session)
{
	struct jr v;

	start();
	v = good("/api/macros/start_session",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"starter\",\"model\":\"m\","
	    "\"program\":\"p\",\"patterns\":[\"a/*\"]}");
	ck_str(keys(v), "agent_id,agent_name,reservation_ids,message");
	ck_assert_uint_eq(jr_len(jr_get(v, "reservation_ids")), 1);
	/* Refused as a whole: no agent is left behind. */
	bad("/api/macros/start_session",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"other\",\"model\":\"m\","
	    "\"program\":\"p\",\"patterns\":[\" \"]}",
	    ERR_INVALID_ARGUMENT, "is blank");
	ck_assert_int_eq(fixture_int(&f, "SELECT count(*) FROM agents WHERE name = 'other'"), 0);
}
END_TEST

/* Decision 3.38: with agent_auth = token the agent's token is asked for, and REST shows it once. */
START_TEST(tokens)
{
	struct jr v;
	struct str token;

	start();
	f.conf->agent_auth = AGENT_AUTH_TOKEN;
	bad("/api/inbox", WHO("receiver"), ERR_AUTHENTICATION_REQUIRED, "requires registration_token");
	v = good("/api/agent/register",
	    "{\"project_slug\":\"benchmark-project\",\"name\":\"third\",\"program\":\"test\",\"model\":\"test\"}");
	token = jr_str(jr_get(v, "registration_token"));
	ck_assert_uint_gt(token.n, 20);
	good("/api/inbox",
	    arena_printf(&f.arena,
		"{\"project_slug\":\"benchmark-project\",\"agent_name\":\"third\","
		"\"registration_token\":\"%.*s\"}",
		(int)token.n, token.p)
		.p);
	bad("/api/inbox",
	    "{\"project_slug\":\"benchmark-project\",\"agent_name\":\"third\",\"registration_token\":\"x\"}",
	    ERR_AUTHENTICATION_REQUIRED, "Invalid registration_token");
}
END_TEST

/* Paths are unique per method, every variable has its parameter, every row says what it does. */
START_TEST(table)
{
	size_t n;

	for (size_t i = 0; rest_registry[i] != NULL; i++) {
		const struct rest_route *r = rest_registry[i];

		ck_assert_msg(r->op.desc != NULL, "%s", r->op.name);
		ck_assert_msg(
		    (r->op.run != NULL) != (r->op.document != NULL && (r->op.flags & OP_WRITE) == 0), "%s", r->op.name);
		for (size_t k = 0; r->paths[k] != NULL; k++) {
			struct str rest = str_c(r->paths[k]), segment;

			for (size_t j = 0; rest_registry[j] != NULL; j++)
				for (size_t l = 0; rest_registry[j]->paths[l] != NULL; l++)
					ck_assert_msg((i == j && k == l) ||
						strcmp(r->paths[k], rest_registry[j]->paths[l]) != 0 ||
						strcmp(r->method, rest_registry[j]->method) != 0,
					    "%s twice", r->paths[k]);
			while (str_next(&rest, '/', &segment)) {
				if (segment.n < 3 || segment.p[0] != '{')
					continue;
				for (n = 0; n < r->op.nparams; n++)
					if (str_eqc(str_sub(segment, 1, segment.n - 2), r->op.params[n].name))
						break;
				ck_assert_msg(
				    n < r->op.nparams && (r->op.params[n].flags & P_PATH) != 0, "%s", r->paths[k]);
			}
		}
	}
}
END_TEST

Suite *suite_rows(void);

Suite *
suite_rows(void)
{
	Suite *s = suite_create("rows");
	TCase *t = tcase_create("rows");

	tcase_add_checked_fixture(t, setup, fixture_end);
	tcase_add_test(t, seed);
	tcase_add_test(t, names);
	tcase_add_test(t, people);
	tcase_add_test(t, mail);
	tcase_add_test(t, odd_sends);
	tcase_add_test(t, reservations);
	tcase_add_test(t, contacts);
	tcase_add_test(t, session);
	tcase_add_test(t, tokens);
	tcase_add_test(t, table);
	suite_add_tcase(s, t);
	return s;
}
