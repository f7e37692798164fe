/*
 * agent_archive - the profile of an agent as a row of the archive queue. Called wherever an agent changes, and by
 * the verbs that rebuild and verify an archive.
 */
#include "mail/agent/agent_archive.h"

#include "mail/agent/agent.h"
#include "store/archive_payload.h"
#include "store/archive_queue.h"
#include "store/cx.h"

struct str
agent_profile(struct arena *arena, const struct agent *a)
{
	const struct profile_payload payload = {
		.id = a->id,
		.project_id = a->project_id,
		.name = a->name,
		.program = a->program,
		.model = a->model,
		.task_description = a->task_description,
		.attachments_policy = a->attachments_policy,
		.inception_ts = a->inception_ts,
		.last_active_ts = a->last_active_ts,
		.retired_at = a->retired_at,
	};

	return profile_payload(arena, &payload);
}

int
agent_to_archive(struct cx *cx, const struct agent *a)
{
	return archive_queue_add(cx, QUEUE_AGENT, a->project_id, a->id, agent_profile(cx->arena, a));
}
