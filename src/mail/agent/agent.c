/*
 * agent - looking agents up and noting that they are active. Registration is in
 * agent_register.c, the error for a name that is not there in agent_missing.c.
 */
#include "mail/agent/agent.h"

#include "base/clock.h"
#include "mail/agent/agent_missing.h"
#include "mail/agent/agent_row.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/stmt.h"

void
agent_row(struct cx *cx, struct stmt *s, struct agent *out)
{
	out->id = stmt_int(s, 0);
	out->project_id = stmt_int(s, 1);
	out->name = stmt_str(s, 2, cx->arena);
	out->program = stmt_str(s, 3, cx->arena);
	out->model = stmt_str(s, 4, cx->arena);
	out->task_description = stmt_str(s, 5, cx->arena);
	out->attachments_policy = stmt_str(s, 6, cx->arena);
	out->contact_policy = stmt_str(s, 7, cx->arena);
	out->registration_token = stmt_str(s, 8, cx->arena);
	out->inception_ts = stmt_int(s, 9);
	out->last_active_ts = stmt_int(s, 10);
	out->retired_at = stmt_int(s, 11);
	out->retired_auto = stmt_int(s, 12) != 0;
}

int
agent_row_one(struct cx *cx, struct stmt *s, struct agent *out)
{
	int rc = stmt_step(cx, s);

	if (rc > 0)
		agent_row(cx, s, out);
	stmt_done(s);
	return rc;
}

int
agent_by_id(struct cx *cx, int64_t id, struct agent *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_BY_ID);

	stmt_bind_int(s, 1, id);
	return agent_row_one(cx, s, out);
}

int
agent_lookup_exact(struct cx *cx, int64_t project_id, struct str name, struct agent *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_BY_NAME);

	stmt_bind_int(s, 1, project_id);
	stmt_bind_str(s, 2, name);
	return agent_row_one(cx, s, out);
}

/* By letters and digits alone: `blue lake`, `cc0` for cc-0; two agents that share them are found by neither. */
static int
lookup_key(struct cx *cx, int64_t project_id, struct str name, struct agent *out)
{
	struct str key = name_key(cx->arena, name);
	struct stmt *s;
	int rc, n = 0;

	if (key.n == 0)
		return 0;
	s = stmt_get(cx->db, STMT_AGENT_BY_NAME_KEY);
	stmt_bind_int(s, 1, project_id);
	stmt_bind_str(s, 2, key);
	while ((rc = stmt_step(cx, s)) > 0)
		if (n++ == 0)
			agent_row(cx, s, out);
	stmt_done(s);
	return rc < 0 ? -1 : n == 1;
}

int
agent_lookup(struct cx *cx, int64_t project_id, struct str name, struct agent *out)
{
	int rc;

	name = str_trim(name);
	if (name.n == 0)
		return 0;
	rc = agent_lookup_exact(cx, project_id, name, out);
	return rc != 0 ? rc : lookup_key(cx, project_id, name, out);
}

int
agent_find(struct cx *cx, const struct project *p, struct str name, struct agent *out)
{
	int rc;

	if (str_blank(name))
		return agent_fail_blank(cx, p, name);
	if ((rc = agent_lookup(cx, p->id, name, out)) != 0)
		return rc < 0 ? -1 : 0;
	return agent_fail_missing(cx, p, name);
}

static int
collect(struct cx *cx, struct stmt *s, struct agents *out)
{
	size_t room = 16;
	int rc;

	*out = (struct agents){ arena_array(cx->arena, struct agent, room), 0 };
	while ((rc = stmt_step(cx, s)) > 0) {
		if (out->n == room) {
			struct agent *more = arena_array(cx->arena, struct agent, room *= 2);

			for (size_t i = 0; i < out->n; i++)
				more[i] = out->v[i];
			out->v = more;
		}
		agent_row(cx, s, &out->v[out->n++]);
	}
	stmt_done(s);
	return rc;
}

int
agent_list(struct cx *cx, int64_t project_id, enum agent_order order, struct agents *out)
{
	struct stmt *s;

	if (order == AGENTS_BY_ACTIVITY)
		return agent_list_active(cx, project_id, -1, out);
	s = stmt_get(cx->db, order == AGENTS_BY_ID ? STMT_AGENTS_BY_ID : STMT_AGENTS_BY_NAME);
	stmt_bind_int(s, 1, project_id);
	return collect(cx, s, out);
}

int
agent_list_active(struct cx *cx, int64_t project_id, int64_t limit, struct agents *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENTS_BY_ACTIVITY);

	stmt_bind_int(s, 1, project_id);
	stmt_bind_int(s, 2, limit);
	return collect(cx, s, out);
}

int
agent_unread(struct cx *cx, int64_t agent_id, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_UNREAD);

	stmt_bind_int(s, 1, agent_id);
	*out = 0;
	return stmt_run_int(cx, s, out) < 0 ? -1 : 0;
}

/* Noted ten times a second at most: an agent in a hurry does not write its row with each message. */
#define TOUCH_US 100000

/* When it was active last, and whether the keeper has retired it since; nothing of both when it does not exist. */
static int
last_activity(struct cx *cx, int64_t agent_id, int64_t *project_id, int64_t *last, bool *idle)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_ACTIVITY);
	int rc;

	stmt_bind_int(s, 1, agent_id);
	if ((rc = stmt_step(cx, s)) > 0) {
		*project_id = stmt_int(s, 0);
		*last = stmt_int(s, 1);
		*idle = stmt_int(s, 2) != 0;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
agent_touch(struct cx *cx, int64_t agent_id)
{
	int64_t project_id = 0, last = 0;
	bool idle = false;
	struct stmt *s;

	if (!db_writable(cx->db))
		return 0;
	if (last_activity(cx, agent_id, &project_id, &last, &idle) < 0)
		return -1;
	if (!idle && last <= cx->now && last >= cx->now - TOUCH_US)
		return 0;
	s = stmt_get(cx->db, STMT_AGENT_TOUCH);
	stmt_bind_int(s, 1, agent_id);
	stmt_bind_time(s, 2, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	return idle ? cx_changed(cx, TOPIC_OF(AGENTS, project_id), CHANGE_UNRETIRED, agent_id) : 0;
}

int
agent_must_not_be_retired(struct cx *cx, const struct agent *a)
{
	struct jw *w;

	if (a->retired_at == 0)
		return 0;
	fail(cx, ERR_AGENT_RETIRED,
	    "Agent '%" PRIstr "' is retired and no longer accepts new messages. Use unretire_agent to restore it first.",
	    FSTR(a->name));
	w = fail_data(cx);
	jw_kstr(w, "agent_name", a->name);
	jw_ktime(w, "retired_at", a->retired_at);
	return -1;
}
