/*
 * resource://message/{message_id} - one message with body and recipients.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "view/shape_message.h"
#include "mail/message/thread.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"
#include "store/cx.h"

struct message_resource_in {
	struct p_str message_id, project, agent, agent_token;
};

static const struct param params[] = {
	PARAM(message_resource_in, message_id, P_STR, P_REQUIRED | P_PATH, "Number of the message"),
	PARAM(message_resource_in, project, P_STR, 0, "Slug or path of the project; required"),
	AGENT_PARAM(message_resource_in, agent, 0, "Who looks"),
	TOKEN_PARAM(message_resource_in, agent_token, 0),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct message_resource_in *in = arg;
	struct project project;
	struct agent viewer;
	struct message m;
	bool whole;
	int64_t id;
	int rc;

	if (mail_list_need_project(cx, in->project.v, "message resource") != 0 ||
	    project_find(cx, in->project.v, &project) != 0 ||
	    auth_viewer(cx, &project, in->agent.v, in->agent_token.v, "resource://message/{message_id}", "agent_token",
		&viewer, &whole) != 0)
		return -1;
	if (!str_int(str_trim(in->message_id.v), &id))
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "message_id must be a whole number: invalid literal for int() with base 10: '%" PRIstr "'",
		    FSTR(str_cut_utf8(in->message_id.v, 80)));
	rc = message_find(cx, &project, id, whole ? NULL : &viewer, &m);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return message_not_found(cx, id, whole ? STR_NONE : viewer.name, project.human_key);
	shape_message(out, &m, SHAPE_BODY | SHAPE_RECIPIENTS | SHAPE_COMMIT);
	return 0;
}

const struct resource resource_message = {
	.op.name = "message_resource",
	.uri = "resource://message/{message_id}",
	.op.desc = "One message with its body and recipients, as far as the one who looks may see them",
	OP_PARAMS(params, message_resource_in),
	.op.run = run,
};
