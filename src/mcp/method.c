/*
 * method - the table of methods, and the functions of those that need few words.
 */
#include "mcp/method.h"

#include "job/job.h"
#include "mcp/cancel.h"
#include "mcp/mcp.h"
#include "mcp/prepared.h"
#include "mcp/receive.h"

static void
initialize(struct mcp_call *call)
{
	struct mcp_peer *peer = call->in->peer;
	struct str wanted = jr_str(jr_get(call->msg.params, "protocolVersion"));
	int version = mcp_version(wanted);

	if (wanted.p == NULL) {
		mcp_bad_params(call, "initialize needs params.protocolVersion (a string)");
		return;
	}
	/* Also what is newer than the handshake: rmcp asks for 2026-07-28 this way (protocol/clients.md 1). */
	if (version < 0 || mcp_revisions[version].modern)
		version = MCP_NEWEST_LEGACY;
	peer->version = (enum mcp_version)version;
	if (peer->ops->opened != NULL)
		peer->ops->opened(peer, call->in, session_caps(jr_get(call->msg.params, "capabilities")));
	mcp_tail(call, PREPARED_INITIALIZE);
}

static void
ping(struct mcp_call *call)
{
	mcp_begin(call);
	mcp_end(call, NULL, NULL);
}

static void
discover(struct mcp_call *call)
{
	mcp_tail(call, PREPARED_DISCOVER);
}

/* Lists come in one piece, so no cursor is ours. */
static void
list(struct mcp_call *call, enum prepared_what what)
{
	enum jr_type cursor = jr_get(call->msg.params, "cursor").type;

	if (cursor != JR_ABSENT && cursor != JR_NULL)
		mcp_bad_params(call, "unknown cursor: this list comes in one piece");
	else
		mcp_tail(call, what);
}

static void
tools_list(struct mcp_call *call)
{
	list(call, PREPARED_TOOLS);
}

static void
resources_list(struct mcp_call *call)
{
	list(call, PREPARED_RESOURCES);
}

static void
templates_list(struct mcp_call *call)
{
	list(call, PREPARED_TEMPLATES);
}

static void
prompts_list(struct mcp_call *call)
{
	list(call, PREPARED_PROMPTS);
}

static void
prompts_get(struct mcp_call *call)
{
	mcp_fail(call, RPC_INVALID_PARAMS, STR("Unknown prompt: this server has none"), STR_NONE);
}

static int
level_run(struct job *job)
{
	struct mcp_call *call = job->arg;

	return session_log_level(&job->cx, job->cx.caller.session, jr_str(jr_get(call->msg.params, "level")));
}

static void
level_done(struct job *job, int rc)
{
	struct mcp_call *call = job->arg;

	if (rc != 0 && job->cx.fail.code == ERR_CANCELLED)
		mcp_cancelled(call);
	else if (rc != 0)
		mcp_fail(call, RPC_INTERNAL_ERROR, job->cx.fail.msg, STR_NONE);
	else
		ping(call);
}

static void
set_level(struct mcp_call *call)
{
	struct job *job;

	if (!mcp_log_level(jr_str(jr_get(call->msg.params, "level")))) {
		mcp_bad_params(
		    call, "level must be one of debug, info, notice, warning, error, critical, alert, emergency");
		return;
	}
	if (!call->in->peer->in_session) {
		ping(call);
		return;
	}
	job = job_new(call->in->peer->mcp->rt, call->in->arena, call->in->start_us, &call->in->peer->caller);
	job->write = true;
	job->run = level_run;
	job->done = level_done;
	job->arg = call;
	call->job = job;
	job_start(job);
}

static const struct mcp_method methods[] = {
	{ "tools/call", true, true, "name", mcp_tools_call },
	{ "tools/list", true, true, NULL, tools_list },
	{ "resources/read", true, true, "uri", mcp_resources_read },
	{ "initialize", true, false, NULL, initialize },
	{ "server/discover", false, true, NULL, discover },
	{ "ping", true, false, NULL, ping },
	{ "resources/list", true, true, NULL, resources_list },
	{ "resources/templates/list", true, true, NULL, templates_list },
	{ "prompts/list", true, true, NULL, prompts_list },
	{ "prompts/get", true, true, "name", prompts_get },
	{ "logging/setLevel", true, false, NULL, set_level },
};

const struct mcp_method *
mcp_method_find(struct str name)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (str_eqc(name, methods[i].name))
			return &methods[i];
	return NULL;
}

static void
notified_cancelled(struct mcp_inbound *in, const struct rpc_message *m)
{
	cancel_request(in, jr_get(m->params, "requestId"));
}

static const struct {
	const char *name;
	void (*fn)(struct mcp_inbound *in, const struct rpc_message *m);
} notifications[] = {
	{ "notifications/cancelled", notified_cancelled },
};

void
mcp_notified(struct mcp_inbound *in, const struct rpc_message *m)
{
	for (size_t i = 0; i < sizeof(notifications) / sizeof(notifications[0]); i++)
		if (str_eqc(m->method, notifications[i].name))
			notifications[i].fn(in, m);
}
