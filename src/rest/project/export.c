/*
 * export - REST: the mail of a project as a document
 * (contract/rest-and-rust-peers.md A.3). after_id and limit are ours: large
 * projects come in pieces.
 */
#include "view/export.h"

#include "conf/conf.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct rest_export_in {
	struct p_str project_slug, format;
	struct p_int after_id, limit;
};

static const struct param params[] = {
	SLUG_PARAM(rest_export_in, project_slug, P_REQUIRED),
	PARAM(rest_export_in, format, P_STR, P_REQUIRED, "html, json, md or csv; json for any other word"),
	PARAM(rest_export_in, after_id, P_INT, 0, "Only messages with a higher number", "0"),
	PARAM(rest_export_in, limit, P_INT, 0, "Messages at most; negative for all", "-1"),
};

static int
run(struct cx *cx, const void *arg, struct document *out)
{
	const struct rest_export_in *in = arg;
	const struct export_format *f = export_find(in->format.v);
	const struct export_query q = { in->after_id.v, in->limit.v, cx->conf->export_max };
	struct project p;
	int rc = project_lookup(cx, in->project_slug.v, &p);

	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Project not found: Slug: %" PRIstr,
		    FSTR(str_cut_chars(in->project_slug.v, 256)));
	if (rc < 0)
		return -1;
	out->type = f->type;
	out->name = arena_printf(cx->arena, "%" PRIstr "_mailbox.%s", FSTR(p.slug), f->word);
	return export_write(cx, &p, f, &q, &out->body);
}

const struct rest_route rest_export = {
	.op.name = "export",
	.method = "POST",
	.paths = REST_PATHS("/api/export"),
	.op.desc = "The mail of a project as a document, oldest first",
	OP_PARAMS(params, rest_export_in),
	.op.flags = OP_READ,
	.op.document = run,
	.types = "text/html|application/json|text/markdown|text/csv",
};
