/*
 * quota - REST: what counts towards the limits of a project
 * (contract/rest-and-rust-peers.md A.3). Nothing is refused for them; the keeper
 * logs projects that exceed them, with quota_enabled.
 */
#include "conf/conf.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Shown where none is set, as the Rust server does. */
#define ATTACHMENTS_LIMIT (INT64_C(100) << 20)
#define INBOX_LIMIT 1000

struct rest_quota_in {
	struct p_str project_slug, agent_name;
};

static const struct param params[] = {
	SLUG_PARAM(rest_quota_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_quota_in, agent_name, 0, "Whose inbox to count"),
};

static int
count(struct cx *cx, enum stmt_id id, int64_t key, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, id);

	stmt_bind_int(s, 1, key);
	return stmt_run_int(cx, s, out) < 0 ? -1 : 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_quota_in *in = arg;
	const struct conf *conf = cx->conf;
	int64_t attachments = 0, inbox = 0;
	struct project p;
	struct agent a;

	if (rest_project(cx, in->project_slug.v, &p) < 0 ||
	    (in->agent_name.set && rest_agent(cx, &p, in->agent_name.v, &a) < 0) ||
	    count(cx, STMT_REPORT_ATTACHMENTS, p.id, &attachments) < 0 ||
	    (in->agent_name.set && count(cx, STMT_REST_COUNT_RECEIVED, a.id, &inbox) < 0))
		return -1;
	jw_obj(out);
	jw_kstr(out, "project_slug", p.slug);
	jw_kbool(out, "quota_enabled", conf->quota_enabled);
	jw_kint(out, "attachments_limit_bytes",
	    conf->quota_attachments_limit_bytes > 0 ? conf->quota_attachments_limit_bytes : ATTACHMENTS_LIMIT);
	jw_kint(out, "attachments_usage_bytes", attachments);
	jw_kint(
	    out, "inbox_limit_count", conf->quota_inbox_limit_count > 0 ? conf->quota_inbox_limit_count : INBOX_LIMIT);
	if (in->agent_name.set)
		jw_kint(out, "agent_inbox_usage", inbox);
	else
		jw_knull(out, "agent_inbox_usage");
	jw_end(out);
	return 0;
}

const struct rest_route rest_quota_status = {
	.op.name = "quota_status",
	.method = "POST",
	.paths = REST_PATHS("/api/quota/status", "/api/get_quota_status"),
	.op.desc = "Attachments and mail of a project beside their limits",
	OP_PARAMS(params, rest_quota_in),
	.op.flags = OP_READ,
	.op.run = run,
};
