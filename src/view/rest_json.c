/*
 * rest_json - writes times without a zone, and agents and projects with such times.
 */
#include "view/rest_json.h"

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"

void
naive_ktime(struct jw *w, const char *key, int64_t us)
{
	char text[CLOCK_ISO_SIZE];
	size_t n;

	if (us == 0) {
		jw_knull(w, key);
		return;
	}
	n = clock_iso_naive(text, us);
	jw_kstr(w, key, (struct str){ text, n });
}

void
naive_agent(struct jw *w, const struct agent *a, bool project_id)
{
	jw_kint(w, "id", a->id);
	jw_kstr(w, "name", a->name);
	if (project_id)
		jw_kint(w, "project_id", a->project_id);
	jw_kstr(w, "program", a->program);
	jw_kstr(w, "model", a->model);
	jw_kstr(w, "task_description", a->task_description);
	naive_ktime(w, "inception_ts", a->inception_ts);
	naive_ktime(w, "last_active_ts", a->last_active_ts);
}

void
naive_project(struct jw *w, const struct project *p)
{
	jw_kint(w, "id", p->id);
	jw_kstr(w, "slug", p->slug);
	jw_kstr(w, "human_key", p->human_key);
	naive_ktime(w, "created_at", p->created_at);
}
