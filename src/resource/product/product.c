/*
 * resource://product/{key} - a product and its projects.
 */
#include "mail/product/product.h"

#include "view/shape.h"
#include "resource/resource.h"
#include "store/cx.h"

struct product_resource_in {
	struct p_str key;
};

static const struct param params[] = {
	PARAM(product_resource_in, key, P_STR, P_REQUIRED | P_PATH, "Key, uid or name of the product"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct product_resource_in *in = arg;
	struct projects projects;
	struct product p;

	if (product_find(cx, in->key.v, &p) < 0 || product_projects(cx, &p, &projects) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "id", p.id);
	jw_kstr(out, "product_uid", p.uid);
	jw_kstr(out, "name", p.name);
	jw_ktime(out, "created_at", p.created_at);
	jw_karr(out, "projects");
	for (size_t i = 0; i < projects.n; i++)
		shape_project(out, &projects.v[i]);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_product = {
	.op.name = "product_resource",
	.uri = "resource://product/{key}",
	.op.desc = "A product and the projects that belong to it",
	OP_PARAMS(params, product_resource_in),
	.op.run = run,
};
