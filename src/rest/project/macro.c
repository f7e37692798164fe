/*
 * macro - REST: macros of a project (contract/rest-and-rust-peers.md A.3).
 */
#include "mail/project/macros.h"

#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_macro_in {
	struct p_str project_slug, name, description;
	struct p_json steps, params;
};

static const struct param list_params[] = {
	SLUG_PARAM(rest_macro_in, project_slug, P_REQUIRED),
};

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_macro_in *in = arg;
	struct macros all;
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || macros_list(cx, &p, &all) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < all.n; i++) {
		jw_obj(out);
		jw_kint(out, "id", all.v[i].id);
		jw_kstr(out, "name", all.v[i].name);
		jw_kstr(out, "description", all.v[i].description);
		jw_kint(out, "step_count", all.v[i].nsteps);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct rest_route rest_macro_list = {
	.op.name = "macro_list",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/list", "/api/list_macros"),
	.op.desc = "Macros of a project, newest first, built-in ones last",
	OP_PARAMS(list_params, rest_macro_in),
	.op.flags = OP_READ,
	.op.run = list,
};

static const struct param register_params[] = {
	SLUG_PARAM(rest_macro_in, project_slug, P_REQUIRED),
	PARAM(rest_macro_in, name, P_STR, P_REQUIRED, "Name, 1 to 128 characters"),
	PARAM(rest_macro_in, description, P_STR, P_REQUIRED, "What it is for"),
	PARAM(rest_macro_in, steps, P_JSON_LIST, P_REQUIRED, "Its steps: any JSON"),
};

static int
register_macro(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_macro_in *in = arg;
	struct macro m = { .name = in->name.v,
		.description = in->description.v,
		.steps = in->steps.v,
		.nsteps = (int64_t)in->steps.n };
	struct project p;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || macros_register(cx, &p, &m) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "macro_id", m.id);
	jw_kstr(out, "name", m.name);
	jw_end(out);
	return 0;
}

const struct rest_route rest_macro_register = {
	.op.name = "macro_register",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/register", "/api/register_macro"),
	.op.desc = "Keeps steps under a name; 409 when it is taken",
	OP_PARAMS(register_params, rest_macro_in),
	.op.flags = OP_WRITE,
	.op.run = register_macro,
};

static const struct param named_params[] = {
	SLUG_PARAM(rest_macro_in, project_slug, P_REQUIRED),
	PARAM(rest_macro_in, name, P_STR, P_REQUIRED, "Name of the macro"),
};

static int
unregister(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_macro_in *in = arg;
	struct project p;
	int rc;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || (rc = macros_unregister(cx, &p, in->name.v)) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "deleted", rc > 0);
	jw_kstr(out, "name", in->name.v);
	jw_end(out);
	return 0;
}

const struct rest_route rest_macro_unregister = {
	.op.name = "macro_unregister",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/unregister", "/api/unregister_macro"),
	.op.desc = "Forgets a macro; deleted is false when there was none",
	OP_PARAMS(named_params, rest_macro_in),
	.op.flags = OP_WRITE,
	.op.run = unregister,
};

static const struct param invoke_params[] = {
	SLUG_PARAM(rest_macro_in, project_slug, P_REQUIRED),
	PARAM(rest_macro_in, name, P_STR, P_REQUIRED, "Name of the macro"),
	PARAM(rest_macro_in, params, P_JSON, 0, "For whoever runs the steps"),
};

/* Gives the steps back and runs none: nobody could say with whose rights. */
static int
invoke(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_macro_in *in = arg;
	struct project p;
	struct macro m;
	int rc;

	if (rest_project(cx, in->project_slug.v, &p) < 0 || (rc = macros_find(cx, &p, in->name.v, &m)) < 0)
		return -1;
	if (rc == 0)
		return fail(cx, ERR_VALIDATION_ERROR, "Invalid input: Macro not found: %" PRIstr,
		    FSTR(str_cut_chars(in->name.v, 128)));
	jw_obj(out);
	jw_kstr(out, "name", m.name);
	jw_key(out, "steps");
	jw_raw(out, m.steps);
	jw_kstr(out, "message",
	    arena_printf(cx->arena, "Macro '%" PRIstr "' has %lld steps to execute", FSTR(m.name), (long long)m.nsteps));
	jw_end(out);
	return 0;
}

const struct rest_route rest_macro_invoke = {
	.op.name = "macro_invoke",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/invoke", "/api/invoke_macro"),
	.op.desc = "The steps of a macro, for the caller to run",
	OP_PARAMS(invoke_params, rest_macro_in),
	.op.flags = OP_READ,
	.op.run = invoke,
};
