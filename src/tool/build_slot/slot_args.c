/*
 * slot_args - asks for the branch where none is named, and opens project, agent and slot for the
 * three tools.
 */
#include "tool/build_slot/slot_args.h"

#include "base/path.h"
#include "mail/agent/auth.h"
#include "store/cx.h"
#include "api/queries.h"

int
slot_args_query(struct cx *cx, const void *arg, struct buf *out)
{
	const struct slot_args *in = arg;
	struct project p;

	if (!str_blank(in->branch.v) || project_lookup(cx, in->project_key.v, &p) != 1 || !path_is_absolute(p.human_key))
		return 0;
	query_head_of(&p, out);
	return 1;
}

int
slot_args_open(struct cx *cx, const struct slot_args *in, const char *tool, int64_t seconds, struct slot_at *at)
{
	at->key = (struct build_slot_key){ in->slot.v, str_blank(in->branch.v) ? head_found(cx).branch : in->branch.v };
	if (project_find(cx, in->project_key.v, &at->project) < 0 ||
	    auth_agent(cx, &at->project, in->agent_name.v, in->registration_token.v, tool, "registration_token",
		&at->agent) < 0)
		return -1;
	return build_slot_check(cx, &at->key, seconds);
}
