/*
 * rest - one REST request from arguments to answer.
 *
 * Order of the checks (contract/rest-and-rust-peers.md A.1): 405, 415, 400 for
 * what is no JSON, 422 for what does not fit, then the operation. The first
 * ones are answered as text, as the Rust server does; failures of the operation
 * have the error object.
 */
#include "serve/rest.h"

#include <string.h>

#include "base/json_read.h"
#include "conf/conf.h"
#include "net/http.h"
#include "rest/rest.h"
#include "serve/rest_error.h"
#include "job/job.h"
#include "job/runtime.h"
#include "serve/timing.h"
#include "api/decode.h"
#include "api/idempotency.h"

struct rest_call {
	struct request *rq;
	const struct rest_route *route;
	void *in;
	struct idem idem;
	struct buf value; /* what the row wrote: one JSON value */
	struct document file; /* or a document */
	bool replay;
};

static void
refuse(struct request *rq, int status, struct str text)
{
	reply_str(rq, status, TYPE_TEXT, text);
}

/* application/json and application/<x>+json, with parameters. */
static bool
type_is_json(struct str type)
{
	ptrdiff_t semicolon = str_chr(type, ';');

	if (semicolon >= 0)
		type = str_sub(type, 0, (size_t)semicolon);
	type = str_trim(type);
	return str_eqc_ci(type, "application/json") || (str_starts_ci(type, STR("application/")) && type.n > 5 &&
							   str_eqc_ci(str_sub(type, type.n - 5, 5), "+json"));
}

static bool
has_body(const struct request *rq)
{
	return rq->method == HTTP_POST || rq->method == HTTP_PUT || rq->method == HTTP_PATCH;
}

/* The body as JSON; false when an answer was given instead. */
static bool
read_body(struct request *rq, struct jr *out)
{
	struct jr_error err;

	*out = JR_NONE;
	if (!has_body(rq))
		return true;
	if (!type_is_json(request_header(rq, "Content-Type"))) {
		refuse(rq, 415, STR("Expected request with `Content-Type: application/json`"));
		return false;
	}
	if (jr_parse(rq->arena, rq->body, out, &err))
		return true;
	refuse(rq, 400,
	    arena_printf(rq->arena, "Failed to parse the request body as JSON: %s at byte %zu", err.why, err.offset));
	return false;
}

static const struct param *
param_of(const struct rest_route *r, struct str name)
{
	size_t i;

	for (i = 0; i < r->op.nparams; i++)
		if (str_eqc(name, r->op.params[i].name))
			return &r->op.params[i];
	return NULL;
}

/* Values that are text on the wire: of the path, of the query, of the token's header. */
struct pairs {
	struct decode_pair *v;
	size_t n;
};

static struct pairs
query_pairs(struct request *rq, const struct rest_route *r)
{
	struct pairs out = { NULL, 0 };
	struct str rest = rq->query, name, value;
	const struct param *p;
	size_t i, room = REST_VARS_MAX + 2;

	for (i = 0; i < rq->query.n; i++)
		room += rq->query.p[i] == '&';
	out.v = arena_array(rq->arena, struct decode_pair, room);
	while (
	    rq->query.n > 0 && out.n + REST_VARS_MAX + 1 < room && request_query_next(rq, &rest, true, &name, &value)) {
		/* The plus sign of a zone (decision 3.26). */
		if ((p = param_of(r, name)) != NULL && (p->flags & P_TIME) != 0)
			value = request_query(rq, p->name, false);
		out.v[out.n++] = (struct decode_pair){ name, value };
	}
	return out;
}

/* Adds the variables, by the names that the path of the row gives them. False when one is no number (answered). */
static bool
add_vars(struct request *rq, const struct rest_found *found, struct pairs *pairs)
{
	struct str rest = str_c(found->path), segment;
	size_t n = 0;

	while (str_next(&rest, '/', &segment)) {
		struct str name = segment.n > 2 && segment.p[0] == '{' ? str_sub(segment, 1, segment.n - 2) : STR_NONE;
		const struct param *p = name.p != NULL ? param_of(found->route, name) : NULL;
		int64_t number;

		if (name.p == NULL)
			continue;
		if (p == NULL) {
			n++;
			continue;
		}
		if (p->type == P_INT && !str_int(found->vars[n], &number)) {
			refuse(rq, 400,
			    arena_printf(rq->arena, "Invalid URL: Cannot parse `%" PRIstr "` to a `i64`",
				FSTR(str_cut_chars(found->vars[n], 60))));
			return false;
		}
		pairs->v[pairs->n++] = (struct decode_pair){ name, found->vars[n++] };
	}
	return true;
}

/* Decision 3.38: the agent's token may come in a header instead. */
static void
add_token(struct request *rq, const struct rest_route *r, struct jr body, struct pairs *pairs)
{
	struct str token = request_header(rq, "X-Agent-Token");

	if (token.p != NULL && token.n > 0 && param_of(r, STR("registration_token")) != NULL &&
	    jr_str(jr_get(body, "registration_token")).n == 0)
		pairs->v[pairs->n++] = (struct decode_pair){ STR("registration_token"), token };
}

static bool
decode(struct request *rq, struct job *job, const struct rest_found *found, struct jr body)
{
	struct rest_call *c = job->arg;
	struct pairs pairs = query_pairs(rq, c->route);
	struct decode what = {
		.where = c->route->op.name,
		.dialect = DIALECT_REST,
		.params = c->route->op.params,
		.nparams = c->route->op.nparams,
		.args = body,
		.in = c->in,
		.in_size = c->route->op.in_size,
	};

	if (!add_vars(rq, found, &pairs))
		return false;
	add_token(rq, c->route, body, &pairs);
	what.pairs = pairs.v;
	what.npairs = pairs.n;
	if (decode_all(&job->cx, &what) == 0)
		return true;
	if (has_body(rq))
		refuse(rq, 422,
		    arena_printf(rq->arena, "Failed to deserialize the JSON body into the target type: %" PRIstr,
			FSTR(job->cx.fail.msg)));
	else
		refuse(rq, 400,
		    arena_printf(rq->arena, "Failed to deserialize query string: %" PRIstr, FSTR(job->cx.fail.msg)));
	return false;
}

/* Which project an idempotency key belongs to. */
static struct str
project_given(struct jr body)
{
	static const char *const names[] = { "project_slug", "human_key", "from_project_slug" };
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (jr_get(body, names[i]).type == JR_STR)
			return jr_str(jr_get(body, names[i]));
	return STR_NONE;
}

/* What tells calls apart beside the body, whichever spelling of the path was used. */
static struct str
beside_body(const struct request *rq, const struct rest_found *found)
{
	struct buf text;
	size_t i;

	buf_init(&text, rq->arena);
	buf_str(&text, request_header(rq, "X-Agent-Token"));
	for (i = 0; i < REST_VARS_MAX; i++) {
		buf_chr(&text, '\n');
		buf_str(&text, found->vars[i]);
	}
	return buf_flat(&text);
}

static bool
read_key(struct request *rq, struct job *job, const struct rest_found *found, struct jr body)
{
	struct rest_call *c = job->arg;
	struct str given = jr_str(jr_get(body, "idempotency_key"));

	if ((c->route->op.flags & OP_WRITE) == 0)
		return true;
	if (given.n == 0)
		given = request_header(rq, "Idempotency-Key");
	if (idem_key(&job->cx, given, &c->idem.key) != 0) {
		rest_error(rq, &job->cx);
		return false;
	}
	if (c->idem.key.p != NULL) {
		c->idem.name = c->route->op.name;
		c->idem.project = project_given(body);
		idem_print(&job->cx, c->route->op.params, c->route->op.nparams, body, beside_body(rq, found), c->idem.print);
	}
	return true;
}

/* Decision 3.38: with agent_auth = token a route that names no agent wants credentials of the caller itself. */
static bool
may_enter(struct request *rq, struct job *job, const struct caller *caller)
{
	const struct rest_call *c = job->arg;

	if (job->cx.conf->agent_auth != AGENT_AUTH_TOKEN || caller->credentials || rq->peer->unix_socket ||
	    (c->route->flags & REST_OPEN) != 0 || param_of(c->route, STR("registration_token")) != NULL)
		return true;
	fail(&job->cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s names no agent: with agent_auth = token it needs the server's bearer "
	    "token (Authorization: Bearer ...) or the UNIX socket.",
	    c->route->op.name);
	rest_error(rq, &job->cx);
	return false;
}

static void
add_notes(struct cx *cx, struct rest_call *c)
{
	const struct cx_warning *warning;
	struct str old;
	struct jw w;

	if (c->value.first == NULL || c->value.first->p[0] != '{' || !(c->replay || cx->warnings != NULL))
		return;
	old = buf_flat(&c->value);
	buf_init(&c->value, cx->arena);
	jw_reopen(&w, &c->value, old);
	if (!c->replay) {
		jw_karr(&w, "warnings");
		for (warning = cx->warnings; warning != NULL; warning = warning->next)
			jw_str(&w, warning->text);
		jw_end(&w);
	} else {
		jw_kbool(&w, "idempotent_replay", true);
	}
	jw_end(&w);
}

static int
ask(struct job *job, struct buf *question)
{
	const struct rest_call *c = job->arg;
	struct jw w;

	jw_init(&w, question, JW_COMPACT);
	return c->route->op.query(&job->cx, c->in, &w);
}

static int
run(struct job *job)
{
	struct rest_call *c = job->arg;
	struct str answer;
	struct jw w;
	int rc = 0;

	if (c->route->op.document != NULL) {
		c->file = (struct document){ .type = TYPE_JSON };
		buf_init(&c->file.body, job->cx.arena);
		return c->route->op.document(&job->cx, c->in, &c->file);
	}
	buf_init(&c->value, job->cx.arena);
	if (c->idem.key.p != NULL && (rc = idem_find(&job->cx, &c->idem, &answer)) < 0)
		return -1;
	c->replay = rc > 0;
	if (c->replay) {
		buf_ref(&c->value, answer);
		if (c->route->op.archived == NULL)
			add_notes(&job->cx, c);
		return 0;
	}
	jw_init(&w, &c->value, JW_COMPACT);
	if (c->route->op.run(&job->cx, c->in, &w) != 0)
		return -1;
	if (c->route->op.archived == NULL)
		add_notes(&job->cx, c);
	return c->idem.key.p != NULL ? idem_store(&job->cx, &c->idem, buf_flat(&c->value)) : 0;
}

/* A file name within quotes: what would end them, or the header line, is replaced. Letters beyond ASCII follow in RFC 8187's form. */
static struct str
disposition(struct arena *a, struct str name)
{
	static const char odd[] = " \"%'()*,/:;<=>?@[\\]{}";
	struct buf plain, coded;
	bool ascii = true;
	size_t i;

	buf_init(&plain, a);
	buf_init(&coded, a);
	for (i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		ascii &= c < 0x80;
		buf_chr(&plain, c < ' ' || c >= 127 || c == '"' || c == '\\' ? '_' : (char)c);
		if (c < ' ' || c >= 127 || strchr(odd, c) != NULL)
			buf_printf(&coded, "%%%02X", c);
		else
			buf_chr(&coded, (char)c);
	}
	if (ascii)
		return arena_printf(a, "attachment; filename=\"%" PRIstr "\"", FSTR(buf_flat(&plain)));
	return arena_printf(a, "attachment; filename=\"%" PRIstr "\"; filename*=UTF-8''%" PRIstr, FSTR(buf_flat(&plain)),
	    FSTR(buf_flat(&coded)));
}

static void
reply_file(struct request *rq, const struct document *f)
{
	if (f->name.p != NULL) {
		reply_header(rq, "Content-Disposition", disposition(rq->arena, f->name));
		/* Where a browser shows it all the same, nothing in it runs. */
		reply_header(rq, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
	}
	reply_header(rq, "X-Content-Type-Options", STR("nosniff"));
	reply(rq, 200, f->type, &f->body);
}

/* The change is in Git: now the answer can be told. */
static int
tell_archived(struct job *job)
{
	struct rest_call *c = job->arg;
	struct str first = buf_flat(&c->value);
	struct jw w;

	job->cx.db = job->rt->ro;
	job->cx.deadline = 0;
	buf_init(&c->value, job->cx.arena);
	jw_init(&w, &c->value, JW_COMPACT);
	if (c->route->op.archived(&job->cx, first, &w) != 0)
		return -1;
	add_notes(&job->cx, c);
	return 0;
}

static void
done(struct job *job, int rc)
{
	const struct rest_call *c = job->arg;

	if (rc == 0 && c->route->op.archived != NULL)
		rc = tell_archived(job);
	if (rc != 0)
		rest_error(c->rq, &job->cx);
	else if (c->route->op.document != NULL)
		reply_file(c->rq, &c->file);
	else
		reply(c->rq, c->route->status, TYPE_JSON, &c->value);
}

void
rest_answer(struct runtime *rt, struct request *rq, const struct caller *caller, const struct rest_found *found)
{
	struct rest_call *c;
	struct job *job;
	struct jr body;

	if (found->route == NULL) {
		reply_header(rq, "Allow", found->allow);
		reply(rq, 405, NULL, NULL);
		return;
	}
	rq->what = found->route->op.name;
	job = job_new(rt, rq->arena, rq->start_us, caller);
	job->cx.caller.door = DOOR_REST;
	c = arena_new(rq->arena, struct rest_call);
	c->rq = rq;
	c->route = found->route;
	c->in = arena_get(rq->arena, found->route->op.in_size);
	job->arg = c;
	job->write = (found->route->op.flags & OP_WRITE) != 0;
	job->archived = found->route->op.archived != NULL;
	job->timing = timing_rest(found->route);
	job->ask = found->route->op.query != NULL ? ask : NULL;
	job->run = run;
	job->done = done;
	if (may_enter(rq, job, caller) && read_body(rq, &body) && decode(rq, job, found, body) &&
	    read_key(rq, job, found, body))
		job_start(job);
}
