/*
 * list_contacts - to whom an agent may write, or has asked to.
 */
#include "mail/agent/auth.h"
#include "mail/contact/contact.h"
#include "store/cx.h"
#include "tool/tool.h"

struct list_contacts_in {
	struct p_str project_key, agent_name, registration_token;
};

static const struct param params[] = {
	PROJECT_PARAM(list_contacts_in, project_key, P_REQUIRED),
	AGENT_PARAM(list_contacts_in, agent_name, P_REQUIRED | P_PLAIN, "Whose contacts"),
	TOKEN_PARAM(list_contacts_in, registration_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct list_contacts_in *in = arg;
	struct contact_rows rows;
	struct project p;
	struct agent a;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_agent(cx, &p, in->agent_name.v, in->registration_token.v, "list_contacts", "registration_token", &a) <
		0 ||
	    contact_list(cx, a.id, &rows) < 0)
		return -1;
	jw_arr(out);
	for (size_t i = 0; i < rows.n; i++) {
		const struct contact_row *r = &rows.v[i];

		jw_obj(out);
		jw_kstr(out, "to", r->to);
		jw_kstr(out, "to_project", r->to_project);
		jw_kstr(out, "status", r->link.status);
		jw_kbool(out, "is_expired", r->is_expired);
		jw_kbool(out, "allows_messaging", r->allows_messaging);
		jw_kstr(out, "reason", r->link.reason);
		jw_ktime(out, "updated_ts", r->link.updated_ts);
		jw_ktime(out, "expires_ts", r->link.expires_ts);
		jw_end(out);
	}
	jw_end(out);
	return 0;
}

const struct tool tool_list_contacts = {
	.op.name = "list_contacts",
	.title = "List contacts",
	.op.desc = "List the agents that you may write to or have asked, newest change first.",
	.cluster = "contact",
	.capabilities = "audit,contact",
	OP_PARAMS(params, list_contacts_in),
	.op.flags = OP_READ | OP_LIST,
	.flags = TOOL_FIELDS_RARE,
	.cli = "contacts",
	.op.row_members = "to|to_project|status|is_expired|allows_messaging|reason|updated_ts|expires_ts",
	.op.run = run,
};
