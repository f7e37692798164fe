/*
 * product_open - in which projects of a product the caller may look, and as whom (product_open of
 * product.h).
 *
 * It opens nothing that auth would not open in each project alone.
 */
#include "base/hash.h"
#include "mail/agent/auth.h"
#include "mail/product/product.h"
#include "store/cx.h"

/* Looks up the agent of that name, if the caller may see as it: 0 also when not. *matched: the token is its own. */
static int
as_named(struct cx *cx, struct product_view *v, struct str name, struct str token, bool *matched)
{
	int rc = agent_lookup(cx, v->project.id, name, &v->viewer);

	*matched = false;
	if (rc <= 0)
		return rc;
	if (token.n > 0 && v->viewer.registration_token.n > 0 && hash_equal(token, v->viewer.registration_token))
		*matched = true;
	if (*matched || auth_trusted(cx))
		return 1;
	return auth_bound(cx, v->project.id, v->viewer.id);
}

/* The views for an agent's name; a token that no agent of that name has opens nothing. */
static int
open_named(struct cx *cx, const struct projects *in, struct str name, struct str token, struct product_views *out)
{
	bool any = token.n == 0, matched;

	for (size_t i = 0; i < in->n; i++) {
		struct product_view *v = &out->v[out->n];
		int rc;

		*v = (struct product_view){ .project = in->v[i] };
		if ((rc = as_named(cx, v, name, token, &matched)) < 0)
			return -1;
		any = any || matched;
		out->n += rc > 0;
	}
	if (!any)
		out->n = 0;
	return 0;
}

/* The session's agents; where it has none, all of it for who is trusted. A token without a name cannot be checked. */
static int
open_unnamed(struct cx *cx, const struct projects *in, struct str token, struct product_views *out)
{
	if (token.n > 0)
		return 0;
	for (size_t i = 0; i < in->n; i++) {
		struct product_view *v = &out->v[out->n];
		int rc;

		*v = (struct product_view){ .project = in->v[i] };
		if ((rc = auth_current(cx, &v->project, &v->viewer)) < 0)
			return -1;
		out->n += rc > 0;
	}
	if (out->n > 0 || !auth_trusted(cx))
		return 0;
	for (size_t i = 0; i < in->n; i++)
		out->v[out->n++] = (struct product_view){ .project = in->v[i], .whole = true };
	return 0;
}

int
product_open(
    struct cx *cx, struct str key, struct str name, struct str token, const char *label, struct product_views *out)
{
	struct projects projects;
	struct product p;
	struct jw *w;

	if (product_find(cx, key, &p) < 0 || product_projects(cx, &p, &projects) < 0)
		return -1;
	*out = (struct product_views){ arena_array(cx->arena, struct product_view, projects.n + 1), 0 };
	if ((str_blank(name) ? open_unnamed(cx, &projects, token, out) : open_named(cx, &projects, name, token, out)) <
	    0)
		return -1;
	if (out->n > 0)
		return 0;
	fail(cx, ERR_AUTHENTICATION_REQUIRED,
	    "%s requires an authenticated agent on at least one project linked to product '%" PRIstr
	    "'. Provide agent_name plus "
	    "registration_token, or authenticate an agent in this MCP session first.",
	    label, FSTR(str_trim(key)));
	w = fail_data(cx);
	jw_kstr(w, "product_key", str_trim(key));
	jw_kstr(w, "agent_name", str_blank(name) ? STR_NONE : name);
	jw_kcstr(w, "token_param", "registration_token");
	return -1;
}
