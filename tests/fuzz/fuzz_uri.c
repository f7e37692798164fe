/*
 * fuzz_uri - resource URIs, request targets, queries and escapes: nothing crashes, what is said of a text does not depend
 * on how it is escaped, and a token in a URI is not shown.
 *
 * The first byte of an input picks the method; the rest is taken as a URI, as a request target and as text to decode.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/operation_call.h"
#include "base/percent.h"
#include "conf/conf.h"
#include "fuzz/fuzz.h"
#include "net/http/target.h"
#include "resource/registry.h"
#include "resource/uri.h"
#include "serve/rest.h"
#include "store/cx.h"

static void
must_be(bool good, const char *what, struct str text)
{
	if (good)
		return;
	fprintf(stderr, "%s: %.*s\n", what, FSTR(text));
	abort();
}

static struct str
escaped(struct arena *a, struct str s)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < s.n; i++)
		buf_printf(&b, i % 2 ? "%%%02x" : "%%%02X", (unsigned char)s.p[i]);
	return buf_flat(&b);
}

/* Whether all escapes are good ones, by another way than percent_decode. */
static bool
all_good(struct str s)
{
	static const char digits[] = "0123456789abcdefABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] != '%')
			continue;
		if (s.n - i < 3 || memchr(digits, s.p[i + 1], 22) == NULL || memchr(digits, s.p[i + 2], 22) == NULL)
			return false;
		if (s.p[i + 1] == '0' && s.p[i + 2] == '0')
			return false;
		i += 2;
	}
	return true;
}

static void
try_percent(struct arena *a, struct str text)
{
	struct str once, back;

	must_be(percent_decode(a, text, false, &once) == all_good(text), "verdict on escapes", text);
	must_be(once.n <= text.n, "longer than before", text);
	must_be(percent_decode(a, escaped(a, text), true, &back) == (memchr(text.p, '\0', text.n) == NULL),
	    "verdict on what was escaped", text);
	must_be(str_eq(back, text), "does not come back", text);
}

static bool
has_token(struct arena *a, struct str name)
{
	struct str plain;

	(void)percent_decode(a, name, true, &plain);
	return str_has_ci(plain, STR("token"));
}

/* Of a URI that is not cut: each parameter that may be a token says nothing. */
static void
hides_tokens(struct arena *a, struct str uri)
{
	struct str shown = resource_uri_shown(a, uri), rest, field;
	ptrdiff_t mark = str_chr(shown, '?');

	must_be(shown.n <= 1024, "too long to show", uri);
	if (mark < 0 || shown.n > 1000)
		return;
	rest = str_sub(shown, (size_t)mark + 1, shown.n);
	while (str_next(&rest, '&', &field)) {
		ptrdiff_t eq = str_chr(field, '=');

		if (eq >= 0 && has_token(a, str_sub(field, 0, (size_t)eq)))
			must_be(str_eqc(str_sub(field, (size_t)eq + 1, field.n), "***"), "shows a token", uri);
	}
}

/* The URI that names the same row with the same variables. */
static struct str
rebuilt(struct arena *a, const struct resource_match *call)
{
	struct str rest = str_c(call->row->uri), segment;
	struct buf b;
	size_t var = 0;

	buf_init(&b, a);
	while (str_next(&rest, '/', &segment)) {
		if (segment.n > 0 && segment.p[0] == '{')
			buf_str(&b, escaped(a, call->pairs[var++].value));
		else
			buf_str(&b, segment);
		if (rest.p != NULL)
			buf_putc(&b, '/');
	}
	return buf_flat(&b);
}

static void
try_uri(struct cx *cx, struct str uri)
{
	struct resource_match call, again;
	struct operation_input input = { .dialect = DIALECT_TEXT };
	struct operation_call decoded;

	(void)resource_uri_ok(uri);
	hides_tokens(cx->arena, uri);
	if (!resource_match(cx->arena, uri, &call))
		return;
	must_be(
	    resource_match(cx->arena, rebuilt(cx->arena, &call), &again) && again.row == call.row, "another row", uri);
	must_be(again.npairs <= call.npairs, "other variables", uri);
	for (size_t i = 0; i < again.npairs; i++)
		must_be(str_eq(again.pairs[i].name, call.pairs[i].name) &&
			str_eq(again.pairs[i].value, call.pairs[i].value),
		    "another value", uri);
	cx_rewind(cx);
	input.pairs = call.pairs;
	input.npairs = call.npairs;
	operation_call_init(&decoded, cx, &call.row->op);
	if (operation_decode(&decoded, &input) != 0)
		must_be(cx->fail.msg.n > 0, "refused without words", uri);
}

static void
try_query(struct request *rq)
{
	struct str rest = rq->query, name, value;
	size_t n = 0;

	while (rest.p != NULL && request_query_next(rq, &rest, n % 2, &name, &value))
		n++;
	must_be(n <= rq->query.n + 1, "more fields than bytes", rq->query);
}

static void
try_rest(struct request *rq)
{
	struct rest_found found;

	if (!rest_match(rq, &found))
		return;
	must_be(found.allow.n > 0, "a path without methods", rq->target);
	must_be(found.nvars <= REST_VARS_MAX, "too many variables", rq->target);
	for (size_t i = 0; i < found.nvars; i++)
		must_be(found.vars[i].value.n > 0 && found.vars[i].name.n > 0, "an empty variable", rq->target);
}

static void
try_target(struct arena *a, enum http_method method, struct str target)
{
	struct http_bad bad = { 0 };
	struct request rq;

	memset(&rq, 0, sizeof(rq));
	rq.arena = a;
	rq.method = method;
	rq.target = target;
	/* The head parser gives no empty target. */
	if (target.n == 0)
		return;
	if (http_target(a, method, target, STR("localhost:8765"), &rq.path, &rq.query, &bad) != 0) {
		must_be(bad.status == 400 && bad.why != NULL, "refused without words", target);
		return;
	}
	must_be(rq.path.n > 0 && (rq.path.p[0] == '/' || str_eqc(rq.path, "*")), "a path that begins otherwise", target);
	must_be(str_utf8_ok(rq.path) && memchr(rq.path.p, '\0', rq.path.n) == NULL, "a path that is no text", target);
	try_query(&rq);
	try_rest(&rq);
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct conf *conf;
	struct arena a;
	struct str text;
	struct cx cx;

	if (n < 1 || n > 8192)
		return 0;
	if (conf == NULL)
		conf = conf_for_tests("/tmp");
	arena_init(&a, 4096);
	cx_init(&cx, &a, conf);
	/* A copy: the end of the input is the end of the memory. */
	text = arena_dup(&a, (struct str){ (const char *)p + 1, n - 1 });
	try_percent(&a, text);
	try_uri(&cx, text);
	try_target(&a, (enum http_method)(p[0] % 7), text);
	arena_fini(&a);
	return 0;
}

/* clang-format off */
static const char *const seeds[] = {
	"resource://inbox/Blue%20Lake?project=%2Fp&limit=5&since_ts=2025-01-01T00:00:00+02:00&agent_token=abc",
	"resource://file_reservations/%2Fabs%2Fpath?active_only=no&active_only=yes", "resource://config/environment?format=json&",
	"RESOURCE://tooling/recent/60?agent=A&%74oken=x&TOKEN=y", "resource://thread/%00%zz%?a", "resource://message/7?project=a+b",
	"/api/messages/7/a%2Fb?x=1&y=%zz&+=%2B", "/api/archive/commit/0123?project=/p", "http://localhost:8765/ready?x", "*", "/%E2%82%ac",
	"//a//b?", "/a?b#c", "http://other/", "%", "%4", "%41%zz%00+", "http://localhost:8765", "/api/file_reservations/%2e%2e",
};
/* clang-format on */

void
fuzz_seeds(void (*put)(void *arg, const void *p, size_t n), void *arg)
{
	char seed[1024];

	for (size_t i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
		seed[0] = (char)i;
		memcpy(seed + 1, seeds[i], strlen(seeds[i]));
		put(arg, seed, 1 + strlen(seeds[i]));
	}
}
