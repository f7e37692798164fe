/*
 * file_reservation_paths - reserve paths and learn who else works there.
 */
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "view/reservation_shape.h"
#include "store/cx.h"
#include "api/queries.h"
#include "tool/tool.h"

struct file_reservation_paths_in {
	struct p_str project_key, agent_name, reason, registration_token;
	struct p_strs paths;
	struct p_int ttl_seconds;
	struct p_bool exclusive;
};

static const struct param params[] = {
	PROJECT_PARAM(file_reservation_paths_in, project_key, P_REQUIRED),
	AGENT_PARAM(file_reservation_paths_in, agent_name, P_REQUIRED | P_PLAIN, "Who reserves"),
	PARAM(file_reservation_paths_in, paths, P_STRS, P_REQUIRED,
	    "Files or globs below the project's directory, e.g. src/*.py or docs/**"),
	PARAM(file_reservation_paths_in, ttl_seconds, P_INT, P_PLAIN, "Until the reservation expires by itself", "3600"),
	PARAM(file_reservation_paths_in, exclusive, P_BOOL, P_PLAIN,
	    "false: others may share it if theirs is shared too", "true"),
	PARAM(file_reservation_paths_in, reason, P_STR, P_PLAIN, "What for, e.g. a ticket id", "\"\""),
	TOKEN_PARAM(file_reservation_paths_in, registration_token, 0),
};

/* What is checked out there, for the record in the archive. */
static int
query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct file_reservation_paths_in *in = arg;

	return query_head(cx, in->project_key.v, out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct file_reservation_paths_in *in = arg;
	struct reserve_request wanted = { .paths = in->paths.v,
		.ttl_seconds = in->ttl_seconds.v,
		.exclusive = in->exclusive.v,
		.reason = in->reason.v,
		.looked = true,
		.head = head_found(cx) };
	struct project project;
	struct agent agent;
	struct reserve_result result;

	if (reserve_check(cx, &wanted) < 0 || project_find(cx, in->project_key.v, &project) < 0 ||
	    auth_agent(cx, &project, in->agent_name.v, in->registration_token.v, "file_reservation_paths",
		"registration_token", &agent) < 0 ||
	    reserve_paths(cx, &project, &agent, &wanted, &result) < 0)
		return -1;
	shape_reserve_result(out, &result);
	return 0;
}

const struct tool tool_file_reservation_paths = {
	.op.name = "file_reservation_paths",
	.title = "Reserve files",
	.op.desc =
	    "Tell others which files you will change. Always granted; `conflicts` names who holds an overlap: wait, or "
	    "write to the holder. Release when done.",
	.cluster = "file_reservations",
	.capabilities = "file_reservations,repository",
	OP_PARAMS(params, file_reservation_paths_in),
	.op.flags = OP_WRITE,
	.flags = TOOL_KEYED,
	.cli = "reserve",
	.op.query = query,
	.op.run = run,
};
