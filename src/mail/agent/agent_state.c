/*
 * agent_state - retires agents, brings them back, takes their rights away, and archives projects
 * (contract/messaging.md 11.4, 11.5).
 *
 * Called by the tools of those names and by the routes of the web pages.
 */
#include "mail/agent/agent_state.h"

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"

static int
set_retired(struct cx *cx, struct agent *a, int64_t at)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_SET_RETIRED);

	stmt_bind_int(s, 1, a->id);
	stmt_bind_time(s, 2, at);
	a->retired_at = at;
	a->retired_auto = false;
	if (stmt_run(cx, s) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(AGENTS, a->project_id), at != 0 ? CHANGE_RETIRED : CHANGE_UNRETIRED, a->id);
}

int
agent_retire(struct cx *cx, struct agent *a)
{
	if (set_retired(cx, a, cx->now) < 0)
		return -1;
	return agent_to_archive(cx, a);
}

int
agent_unretire(struct cx *cx, struct agent *a)
{
	if (set_retired(cx, a, 0) < 0 || agent_touch(cx, a->id) < 0)
		return -1;
	a->last_active_ts = cx->now;
	return agent_to_archive(cx, a);
}

int
agent_deregister(struct cx *cx, struct agent *a)
{
	char now[CLOCK_ISO_SIZE];
	struct stmt *s;

	clock_iso(now, cx->now);
	a->contact_policy = STR("block_all");
	a->task_description = arena_printf(cx->arena, "[DEREGISTERED at %s] %" PRIstr, now, FSTR(a->task_description));
	s = stmt_get(cx->db, STMT_AGENT_DEREGISTER);
	stmt_bind_int(s, 1, a->id);
	stmt_bind_str(s, 2, a->task_description);
	if (stmt_run(cx, s) < 0 || cx_changed(cx, TOPIC_OF(AGENTS, a->project_id), CHANGE_UPDATED, a->id) < 0)
		return -1;
	return agent_to_archive(cx, a);
}
