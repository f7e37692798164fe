/*
 * ensure_product, products_link - several projects under one name
 * (contract/reservations-resources.md 7.1, 7.2; decision 3.24: always available).
 */
#include "mail/agent/auth.h"
#include "mail/product/product.h"
#include "store/cx.h"
#include "tool/tool.h"

struct ensure_product_in {
	struct p_str product_key, name;
};

static const struct param params[] = {
	PARAM(ensure_product_in, product_key, P_STR, P_PLAIN, "Key: 8 to 64 hex digits become its uid"),
	PARAM(ensure_product_in, name, P_STR, P_PLAIN, "Name, at most 255 characters; one of the two is needed"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct ensure_product_in *in = arg;
	struct product p;

	if (auth_somebody(cx, "ensure_product") < 0 || product_ensure(cx, in->product_key.v, in->name.v, &p) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "id", p.id);
	jw_kstr(out, "product_uid", p.uid);
	jw_kstr(out, "name", p.name);
	jw_ktime(out, "created_at", p.created_at);
	jw_end(out);
	return 0;
}

const struct tool tool_ensure_product = {
	.op.name = "ensure_product",
	.title = "Ensure product",
	.op.desc = "Find a product, which is several projects under one name, or make it.",
	.cluster = "product_bus",
	.capabilities = "product",
	OP_PARAMS(params, ensure_product_in),
	.op.flags = OP_WRITE,
	.cli = "ensure-product",
	.op.run = run,
};

struct link_in {
	struct p_str product_key, project_key, registration_token;
};

static const struct param link_params[] = {
	PARAM(link_in, product_key, P_STR, P_REQUIRED | P_PLAIN, "Key, uid or name of the product"),
	PROJECT_PARAM(link_in, project_key, P_REQUIRED),
	SECRET_PARAM(link_in, registration_token, P_UNLISTED, "Token of any of its agents"),
};

static int
link_run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct link_in *in = arg;
	struct project project;
	struct product p;

	if (product_find(cx, in->product_key.v, &p) < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_admin(cx, &project, in->registration_token.v, "products_link") < 0 ||
	    product_link(cx, &p, &project) < 0)
		return -1;
	jw_obj(out);
	jw_kobj(out, "product");
	jw_kint(out, "id", p.id);
	jw_kstr(out, "product_uid", p.uid);
	jw_kstr(out, "name", p.name);
	jw_end(out);
	jw_kobj(out, "project");
	jw_kint(out, "id", project.id);
	jw_kstr(out, "slug", project.slug);
	jw_kstr(out, "human_key", project.human_key);
	jw_end(out);
	jw_kbool(out, "linked", true);
	jw_end(out);
	return 0;
}

const struct tool tool_products_link = {
	.op.name = "products_link",
	.title = "Link a project to a product",
	.op.desc = "Make a project part of a product.",
	.cluster = "product_bus",
	.capabilities = "product",
	OP_PARAMS(link_params, link_in),
	.op.flags = OP_WRITE,
	.cli = "link-product",
	.op.run = link_run,
};
