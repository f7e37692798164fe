/*
 * broadcast - puts all agents of a project that can be reached into the list of recipients, and
 * notes who was left out and why.
 */
#include "mail/message/broadcast.h"

#include "base/clock.h"
#include "mail/message/send.h"
#include "store/cx.h"

/* An agent that has done nothing for so long gets no broadcasts. */
#define IDLE_MAX (30 * 24 * 3600 * USEC)

static const char *const reasons[] = {
	[CONTACT_OK] = NULL,
	[CONTACT_NEEDED] = "CONTACT_REQUIRED",
	[CONTACT_CLOSED] = "CONTACT_BLOCKED",
	[CONTACT_RETIRED] = "AGENT_RETIRED",
};

/* judge - why an agent is left out, or NULL in *reason. */
static int
judge(struct cx *cx, const struct contact_sender *from, struct resolved_recipient *one, const char **reason)
{
	if (contact_check(cx, from, &one->agent, &one->verdict) != 0)
		return -1;
	*reason = reasons[one->verdict];
	if (!*reason && one->agent.last_active_ts < cx->now - IDLE_MAX)
		*reason = "INACTIVE";
	return 0;
}

int
broadcast_expand(
    struct cx *cx, const struct contact_sender *from, struct resolved_recipients *list, struct message_sent *out)
{
	struct resolved_recipients named = *list;
	struct agents all;

	if (agent_list(cx, from->project->id, AGENTS_BY_ID, &all) != 0)
		return -1;
	list->v = arena_array(cx->arena, struct resolved_recipient, all.n + named.n);
	list->n = 0;
	out->skipped = arena_array(cx->arena, struct send_skipped, all.n);
	for (size_t i = 0; i < all.n; i++) {
		struct resolved_recipient one = {
			.raw = all.v[i].name, .name = all.v[i].name, .project = from->project, .found = true
		};
		const char *reason;

		if (all.v[i].id == from->agent->id)
			continue;
		one.agent = all.v[i];
		if (judge(cx, from, &one, &reason) != 0)
			return -1;
		if (reason)
			out->skipped[out->nskipped++] = (struct send_skipped){ one.name, reason };
		else
			list->v[list->n++] = one;
	}
	for (size_t i = 0; i < named.n; i++)
		recipients_add(list, &named.v[i]);
	return 0;
}
