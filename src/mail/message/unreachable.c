/*
 * unreachable - goes through recipients that cannot be written to: registers, asks for contacts,
 * or fails.
 *
 * What the failure says is unreachable_fail.c's. It runs before anything is stored, inside the
 * send's operation.
 */
#include "mail/message/introduction.h"
#include "mail/message/unreachable.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/auth.h"
#include "mail/agent/mistake.h"
#include "mail/agent/names.h"
#include "mail/message/send.h"
#include "mail/message/unreachable_job.h"
#include "mail/rules.h"
#include "store/cx.h"

#define LABEL "send_message"

static void
strs_put(struct str_list *list, struct str s)
{
	list->v[list->n++] = s;
}

/* mistaken - the first name in `to` that is unknown and looks like something else than an agent. */
static int
mistaken(struct unreachable_job *j)
{
	for (size_t i = 0; !j->rules->reply && i < j->list->n; i++) {
		const struct resolved_recipient *one = &j->list->v[i];
		const struct mistake *m;
		struct str hint;

		if (one->found || one->kind != RECIPIENT_TO || !(m = mistake_detect(one->raw)))
			continue;
		hint = mistake_text(j->cx->arena, m, one->raw);
		fail(j->cx, m->code, "Invalid recipient '%" PRIstr "': %" PRIstr, FSTR(one->raw), FSTR(hint));
		jw_kstr(fail_data(j->cx), "recipient", one->raw);
		jw_kstr(fail_data(j->cx), "hint", hint);
		return -1;
	}
	return 0;
}

/* first_unknown - the first unknown name alone. */
static int
first_unknown(struct unreachable_job *j)
{
	for (size_t i = 0; i < j->list->n; i++)
		if (!j->list->v[i].found)
			return fail(j->cx, ERR_NOT_FOUND, "Agent not found: Name: %" PRIstr " in Project ID: %lld",
			    FSTR(j->list->v[i].raw), (long long)j->from->project->id);
	return 0;
}

/* drop_twins - a name given in two spellings was made an agent once. */
static void
drop_twins(struct resolved_recipients *list)
{
	size_t n = list->n;

	list->n = 0;
	for (size_t i = 0; i < n; i++) {
		struct resolved_recipient one = list->v[i];

		recipients_add(list, &one);
	}
}

/* register_one - finds what an earlier name has just made, or makes it: 0 with one->found where the name is a name, -1. */
static int
register_one(struct cx *cx, const struct agent_registration *r, struct resolved_recipient *one)
{
	int rc = agent_lookup(cx, r->project->id, r->name, &one->agent);

	if (rc < 0 || (rc == 0 && agent_create_implicit(cx, r, &one->agent) != 0))
		return -1;
	one->project = r->project;
	one->found = true;
	return 0;
}

/* register_unknown - makes agents of unknown local names that are names, with the sender's particulars. */
static int
register_unknown(struct unreachable_job *j)
{
	struct agent_registration r = {
		.project = j->from->project,
		.program = j->from->agent->program,
		.model = j->from->agent->model,
		.task_description = j->from->agent->task_description,
		.label = LABEL,
	};

	for (size_t i = 0; i < j->list->n; i++) {
		struct resolved_recipient *one = &j->list->v[i];

		if (one->found || one->addressed)
			continue;
		if (!name_is_explicit(one->name) && !name_is_pair(name_sanitise(j->cx->arena, one->name)))
			continue;
		r.name = one->name;
		if (register_one(j->cx, &r, one) != 0)
			return -1;
		one->verdict = CONTACT_OK;
	}
	drop_twins(j->list);
	return 0;
}

/* refuse - the failure of one who takes no mail; with the one code for all that the rules may have (decision 3.36). */
static int
refuse(struct cx *cx, const struct resolved_recipient *one)
{
	if (one->verdict == CONTACT_NEEDED)
		fail(cx, ERR_CONTACT_REQUIRED, "Contact approval required for recipients: %" PRIstr ".",
		    FSTR(one->agent.name));
	else
		contact_refuse(cx, &one->agent, one->verdict);
	if (cx->rules->contact.refusal != ERR_NONE)
		cx->fail.code = cx->rules->contact.refusal;
	return -1;
}

/* closed - the first recipient, local or foreign, that takes no mail at all. */
static int
closed(struct unreachable_job *j, bool local, struct message_sent *out)
{
	bool stop = j->cx->rules->contact.stop_at_first;

	for (size_t i = 0; i < j->list->n; i++) {
		const struct resolved_recipient *one = &j->list->v[i];

		if (!one->found || recipient_is_local(one, j->from->project) != local)
			continue;
		if (one->verdict == CONTACT_OK || (one->verdict == CONTACT_NEEDED && !stop))
			continue;
		refuse(j->cx, one);
		if (local || !j->rules->reply || one->verdict != CONTACT_CLOSED || stop)
			return -1;
		out->refused = j->cx->fail.code;
		out->refused_why = j->cx->fail.msg;
		fail_clear(&j->cx->fail);
		return 0;
	}
	return 0;
}

/* ask - asks one for contact, or approves it where this session is both sides. */
static int
ask(struct unreachable_job *j, struct resolved_recipient *one, bool local)
{
	struct cx *cx = j->cx;
	struct contact_pair pair = { *j->from->project, *one->project, *j->from->agent, one->agent };
	struct contact_ask how = { .ttl_seconds = cx->conf->contact_auto_ttl / USEC, .label = LABEL };
	struct contact_asked done;
	struct str name = one->agent.name;
	int bound = auth_bound(cx, one->project->id, one->agent.id);

	if (!local) {
		name = arena_printf(cx->arena, "%" PRIstr "@%" PRIstr, FSTR(name), FSTR(one->project->human_key));
		strs_put(&j->asked.attempted, name);
	}
	if (bound < 0)
		return -1;
	if (bound > 0) {
		how.reason = STR("in-session auto-approval by " LABEL);
		if (contact_approve(cx, &pair, &how, NULL) != 0)
			return -1;
		strs_put(&j->asked.approved, name);
		if (cx->conf->contact_auto_retry_enabled)
			one->verdict = CONTACT_OK;
		return 0;
	}
	how.reason = STR("auto contact request created by " LABEL);
	if (contact_ask(cx, &pair, &how, &done) != 0)
		return -1;
	strs_put(local ? &j->asked.requested : &j->asked.external, name);
	return 0;
}

/* ask_unknown - makes the foreign agent that an address names, if it is a pair of words, and asks it. */
static int
ask_unknown(struct unreachable_job *j, struct resolved_recipient *one)
{
	struct agent_registration r = {
		.project = one->project,
		.name = one->name,
		.program = STR("unknown"),
		.model = STR("unknown"),
		.task_description = STR(""),
		.label = LABEL,
	};

	if (!name_is_pair(name_sanitise(j->cx->arena, one->name)))
		return 0;
	if (register_one(j->cx, &r, one) != 0)
		return -1;
	one->verdict = CONTACT_NEEDED;
	for (size_t i = 0; i < j->list->n && &j->list->v[i] != one; i++)
		if (j->list->v[i].found && j->list->v[i].agent.id == one->agent.id)
			return 0;
	return ask(j, one, false);
}

/* ask_all - of the local ones, or of the foreign ones. */
static int
ask_all(struct unreachable_job *j, bool local)
{
	for (size_t i = 0; j->rules->auto_contact && i < j->list->n; i++) {
		struct resolved_recipient *one = &j->list->v[i];
		int rc = 0;

		if (!one->project || recipient_is_local(one, j->from->project) != local)
			continue;
		if (one->found && one->verdict == CONTACT_NEEDED)
			rc = ask(j, one, local);
		else if (!one->found && one->addressed && !local)
			rc = ask_unknown(j, one);
		if (rc != 0)
			return -1;
	}
	drop_twins(j->list);
	return 0;
}

/* room - lists that may hold every recipient; made only when somebody is asked. */
static void
make_room(struct unreachable_job *j)
{
	struct str_list *lists[] = { &j->asked.requested, &j->asked.approved, &j->asked.attempted, &j->asked.external };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		lists[i]->v = arena_array(j->cx->arena, struct str, j->list->n);
}

/* all_well - the common case, found out without work. */
static bool
all_well(const struct resolved_recipients *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].found || list->v[i].verdict != CONTACT_OK)
			return false;
	return true;
}

int
unreachable_settle(struct cx *cx, const struct contact_sender *from, const struct unreachable_rules *rules,
    struct resolved_recipients *list, struct message_sent *out)
{
	struct unreachable_job j = { .cx = cx, .from = from, .rules = rules, .list = list };

	if (all_well(list))
		return 0;
	if (cx->rules->contact.stop_at_first)
		return first_unknown(&j) != 0 || closed(&j, true, out) != 0 || closed(&j, false, out) != 0 ? -1 : 0;
	make_room(&j);
	if (mistaken(&j) != 0 || closed(&j, true, out) != 0)
		return -1;
	if (ask_all(&j, true) != 0 || unreachable_contact_required(&j) != 0)
		return -1;
	if (closed(&j, false, out) != 0)
		return -1;
	if (out->refused)
		return 0;
	if (!rules->reply && cx->conf->messaging_auto_register_recipients && register_unknown(&j) != 0)
		return -1;
	if (ask_all(&j, false) != 0)
		return -1;
	return unreachable_not_found(&j);
}
