/*
 * fuzz_args - arguments of tools and URIs of resources never crash the decoder,
 * and what it says of a document does not depend on how that is written.
 *
 * The first byte of an input picks the tool; the rest are its arguments as JSON,
 * or, when they are no JSON, the URI of a resource.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf/conf.h"
#include "fuzz/fuzz.h"
#include "resource/uri.h"
#include "mcp/jsonrpc.h"
#include "store/cx.h"
#include "api/operation_call.h"
#include "tool/registry.h"

static struct conf *
conf(void)
{
	static struct conf *c;

	if (c == NULL)
		c = conf_for_tests("/tmp");
	return c;
}

/* What the decoder says of the arguments: its failure, or "". */
static struct str
verdict(struct cx *cx, const struct tool *t, enum dialect dialect, struct jr args)
{
	struct operation_call call;

	cx_rewind(cx);
	operation_call_init(&call, cx, &t->op);
	if (operation_decode(&call, &(struct operation_input){ .dialect = dialect, .args = args }) == 0)
		return STR("");
	if (cx->fail.msg.n == 0)
		abort();
	(void)fail_data_json(&cx->fail);
	return cx->fail.msg;
}

static void
try_args(struct cx *cx, const struct tool *t, struct jr args)
{
	struct jr_error err;
	struct rpc_message m;
	struct buf text;
	struct jr again;

	rpc_classify(args, &m);
	buf_init(&text, cx->arena);
	jr_write_canonical(args, &text, cx->arena);
	if (!jr_parse(cx->arena, buf_flat(&text), &again, &err)) {
		fprintf(stderr, "written as %.*s and not read back: %s\n", FSTR(buf_flat(&text)), err.why);
		abort();
	}
	for (int d = DIALECT_MCP; d <= DIALECT_REST; d++) {
		struct str a = verdict(cx, t, (enum dialect)d, args), b = verdict(cx, t, (enum dialect)d, again);

		/* Unknown names are told in the order of the document. */
		if ((a.n == 0) != (b.n == 0)) {
			fprintf(stderr, "%.*s\nand then\n%.*s\n", FSTR(a), FSTR(b));
			abort();
		}
	}
}

static void
try_uri(struct cx *cx, struct str uri)
{
	struct operation_call call;
	struct resource_match m;

	(void)resource_uri_shown(cx->arena, uri);
	if (!resource_uri_ok(uri) || !resource_match(cx->arena, uri, &m))
		return;
	operation_call_init(&call, cx, &m.row->op);
	(void)operation_decode(
	    &call, &(struct operation_input){ .dialect = DIALECT_TEXT, .pairs = m.pairs, .npairs = m.npairs });
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct jr_error err;
	struct arena a;
	struct str text;
	struct cx cx;
	struct jr args;

	if (n < 1 || n > 65536)
		return 0;
	arena_init(&a, 4096);
	cx_init(&cx, &a, conf());
	/* A copy: the end of the input is the end of the memory. */
	text = arena_dup(&a, (struct str){ (const char *)p + 1, n - 1 });
	if (jr_parse(&a, text, &args, &err))
		try_args(&cx, tool_registry[p[0] % tool_count()], args);
	else
		try_uri(&cx, text);
	arena_fini(&a);
	return 0;
}

static const char *const seeds[] = {
	"{}",
	"[]",
	"null",
	"{\"project_key\":\"/p\",\"agent_name\":\"BlueLake\",\"limit\":\" 5.0 \",\"urgent_only\":\"yes\"}",
	"{\"to\":\"A, B\",\"cc\":[\"C\"],\"bcc\":\"[\\\"D\\\"]\",\"subject\":\"\\u00e9\",\"body_md\":\"\\ud83d\\ude00\"}",
	"{\"paths\":[\"a/**\",1,null],\"ttl_seconds\":1e300,\"exclusive\":2}",
	"{\"ids\":[1,2.5,\"3\",99999999999999999999],\"format\":\"toon\",\"fields\":\"id,subject\"}",
	"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"tools/call\",\"params\":{\"name\":\"x\",\"arguments\":{}}}",
	"resource://inbox/Blue%20Lake?project=%2Fp&limit=5&since_ts=2025-01-01T00:00:00+02:00&agent_token=abc",
	"resource://file_reservations/%zz?active_only=no&active_only",
	"resource://config/environment?format=json&",
};

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	char seed[1024];

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		for (size_t k = 0; k < tool_count(); k += 3) {
			seed[0] = (char)k;
			memcpy(seed + 1, seeds[i], strlen(seeds[i]));
			put(arg, seed, 1 + strlen(seeds[i]));
		}
	}
}
