/*
 * resource://mailbox/{agent} - an agent's inbox without filters.
 */
#include "mail/inbox.h"
#include "mail/shape_message.h"
#include "resource/mail_list.h"
#include "resource/resource.h"

struct in {
	struct p_str agent, project, agent_token;
	struct p_int limit;
};

static const struct param params[] = {
	PARAM(struct in, agent, P_STR, P_REQUIRED | P_PATH, "Name of the agent", NULL, NULL),
	PARAM(struct in, project, P_STR, P_NULLABLE, "Slug or path of the project; required", NULL, NULL),
	PARAM(struct in, limit, P_INT, 0, "At most so many", "20", NULL),
	PARAM(struct in, agent_token, P_STR, P_NULLABLE | P_SECRET, "The agent's token", NULL, NULL),
};

static const struct mail_list_at at = { "resource://mailbox/{agent}", "mailbox resource" };

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct inbox_query q = { .limit = mail_list_limit(in->limit.v) };
	struct mail_list l;

	if (mail_list_open(cx, &at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_KIND | SHAPE_READ | SHAPE_COMMIT,
	        &l) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, &q, mail_list_row, &l) != 0)
		return -1;
	mail_list_close(&l, out);
	return 0;
}

const struct resource resource_mailbox = {
	.name = "mailbox_resource",
	.uri = "resource://mailbox/{agent}",
	.title = "Mailbox",
	.desc = "Newest messages to an agent without bodies, each with the commit of its archive file",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.run = run,
};
