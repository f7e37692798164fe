/*
 * recipient - finds out whom each name means: an agent here, an address elsewhere, or nobody; and
 * groups them by project.
 *
 * Asks contact_check for each. It stores nothing.
 */
#include "mail/message/recipient.h"

#include <string.h>

#include "mail/rules.h"
#include "store/cx.h"

/* split_address - `project:slug#Name` or, where addresses may be plain, `Name@project`; false for a plain name. */
static bool
split_address(struct str s, bool plain, struct str *project, struct str *name)
{
	struct str prefix = STR("project:");
	ptrdiff_t at;

	if (str_starts(s, prefix) && (at = str_chr(s, '#')) >= 0) {
		*project = str_trim(str_sub(s, prefix.n, (size_t)at - prefix.n));
		*name = str_trim(str_sub(s, (size_t)at + 1, s.n));
		return true;
	}
	at = str_chr(s, '@');
	if (at < 0 || !plain)
		return false;
	*name = str_trim(str_sub(s, 0, (size_t)at));
	*project = str_trim(str_sub(s, (size_t)at + 1, s.n));
	return name->n > 0 && project->n > 0;
}

/* address_project - the project that an address means; what is no key at all is as unknown as a key of nothing. */
static int
address_project(struct cx *cx, struct str key, const struct project **out)
{
	struct project *p = arena_new(cx->arena, struct project);
	int rc = project_lookup(cx, key, p);

	if (rc < 0 && (cx->fail.code == ERR_INVALID_ARGUMENT || cx->fail.code == ERR_CONFIGURATION_ERROR)) {
		fail_clear(&cx->fail);
		rc = 0;
	}
	*out = rc > 0 ? p : NULL;
	return rc < 0 ? -1 : 0;
}

/* find_linked - an approved contact of that name in some other project. */
static int
find_linked(struct cx *cx, const struct contact_sender *from, struct resolved_recipient *one)
{
	struct project *p;
	int rc = contact_find_linked(cx, from->agent, 0, one->name, &one->agent);

	if (rc <= 0)
		return rc;
	p = arena_new(cx->arena, struct project);
	rc = project_by_id(cx, one->agent.project_id, p);
	if (rc <= 0)
		return rc;
	one->project = p;
	one->found = true;
	return 0;
}

/* find_local - an agent of the sender's own project; itself needs no lookup. */
static int
find_local(struct cx *cx, const struct contact_sender *from, struct resolved_recipient *one)
{
	int rc = 1;

	if (str_eq_ci(one->name, from->agent->name))
		one->agent = *from->agent;
	else
		rc = agent_lookup(cx, from->project->id, one->name, &one->agent);
	one->project = from->project;
	one->found = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* find - fills project, agent and found. */
static int
find(struct cx *cx, const struct contact_sender *from, struct resolved_recipient *one)
{
	bool plain = cx->rules->send.plain_addresses;
	struct str key;
	int rc;

	one->name = str_trim(one->raw);
	if (split_address(one->name, plain, &key, &one->name)) {
		one->addressed = true;
		one->label = key;
		if (address_project(cx, key, &one->project) != 0)
			return -1;
		if (!one->project)
			return 0;
		one->label = one->project->human_key;
		if (one->project->id != from->project->id) {
			rc = agent_lookup(cx, one->project->id, one->name, &one->agent);
			one->found = rc > 0;
			return rc < 0 ? -1 : 0;
		}
	}
	if (one->name.n == 0)
		return 0;
	if (find_local(cx, from, one) != 0)
		return -1;
	return one->found || one->addressed || !plain ? 0 : find_linked(cx, from, one);
}

void
recipients_add(struct resolved_recipients *list, const struct resolved_recipient *one)
{
	for (size_t i = 0; one->found && i < list->n; i++)
		if (list->v[i].found && list->v[i].agent.id == one->agent.id)
			return;
	list->v[list->n++] = *one;
}

int
recipients_resolve(struct cx *cx, const struct contact_sender *from, const struct str_list names[RECIPIENT_KINDS],
    struct resolved_recipients *out)
{
	out->v = arena_array(cx->arena, struct resolved_recipient,
	    names[RECIPIENT_TO].n + names[RECIPIENT_CC].n + names[RECIPIENT_BCC].n);
	out->n = 0;
	for (int k = 0; k < RECIPIENT_KINDS; k++) {
		for (size_t i = 0; i < names[k].n; i++) {
			struct resolved_recipient one = { .raw = names[k].v[i], .kind = (enum recipient_kind)k };

			if (find(cx, from, &one) != 0)
				return -1;
			if (one.found && contact_check(cx, from, &one.agent, &one.verdict) != 0)
				return -1;
			recipients_add(out, &one);
		}
	}
	return 0;
}

bool
recipient_is_local(const struct resolved_recipient *one, const struct project *p)
{
	return one->project && one->project->id == p->id;
}

/* group_of - the group of a project, made on first sight. */
static struct recipient_group *
group_of(struct cx *cx, struct recipient_groups *g, const struct project *p, size_t room)
{
	struct recipient_group *new;

	for (size_t i = 0; i < g->n; i++)
		if (g->v[i].project->id == p->id)
			return &g->v[i];
	new = &g->v[g->n++];
	new->project = p;
	new->v = arena_array(cx->arena, struct recipient, room);
	return new;
}

/* add_to_groups - those of the sender's own project, or the others. */
static void
add_to_groups(struct cx *cx, const struct resolved_recipients *list, const struct project *own, bool local,
    struct recipient_groups *out)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct resolved_recipient *one = &list->v[i];
		struct recipient_group *g;

		if (!one->found || recipient_is_local(one, own) != local)
			continue;
		g = group_of(cx, out, one->project, list->n - i);
		g->v[g->n++] = (struct recipient){ one->agent.id, one->agent.name, one->kind };
	}
}

void
recipients_by_project(
    struct cx *cx, const struct resolved_recipients *list, const struct project *own, struct recipient_groups *out)
{
	out->v = arena_array(cx->arena, struct recipient_group, list->n);
	out->n = 0;
	add_to_groups(cx, list, own, true, out);
	add_to_groups(cx, list, own, false, out);
}
