/*
 * hard_delete_agent - an agent goes for good, with the mail that it sent.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/ops/removal.h"
#include "store/cx.h"
#include "api/confirm.h"
#include "tool/tool.h"

struct hard_delete_agent_in {
	struct p_str project_key, agent_name, confirmation, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(hard_delete_agent_in, project_key, P_REQUIRED),
	AGENT_PARAM(hard_delete_agent_in, agent_name, P_REQUIRED | P_PLAIN, "Who goes"),
	PARAM(hard_delete_agent_in, confirmation, P_STR, P_REQUIRED, "I UNDERSTAND"),
	TOKEN_PARAM(hard_delete_agent_in, registration_token, 0),
};

static void
write_counts(struct jw *out, const struct removal *gone)
{
	jw_kobj(out, "deleted_counts");
	jw_kint(out, "message_recipients", gone->recipients);
	if (gone->messages > 0)
		jw_kint(out, "sent_message_recipients", gone->sent_recipients);
	jw_kint(out, "messages_sent", gone->messages);
	jw_kint(out, "file_reservations", gone->reservations);
	jw_kint(out, "agent_links", gone->links);
	jw_kint(out, "window_identities", gone->windows);
	jw_kint(out, "agent", gone->agents);
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
	const struct hard_delete_agent_in *in = arg;
	struct removal gone;
	struct project p;
	struct agent a;

	if (confirm_check(cx, in->confirmation.v, "this agent") < 0 || project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, "hard_delete_agent", "registration_token",
		&a) < 0 ||
	    removal_agent(cx, &p, &a, &gone) < 0)
		return -1;
	jw_obj(out);
	jw_kcstr(out, "status", "hard_deleted");
	jw_kstr(out, "agent_name", in->agent_name.v);
	jw_kstr(out, "project_key", in->project_key.v);
	write_counts(out, &gone);
	jw_end(out);
	return 0;
}

const struct tool tool_hard_delete_agent = {
	.op.name = "hard_delete_agent",
	.title = "Delete agent for good",
	.op.desc = "Delete an agent with all mail it sent, for good: only when a person asks.",
	.cluster = "identity",
	.capabilities = "identity",
	OP_PARAMS(params, hard_delete_agent_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "delete-agent",
	.op.run = run,
};
