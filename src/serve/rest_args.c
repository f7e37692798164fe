/*
 * rest_args - the arguments of a REST request, of path, query, body and headers, as one input of an operation.
 */
#include "serve/rest_args.h"

#include "base/json_read.h"
#include "net/http.h"
#include "rest/rest.h"
#include "serve/media_type.h"
#include "serve/rest.h"

void
rest_refuse(struct request *rq, int status, struct str text)
{
	reply_str(rq, status, TYPE_TEXT, text);
}

bool
rest_has_body(const struct request *rq)
{
	return rq->method == HTTP_POST || rq->method == HTTP_PUT || rq->method == HTTP_PATCH;
}

/* The body as JSON; false when an answer was given instead. */
static bool
read_body(struct request *rq, struct jr *out)
{
	struct jr_error err;

	*out = JR_NONE;
	if (!rest_has_body(rq))
		return true;
	if (!media_type_is_json(request_header(rq, "Content-Type"))) {
		rest_refuse(rq, 415, STR("Expected request with `Content-Type: application/json`"));
		return false;
	}
	if (jr_parse(rq->arena, rq->body, out, &err))
		return true;
	rest_refuse(rq, 400,
	    arena_printf(rq->arena, "Failed to parse the request body as JSON: %s at byte %zu", err.why, err.offset));
	return false;
}

const struct param *
rest_param(const struct rest_route *r, struct str name)
{
	for (size_t i = 0; i < r->op.nparams; i++)
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
	size_t room = REST_VARS_MAX + 2;

	for (size_t i = 0; i < rq->query.n; i++)
		room += rq->query.p[i] == '&';
	out.v = arena_array(rq->arena, struct decode_pair, room);
	while (
	    rq->query.n > 0 && out.n + REST_VARS_MAX + 1 < room && request_query_next(rq, &rest, true, &name, &value)) {
		/* The plus sign of a zone (decision 3.26). */
		if ((p = rest_param(r, name)) != NULL && (p->flags & P_TIME) != 0)
			value = request_query(rq, p->name, false);
		out.v[out.n++] = (struct decode_pair){ name, value };
	}
	return out;
}

/* Adds the variables, by the names that the path of the row gives them. False when one is no number (answered). */
static bool
add_vars(struct request *rq, const struct rest_found *found, struct pairs *pairs)
{
	for (size_t i = 0; i < found->nvars; i++) {
		const struct template_var *var = &found->vars[i];
		const struct param *p = rest_param(found->route, var->name);
		int64_t number;

		if (p == NULL)
			continue;
		if (p->type == P_INT && !str_int(var->value, &number)) {
			rest_refuse(rq, 400,
			    arena_printf(rq->arena, "Invalid URL: Cannot parse `%" PRIstr "` to a `i64`",
				FSTR(str_cut_chars(var->value, 60))));
			return false;
		}
		pairs->v[pairs->n++] = (struct decode_pair){ var->name, var->value };
	}
	return true;
}

/* Decision 3.38: the agent's token may come in a header instead. */
static void
add_token(struct request *rq, const struct rest_route *r, struct jr body, struct pairs *pairs)
{
	struct str token = request_header(rq, "X-Agent-Token");

	if (token.p != NULL && token.n > 0 && rest_param(r, STR("registration_token")) != NULL &&
	    jr_str(jr_get(body, "registration_token")).n == 0)
		pairs->v[pairs->n++] = (struct decode_pair){ STR("registration_token"), token };
}

/* Which project an idempotency key belongs to. */
static struct str
project_given(struct jr body)
{
	static const char *const names[] = { "project_slug", "human_key", "from_project_slug" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (jr_get(body, names[i]).type == JR_STR)
			return jr_str(jr_get(body, names[i]));
	return STR_NONE;
}

/* Decision 3.58: in the body, or in its header. */
static struct str
key_given(struct request *rq, struct jr body)
{
	struct str given = jr_str(jr_get(body, "idempotency_key"));

	return given.n > 0 ? given : request_header(rq, "Idempotency-Key");
}

/* What tells calls with a key apart beside the body, whichever spelling of the path was used. */
static struct str
beside_body(const struct request *rq, const struct rest_found *found)
{
	struct buf text;

	buf_init(&text, rq->arena);
	buf_str(&text, request_header(rq, "X-Agent-Token"));
	for (size_t i = 0; i < REST_VARS_MAX; i++) {
		buf_putc(&text, '\n');
		buf_str(&text, i < found->nvars ? found->vars[i].value : STR_NONE);
	}
	return buf_flat(&text);
}

bool
rest_args(struct request *rq, const struct rest_found *found, struct operation_input *out)
{
	struct pairs pairs;
	struct str key;
	struct jr body;

	if (!read_body(rq, &body))
		return false;
	pairs = query_pairs(rq, found->route);
	if (!add_vars(rq, found, &pairs))
		return false;
	add_token(rq, found->route, body, &pairs);
	key = key_given(rq, body);
	*out = (struct operation_input){
		.dialect = DIALECT_REST,
		.args = body,
		.pairs = pairs.v,
		.npairs = pairs.n,
		.key = key,
		.project = project_given(body),
		.beside = key.n > 0 ? beside_body(rq, found) : STR_NONE,
	};
	return true;
}
