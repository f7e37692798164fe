/*
 * shape - projects and agents as JSON. Called by tools, resources and REST.
 */
#include "view/shape.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"

void
rest_project_members(struct jw *w, const struct project *p)
{
	jw_kint(w, "id", p->id);
	jw_kstr(w, "slug", p->slug);
	jw_kstr(w, "human_key", p->human_key);
	jw_ktime(w, "created_at", p->created_at);
}

void
shape_project_members(struct jw *w, const struct project *p)
{
	rest_project_members(w, p);
	if (p->archived_at != 0)
		jw_ktime(w, "archived_at", p->archived_at);
}

void
rest_agent_members(struct jw *w, const struct agent *a, bool project_id)
{
	jw_kint(w, "id", a->id);
	jw_kstr(w, "name", a->name);
	if (project_id)
		jw_kint(w, "project_id", a->project_id);
	jw_kstr(w, "program", a->program);
	jw_kstr(w, "model", a->model);
	jw_kstr(w, "task_description", a->task_description);
	jw_ktime(w, "inception_ts", a->inception_ts);
	jw_ktime(w, "last_active_ts", a->last_active_ts);
}

void
shape_agent_members(struct jw *w, const struct agent *a)
{
	rest_agent_members(w, a, false);
	jw_kint(w, "project_id", a->project_id);
	jw_kstr(w, "attachments_policy", a->attachments_policy);
	if (a->retired_at != 0)
		jw_ktime(w, "retired_at", a->retired_at);
}

void
shape_project(struct jw *w, const struct project *p)
{
	jw_obj(w);
	shape_project_members(w, p);
	jw_end(w);
}

void
shape_agent(struct jw *w, const struct agent *a)
{
	jw_obj(w);
	shape_agent_members(w, a);
	jw_end(w);
}
