/*
 * macro_start_session - project, agent, reservations and inbox in one call.
 */
#include "mail/ops/macro.h"
#include "mail/agent/pane.h"
#include "view/reservation_shape.h"
#include "view/shape.h"
#include "store/cx.h"
#include "tool/message/macro_inbox.h"
#include "api/queries.h"
#include "tool/tool.h"

struct macro_start_session_in {
	struct p_str human_key, program, model, task_description, agent_name, registration_token;
	struct p_strs file_reservation_paths;
	struct p_str file_reservation_reason;
	struct p_int file_reservation_ttl_seconds, inbox_limit;
	struct p_bool reaper_exempt;
	struct p_str pane_id, registration_proof;
};

static const struct param params[] = {
	PARAM(macro_start_session_in, human_key, P_STR, P_PROJECT | P_REQUIRED,
	    "Absolute path of the directory that the agents work in"),
	PARAM(macro_start_session_in, program, P_STR, P_REQUIRED | P_PLAIN, "Program you run in, e.g. claude-code"),
	PARAM(macro_start_session_in, model, P_STR, P_REQUIRED | P_PLAIN, "Model you run on"),
	PARAM(macro_start_session_in, task_description, P_STR, P_PLAIN, "What you are working on", "\"\""),
	AGENT_PARAM(macro_start_session_in, agent_name, P_PLAIN, "Name to take up again; leave out to be given one"),
	SECRET_PARAM(macro_start_session_in, registration_token, 0, "The agent's token, if it exists already"),
	PARAM(macro_start_session_in, file_reservation_paths, P_STRS, P_PLAIN,
	    "Files or globs that you are about to change"),
	PARAM(macro_start_session_in, file_reservation_reason, P_STR, P_RARE, "What for", "\"macro-session\""),
	PARAM(macro_start_session_in, file_reservation_ttl_seconds, P_INT, P_RARE, "Until the reservations expire",
	    "3600"),
	PARAM(macro_start_session_in, inbox_limit, P_INT, P_RARE, "Newest messages to show; 0 for none", "10"),
	PARAM(macro_start_session_in, reaper_exempt, P_BOOL, P_RARE, "Never retire this agent for being idle"),
	PARAM(macro_start_session_in, pane_id, P_STR, P_UNLISTED, "tmux pane that you work in"),
	PARAM(macro_start_session_in, registration_proof, P_STR, P_REFUSED, "Not verified by this server"),
};

/* What is checked out there, for the record in the archive. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct macro_start_session_in *in = arg;

	return !in->file_reservation_paths.set ? 0 : query_head(cx, in->human_key.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct macro_start_session_in *in = arg;
	struct macro_start start = { .human_key = in->human_key.v,
		.program = in->program.v,
		.model = in->model.v,
		.task_description = in->task_description.v,
		.agent_name = in->agent_name.v,
		.token = in->registration_token.v,
		.reaper_exempt = in->reaper_exempt.v,
		.has_reaper_exempt = in->reaper_exempt.set,
		.reserve = in->file_reservation_paths.set,
		.ask = { .paths = in->file_reservation_paths.v,
		    .ttl_seconds = in->file_reservation_ttl_seconds.v,
		    .exclusive = true,
		    .reason = in->file_reservation_reason.v,
		    .looked = true,
		    .head = head_found(cx) } };
	struct macro_started s;

	if (macro_start_session(cx, &start, &s) < 0)
		return -1;
	pane_assign(cx, &s.project, pane_of(cx, in->pane_id.v), s.agent.name);
	jw_obj(out);
	jw_key(out, "project");
	shape_project(out, &s.project);
	jw_key(out, "agent");
	shape_agent(out, &s.agent);
	jw_kstr(out, "registration_token", s.agent.registration_token);
	jw_key(out, "file_reservations");
	shape_reserve_result(out, &s.reserved);
	if (macro_inbox(cx, &s.project, &s.agent, in->inbox_limit.v, false, out) < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct tool tool_macro_start_session = {
	.op.name = "macro_start_session",
	.title = "Start a session",
	.op.desc = "First call of a session: makes the project, registers you, reserves files, shows your newest mail. "
		   "Use the agent name in the answer from then on.",
	.cluster = "workflow_macros",
	.capabilities = "file_reservations,identity,messaging,workflow",
	OP_PARAMS(params, macro_start_session_in),
	.op.flags = OP_WRITE,
	.cli = "start",
	.op.query = query,
	.op.run = run,
};
