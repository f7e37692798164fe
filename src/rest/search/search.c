/*
 * search - REST: messages by their words (contract/rest-and-rust-peers.md A.2).
 */
#include "mail/search/search.h"

#include "mail/project/project.h"
#include "view/message_json.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_search_in {
	struct p_str project_slug, query;
	struct p_int limit;
};

static const struct param params[] = {
	SLUG_PARAM(rest_search_in, project_slug, P_REQUIRED),
	PARAM(rest_search_in, query, P_STR, P_REQUIRED, "Words, \"phrases\", AND, OR, NOT, prefix*"),
	PARAM(rest_search_in, limit, P_INT, 0, "Rows at most; negative for as many as there may be", "50"),
};

static int
write_found(struct cx *cx, const struct message *m, void *arg)
{
	rest_message_found(cx, arg, m);
	return 0;
}

/* No agent is named here, so the whole project is seen (decision 3.38). */
static int
search(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_search_in *in = arg;
	struct search_request ask = {
		.syntax = SEARCH_STRICT,
		.ranking = SEARCH_RECENCY,
		.query = in->query.v,
		.limit = in->limit.v,
		.body = true,
	};
	struct search_report report;
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0)
		return -1;
	jw_obj(out);
	jw_kstr(out, "query", in->query.v);
	jw_karr(out, "results");
	if (search_messages(cx, &p, 0, &ask, write_found, out, &report) < 0)
		return -1;
	jw_end(out);
	jw_kint(out, "count", (int64_t)report.rows);
	jw_end(out);
	return 0;
}

const struct rest_route rest_message_search = {
	.op.name = "message_search",
	.method = "POST",
	.paths = REST_PATHS("/api/messages/search", "/api/search_messages"),
	.op.desc = "Finds messages, newest first",
	OP_PARAMS(params, rest_search_in),
	.op.flags = OP_READ,
	.op.run = search,
};
