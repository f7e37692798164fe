/*
 * check_peer - the core of MCP driven through a peer that is two buffers: no socket, no HTTP.
 */
#include "mcp/peer.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "ipc/bus.h"
#include "ipc/shm.h"
#include "job/follow.h"
#include "mcp/cancel.h"
#include "mcp/mcp.h"
#include "mcp/receive.h"
#include "mcp/request.h"
#include "store/txn.h"
#include "support/rpc_fixture.h"

static struct rpc_fixture f;
static struct follows follows;
static const struct mcp_mirror nothing;

/* What came out of a peer: the last answer, how it ended, and what we sent by ourselves. */
struct pipe {
	struct mcp_peer peer;
	struct str answer, sent;
	enum mcp_outcome outcome;
	int answers;
	unsigned caps;
};

static void
on_answer(struct mcp_peer *peer, struct mcp_inbound *in, enum mcp_outcome outcome, struct buf *body)
{
	struct pipe *p = (struct pipe *)peer;

	p->answers++;
	p->outcome = outcome;
	p->answer = body != NULL ? buf_flat(body) : STR_NONE;
}

static void
on_opened(struct mcp_peer *peer, struct mcp_inbound *in, unsigned caps)
{
	((struct pipe *)peer)->caps = caps;
}

static void
on_send(struct mcp_peer *peer, const struct buf *body)
{
	((struct pipe *)peer)->sent = arena_dup(&f.base.arena, buf_flat(body));
}

static const struct mcp_peer_ops ops = { .answer = on_answer, .opened = on_opened, .send = on_send };
static const struct mcp_peer_ops mute = { .answer = on_answer };

static void
listen_now(void *arg)
{
	follows.listening = true;
}

static void
setup(void)
{
	rpc_fixture_init(&f);
	follows_init(&follows, listen_now, NULL);
	follows.listening = true;
	f.rt.follows = &follows;
}

static void
teardown(void)
{
	rpc_fixture_fini(&f);
	follows_fini(&follows);
}

static void
connect_to(struct pipe *p, struct mcp *mcp, const struct mcp_peer_ops *how, const char *scope)
{
	struct caller caller = { .trusted = true };

	memset(p, 0, sizeof(*p));
	mcp_peer_init(&p->peer, mcp, how, &caller);
	p->peer.scope = str_c(scope);
}

static void
feed(struct pipe *p, const char *bytes)
{
	struct mcp_inbound *in = arena_new(&f.base.arena, struct mcp_inbound);

	mcp_receive(&p->peer, in, &f.base.arena, clock_mono_us(), str_c(bytes), &nothing);
}

static void
commit(void)
{
	while (txn_run(f.rt.txn, 1000000) > 0)
		;
}

/* The answer as JSON. */
static struct jr
answer(const struct pipe *p)
{
	struct jr_error err;
	struct jr v;

	ck_assert(jr_parse(&f.base.arena, p->answer, &v, &err));
	return v;
}

static int64_t
code(const struct pipe *p)
{
	return jr_int(jr_get(jr_get(answer(p), "error"), "code"));
}

static const char initialize[] =
    "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":"
    "\"2025-06-18\",\"capabilities\":{\"roots\":{}},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}";

#define CALL(id, tool, args) \
	"{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"tools/call\",\"params\":{\"name\":\"" tool \
	"\",\"arguments\":" args "}}"
#define CANCEL(id) \
	"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" id \
	",\"reason\":\"no\"}}"

START_TEST(a_conversation)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	feed(&p, initialize);
	ck_str(jr_str(jr_get(jr_get(answer(&p), "result"), "protocolVersion")), "2025-06-18");
	ck_assert_uint_eq(p.caps, CAP_ROOTS);
	feed(&p, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
	ck_assert_int_eq(p.outcome, MCP_ACCEPTED);
	ck_assert(p.answer.p == NULL);
	feed(&p, "{\"jsonrpc\":\"2.0\",\"id\":\"l\",\"method\":\"tools/list\"}");
	ck_assert_uint_gt(jr_len(jr_get(jr_get(answer(&p), "result"), "tools")), 20);
	ck_str(jr_str(jr_get(answer(&p), "id")), "l");
	feed(&p, CALL("7", "ensure_project", "{\"human_key\":\"/peer\"}"));
	ck_assert_int_eq(p.answers, 3);
	commit();
	ck_assert_int_eq(p.answers, 4);
	ck_str(jr_str(jr_get(jr_get(jr_get(answer(&p), "result"), "structuredContent"), "human_key")), "/peer");
	feed(&p, "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"no/such\"}");
	ck_assert_int_eq(p.outcome, MCP_ANSWERED);
	ck_assert_int_eq(code(&p), RPC_METHOD_NOT_FOUND);
}
END_TEST

START_TEST(what_is_no_message)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	feed(&p, "{\"jsonrpc\":");
	ck_assert_int_eq(p.outcome, MCP_MALFORMED);
	ck_assert_int_eq(code(&p), RPC_PARSE_ERROR);
	feed(&p, "7");
	ck_assert_int_eq(p.outcome, MCP_MALFORMED);
	ck_assert_int_eq(code(&p), RPC_INVALID_REQUEST);
	ck_assert_int_eq(p.answers, 2);
}
END_TEST

/* A transport that repeats nothing beside the message is not asked to. */
START_TEST(the_revision_without_sessions)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	feed(&p,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\"_meta\":{"
	    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
	    "\"io.modelcontextprotocol/clientCapabilities\":{}}}}");
	ck_assert_int_eq(p.outcome, MCP_ANSWERED);
	ck_str(jr_str(jr_get(jr_get(answer(&p), "result"), "resultType")), "complete");
	feed(&p,
	    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"nope\",\"params\":{\"_meta\":{"
	    "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
	    "\"io.modelcontextprotocol/clientCapabilities\":{}}}}");
	ck_assert_int_eq(p.outcome, MCP_UNKNOWN_METHOD);
	ck_assert_int_eq(code(&p), RPC_METHOD_NOT_FOUND);
}
END_TEST

START_TEST(a_batch_is_answered_as_a_whole)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	feed(&p,
	    "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"},7,{\"jsonrpc\":\"2.0\",\"method\":\"x\"}," CALL(
		"2", "ensure_project", "{\"human_key\":\"/batch\"}") "]");
	ck_assert_int_eq(p.answers, 0);
	commit();
	ck_assert_int_eq(p.answers, 1);
	ck_assert_uint_eq(jr_len(answer(&p)), 3);
}
END_TEST

START_TEST(a_queued_write_is_cancelled)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	feed(&p, CALL("5", "ensure_project", "{\"human_key\":\"/never\"}"));
	feed(&p, CANCEL("5"));
	ck_assert_int_eq(p.answers, 2);
	commit();
	ck_assert_int_eq(p.answers, 2);
	ck_assert_int_eq(fixture_int(&f.base, "SELECT count(*) FROM projects"), 0);
}
END_TEST

static void
two_agents(struct pipe *p)
{
	feed(p, CALL("1", "ensure_project", "{\"human_key\":\"/p\"}"));
	commit();
	feed(p,
	    CALL("2", "register_agent",
		"{\"project_key\":\"/p\",\"name\":\"BlueLake\",\"program\":\"x\",\"model\":\"y\"}"));
	commit();
}

static const char waits[] =
    CALL("9", "wait_for_mail", "{\"project_key\":\"/p\",\"agent_name\":\"BlueLake\",\"timeout_seconds\":50}");

START_TEST(a_parked_read_is_cancelled)
{
	struct pipe p;

	connect_to(&p, f.rt.mcp, &ops, "one");
	two_agents(&p);
	feed(&p, waits);
	ck_assert_int_eq(p.answers, 2);
	ck_assert_uint_eq(follows.n, 1);
	/* Another id, and the same digits as text. */
	feed(&p, CANCEL("8"));
	feed(&p, CANCEL("\"9\""));
	ck_assert_uint_eq(follows.n, 1);
	p.answers = 0;
	feed(&p, CANCEL("9"));
	ck_assert_uint_eq(follows.n, 0);
	ck_assert_int_eq(p.answers, 2);
	feed(&p, CANCEL("9"));
	ck_assert_int_eq(p.answers, 3);
}
END_TEST

START_TEST(strangers_cancel_nothing)
{
	struct pipe p, other, nobody;

	connect_to(&p, f.rt.mcp, &ops, "one");
	connect_to(&other, f.rt.mcp, &ops, "two");
	connect_to(&nobody, f.rt.mcp, &ops, NULL);
	two_agents(&p);
	feed(&p, waits);
	feed(&other, CANCEL("9"));
	feed(&nobody, CANCEL("9"));
	ck_assert_uint_eq(follows.n, 1);
	feed(&nobody, waits);
	feed(&nobody, CANCEL("9"));
	ck_assert_uint_eq(follows.n, 2);
	follows_close(&follows);
	follows_run(&follows, clock_mono_us(), 10);
}
END_TEST

static uint64_t told;

static void
hear(const struct bus_event *e, void *arg)
{
	if (e->kind == TOPIC_CALL)
		told = e->topic;
}

/* The cancellation comes to another worker than the call did. */
START_TEST(a_call_of_another_worker_is_cancelled)
{
	struct runtime rt = f.rt;
	struct mcp *second = mcp_new(&rt, 0);
	struct bus_cursor at = bus_now(shm_bus(f.shm));
	struct pipe p, elsewhere;

	connect_to(&p, f.rt.mcp, &ops, "session");
	connect_to(&elsewhere, second, &ops, "session");
	two_agents(&p);
	feed(&p, waits);
	p.answers = 0;
	feed(&elsewhere, CANCEL("9"));
	ck_assert_int_eq(p.answers, 0);
	ck_assert(rt.published);
	ck_assert(bus_drain(shm_bus(f.shm), &at, hear, NULL));
	ck_assert(cancel_key(f.rt.mcp, told));
	ck_assert_int_eq(p.answers, 1);
	ck_assert_int_eq(p.outcome, MCP_CANCELLED);
	ck_assert_int_eq(code(&p), RPC_REQUEST_CANCELLED);
	mcp_free(&second);
}
END_TEST

static enum mcp_response said;
static struct str value;
static int calls;

static void
on_response(struct mcp_request *rq, enum mcp_response what, struct jr v)
{
	calls++;
	said = what;
	value = arena_dup(&f.base.arena, jr_str(jr_get(v, what == MCP_ERROR ? "message" : "word")));
}

static void
params(void *arg, struct jw *w)
{
	jw_kcstr(w, "message", arg);
}

static const char *
response(const struct pipe *p, const char *tail)
{
	struct jr_error err;
	struct jr v;

	ck_assert(jr_parse(&f.base.arena, p->sent, &v, &err));
	return arena_printf(
	    &f.base.arena, "{\"jsonrpc\":\"2.0\",\"id\":\"%" PRIstr "\",%s}", FSTR(jr_str(jr_get(v, "id"))), tail)
	    .p;
}

START_TEST(a_response_finds_its_request)
{
	struct mcp_request one = { .fn = on_response, .arg = "first" }, two = { .fn = on_response, .arg = "second" };
	struct pipe p, other;
	const char *good, *bad;

	calls = 0;
	connect_to(&p, f.rt.mcp, &ops, "one");
	connect_to(&other, f.rt.mcp, &ops, "two");
	ck_assert(mcp_request_send(&one, &p.peer, "elicitation/create", params, 60000000));
	ck_assert(str_find(p.sent, STR("\"params\":{\"message\":\"first\"}")) > 0);
	good = response(&p, "\"result\":{\"word\":\"yes\"}");
	ck_assert(mcp_request_send(&two, &p.peer, "roots/list", NULL, 60000000));
	bad = response(&p, "\"error\":{\"code\":-1,\"message\":\"no roots\"}");
	/* Who was not asked does not answer. */
	feed(&other, good);
	ck_assert_int_eq(calls, 0);
	feed(&p, bad);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(said, MCP_ERROR);
	ck_str(value, "no roots");
	feed(&p, good);
	ck_assert_int_eq(calls, 2);
	ck_assert_int_eq(said, MCP_RESULT);
	ck_str(value, "yes");
	ck_assert_int_eq(p.outcome, MCP_ACCEPTED);
	feed(&p, good);
	ck_assert_int_eq(calls, 2);
}
END_TEST

START_TEST(requests_end_with_their_peer_and_time)
{
	struct mcp_request one = { .fn = on_response };
	struct pipe p, dumb;

	calls = 0;
	f.rt.loop = f.loop;
	connect_to(&p, f.rt.mcp, &ops, "one");
	connect_to(&dumb, f.rt.mcp, &mute, "two");
	ck_assert(!mcp_request_send(&one, &dumb.peer, "roots/list", NULL, 1000));
	ck_assert(mcp_request_send(&one, &p.peer, "roots/list", NULL, 60000000));
	mcp_requests_drop(&dumb.peer);
	ck_assert_int_eq(calls, 0);
	mcp_requests_drop(&p.peer);
	ck_assert_int_eq(calls, 1);
	ck_assert_int_eq(said, MCP_PEER_GONE);
	ck_assert(mcp_request_send(&one, &p.peer, "roots/list", NULL, 1000));
	while (calls == 1)
		loop_turn(f.loop, -1);
	ck_assert_int_eq(said, MCP_NO_RESPONSE);
}
END_TEST

Suite *
suite_peer(void)
{
	Suite *s = suite_create("peer");
	TCase *tc = tcase_create("buffers");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, a_conversation);
	tcase_add_test(tc, what_is_no_message);
	tcase_add_test(tc, the_revision_without_sessions);
	tcase_add_test(tc, a_batch_is_answered_as_a_whole);
	tcase_add_test(tc, a_queued_write_is_cancelled);
	tcase_add_test(tc, a_parked_read_is_cancelled);
	tcase_add_test(tc, strangers_cancel_nothing);
	tcase_add_test(tc, a_call_of_another_worker_is_cancelled);
	tcase_add_test(tc, a_response_finds_its_request);
	tcase_add_test(tc, requests_end_with_their_peer_and_time);
	suite_add_tcase(s, tc);
	return s;
}
