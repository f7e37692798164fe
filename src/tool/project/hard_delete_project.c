/*
 * hard_delete_project - a project goes for good, with its agents and mail.
 */
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/ops/removal.h"
#include "store/cx.h"
#include "api/confirm.h"
#include "tool/tool.h"

struct hard_delete_project_in {
	struct p_str project_key, confirmation, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(hard_delete_project_in, project_key, P_REQUIRED),
	PARAM(hard_delete_project_in, confirmation, P_STR, P_REQUIRED, "I UNDERSTAND"),
	SECRET_PARAM(hard_delete_project_in, registration_token, 0, "Token of any of its agents"),
};

static void
write_counts(struct jw *out, const struct removal *gone)
{
	jw_kobj(out, "deleted_counts");
	jw_kint(out, "agents", gone->agents);
	jw_kint(out, "messages", gone->messages);
	if (gone->messages > 0)
		jw_kint(out, "message_recipients", gone->recipients);
	jw_kint(out, "file_reservations", gone->reservations);
	if (gone->agents > 0)
		jw_kint(out, "agent_links", gone->links);
	jw_kint(out, "window_identities", gone->windows);
	jw_kint(out, "message_summaries", gone->summaries);
	jw_kint(out, "sibling_suggestions", gone->siblings);
	jw_kint(out, "product_links", gone->product_links);
	jw_kint(out, "project", 1);
	jw_kint(out, "archive_files_removed", gone->files);
	jw_kint(out, "archive_dirs_removed", gone->dirs);
	jw_end(out);
	/* Files go by a commit after this answer; what fails there is repeated. */
	jw_karr(out, "filesystem_errors");
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct hard_delete_project_in *in = arg;
	struct removal gone;
	struct project p;

	if (confirm_check(cx, in->confirmation.v, "this project") < 0 || project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_admin(cx, &p, in->registration_token.v, "hard_delete_project") < 0 ||
	    removal_project(cx, &p, &gone) < 0)
		return -1;
	jw_obj(out);
	jw_kcstr(out, "status", "hard_deleted");
	jw_kstr(out, "project_key", in->project_key.v);
	jw_kstr(out, "slug", p.slug);
	write_counts(out, &gone);
	jw_end(out);
	return 0;
}

const struct tool tool_hard_delete_project = {
	.op.name = "hard_delete_project",
	.title = "Delete project for good",
	.op.desc = "Delete a project with everything in it, for good. People decide this.",
	.cluster = "infrastructure",
	.capabilities = "infrastructure",
	OP_PARAMS(params, hard_delete_project_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "delete-project",
	.op.run = run,
};
