/*
 * resource://file_reservations/{slug} - who works where, and whether they still do.
 */
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/reservation/reserve_status.h"
#include "resource/resource.h"
#include "store/cx.h"
#include "view/reservation_shape.h"

/* Released rows are kept for ever; a list shows the newest (decision 3.59). */
#define LIMIT 1000

struct file_reservations_resource_in {
	struct p_str slug;
	struct p_bool active_only;
};

static const struct param params[] = {
	PARAM(file_reservations_resource_in, slug, P_STR, P_REQUIRED | P_PATH,
	    "Slug of the project, or its path percent-encoded"),
	PARAM(file_reservations_resource_in, active_only, P_BOOL, 0, "false: released ones too", "true"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct file_reservations_resource_in *in = arg;
	struct project project;
	struct reservations list;
	struct reserve_status *status;

	if (project_find(cx, in->slug.v, &project) < 0 ||
	    reserve_list(cx, project.id, in->active_only.v, LIMIT, &list) < 0)
		return -1;
	status = arena_array(cx->arena, struct reserve_status, list.n);
	if (reserve_status(cx, &list, status) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < list.n; i++)
		shape_reserve_status(out, &list.v[i], &status[i]);
	jw_end(out);
	return 0;
}

const struct resource resource_file_reservations = {
	.op.name = "file_reservations_resource",
	.uri = "resource://file_reservations/{slug}",
	.op.desc = "Active file reservations of a project with signs of life of their holders",
	OP_PARAMS(params, file_reservations_resource_in),
	.op.run = run,
};
