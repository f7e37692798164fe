/*
 * search_messages_product - search_messages over the projects of a product
 * (contract/reservations-resources.md 7.3), ranked as one.
 */
#include "mail/product/product.h"
#include "mail/search/search_query.h"
#include "store/cx.h"
#include "tool/search/search_facets.h"

struct search_messages_product_in {
	struct p_str product_key, query, agent_name, registration_token;
	struct p_str project, project_key, project_slug, proj;
	struct search_facets f;
};

#define PROJECT_ALIAS(name) PARAM(search_messages_product_in, name, P_STR, P_UNLISTED, "Another name of project")

static const struct param params[] = {
	PARAM(search_messages_product_in, product_key, P_STR, P_REQUIRED | P_PLAIN, "Key, uid or name of the product"),
	PARAM(search_messages_product_in, query, P_STR, P_REQUIRED, "As search_messages"),
	SEARCH_LIMIT(search_messages_product_in),
	PARAM(search_messages_product_in, agent_name, P_STR, P_PLAIN, "Who looks: only mail it sent or received"),
	TOKEN_PARAM(search_messages_product_in, registration_token, 0),
	PARAM(search_messages_product_in, project, P_STR, 0, "Only in this project of the product"),
	PROJECT_ALIAS(project_key),
	PROJECT_ALIAS(project_slug),
	PROJECT_ALIAS(proj),
	SEARCH_FACETS(search_messages_product_in),
};

/* The project asked for under any of the names; absent for all. */
static struct str
only_project(const struct search_messages_product_in *in)
{
	const struct p_str *names[] = { &in->project, &in->project_key, &in->project_slug, &in->proj };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!str_blank(names[i]->v))
			return names[i]->v;
	return STR_NONE;
}

/* Where to look: 0, or -1 with cx->fail; *n 0 when the project is none of those that may be seen. */
static int
places_of(
    struct cx *cx, const struct search_messages_product_in *in, struct search_place *places, size_t *n, bool *viewer)
{
	struct str only = only_project(in);
	struct product_views views;
	struct project p;

	if (product_open(cx, in->product_key.v, in->agent_name.v, in->registration_token.v, "search_messages_product",
		&views) < 0 ||
	    (only.p && project_find(cx, only, &p) < 0))
		return -1;
	*n = 0;
	for (size_t i = 0; i < views.n; i++)
		if (!only.p || views.v[i].project.id == p.id)
			places[(*n)++] =
			    (struct search_place){ views.v[i].project.id, views.v[i].whole ? 0 : views.v[i].viewer.id };
	*viewer = !views.v[0].whole;
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	struct search_report report = { .searched = false };
	struct search_place places[SEARCH_PLACES];
	struct search_rows rows = { out, true };
	const struct search_messages_product_in *in = arg;
	struct search_request ask;
	bool viewer = false;
	size_t n = 0;

	/* Nothing to look for is an empty answer, whatever else was said (contract 7.3, step 1). */
	if (search_facets_parse(cx, &in->f, in->query.v, &ask) < 0 ||
	    (query_clean(cx->arena, in->query.v).p && places_of(cx, in, places, &n, &viewer) < 0))
		return -1;
	jw_obj(out);
	jw_karr(out, "result");
	if (n > 0 && search_places(cx, places, n, &ask, search_row, &rows, &report) != 0)
		return -1;
	jw_end(out);
	search_beside(cx, out, &in->f, &ask, &report, viewer);
	jw_end(out);
	return 0;
}

const struct tool tool_search_messages_product = {
	.op.name = "search_messages_product",
	.title = "Search mail of a product",
	.op.desc = "search_messages over all projects of a product.",
	.cluster = "product_bus",
	.capabilities = "search",
	OP_PARAMS(params, search_messages_product_in),
	.op.flags = OP_READ,
	.flags = TOOL_NO_OUTPUT_SCHEMA,
	.cli = "search-product",
	.op.run = run,
};
