/*
 * overseer - finds or makes the agent HumanOverseer and sends in its name. Called by REST.
 */
#include "mail/message/overseer.h"

#include "mail/agent/agent.h"
#include "mail/agent/profile.h"
#include "mail/project/project.h"
#include "mail/message/deliver.h"
#include "store/cx.h"

/* Looks up the project's HumanOverseer, or makes it. */
static int
find_overseer(struct cx *cx, const struct project *p, struct agent *out)
{
	const struct agent_registration reg = { .project = p,
		.name = STR(OVERSEER_NAME),
		.program = STR("WebUI"),
		.model = STR("Human"),
		.task_description = STR("Writes to agents for the people who run them") };
	int rc = agent_lookup_exact(cx, p->id, reg.name, out);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (agent_create_service(cx, &reg, out) < 0)
		return -1;
	return agent_set_contact_policy(cx, out, STR("open"), &out->contact_policy);
}

int
overseer_send(struct cx *cx, const struct overseer_message *in, int64_t *id, int64_t *created_ts)
{
	struct recipient *to = arena_array(cx->arena, struct recipient, in->nto + 1);
	struct agent sender;
	const struct outgoing draft = { .project = in->project,
		.sender = &sender,
		.sender_project = in->project,
		.recipients = to,
		.nrecipients = in->nto,
		.subject = in->subject,
		.body_md = in->body_md,
		.importance = in->importance.p != NULL ? in->importance : STR("high"),
		.thread_id = in->thread_id,
		.overseer = true };
	struct delivery d;

	if (find_overseer(cx, in->project, &sender) < 0)
		return -1;
	for (size_t i = 0; i < in->nto; i++)
		to[i] = (struct recipient){ in->to[i].id, in->to[i].name, RECIPIENT_TO };
	if (deliver(cx, &draft, &d) < 0)
		return -1;
	*id = d.id;
	*created_ts = d.created_ts;
	return 0;
}
