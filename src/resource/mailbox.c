/*
 * resource://mailbox/{agent}, mailbox-with-commits/{agent} - an agent's inbox
 * without filters; the second is the first under another name.
 */
#include "mail/read/inbox.h"
#include "mail/read/shape_message.h"
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

static int
list(struct cx *cx, const struct mail_list_at *at, const void *arg, struct jw *out)
{
	const struct in *in = arg;
	struct inbox_query q = { .limit = mail_list_limit(in->limit.v) };
	struct mail_list l;

	if (mail_list_open(cx, at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_KIND | SHAPE_READ | SHAPE_COMMIT,
	        &l) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, &q, mail_list_row, &l) != 0)
		return -1;
	mail_list_close(&l, out);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://mailbox/{agent}", "mailbox resource" };

	return list(cx, &at, arg, out);
}

static int
run_with_commits(struct cx *cx, const void *arg, struct jw *out)
{
	static const struct mail_list_at at = { "resource://mailbox-with-commits/{agent}", "mailbox-with-commits resource" };

	return list(cx, &at, arg, out);
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

const struct resource resource_mailbox_with_commits = {
	.name = "mailbox_with_commits_resource",
	.uri = "resource://mailbox-with-commits/{agent}",
	.title = "Mailbox with commits",
	.desc = "The same as resource://mailbox",
	.params = params,
	.nparams = sizeof(params) / sizeof(params[0]),
	.in_size = sizeof(struct in),
	.run = run_with_commits,
};
