/*
 * unreachable_fail - says who could not be written to, and what to do about it.
 */
#include <stdlib.h>

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/message/send.h"
#include "mail/message/unreachable_job.h"
#include "store/cx.h"

static int
by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* join - the names as "A, B, C". */
static struct str
join(struct arena *a, const struct str_list *list)
{
	struct buf b;

	buf_init(&b, a);
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			buf_cstr(&b, ", ");
		buf_str(&b, list->v[i]);
	}
	return buf_flat(&b);
}

#define SUGGESTED_MAX 3

/* contact_data - what a program may do about CONTACT_REQUIRED. */
static void
contact_data(struct unreachable_job *j, const struct str_list *blocked)
{
	struct jw *w = fail_data(j->cx);

	jw_kstrs(w, "recipients_blocked", blocked);
	if (j->rules->reply)
		return;
	jw_karr(w, "remedies");
	jw_cstr(w, "Ask with request_contact(project_key, from_agent, to_agent), then let the recipient accept.");
	jw_cstr(w, "The recipient accepts with respond_contact(project_key, to_agent, from_agent, accept=true).");
	jw_cstr(w, "Or send inside a recent thread that already includes the recipient, by its thread_id.");
	jw_end(w);
	jw_kstrs(w, "auto_contact_requested", &j->asked.requested);
	jw_kstrs(w, "auto_contact_auto_approved", &j->asked.approved);
	jw_karr(w, "suggested_tool_calls");
	for (size_t i = 0; i < blocked->n && i < SUGGESTED_MAX; i++) {
		jw_obj(w);
		jw_kcstr(w, "tool", "request_contact");
		jw_kobj(w, "arguments");
		jw_kstr(w, "project_key", j->from->project->human_key);
		jw_kstr(w, "from_agent", j->from->agent->name);
		jw_kstr(w, "to_agent", blocked->v[i]);
		jw_kint(w, "ttl_seconds", j->cx->conf->contact_auto_ttl / USEC);
		jw_end(w);
		jw_end(w);
	}
	jw_end(w);
}

/* contact_text - CONTACT_REQUIRED in the reference's words (contract/messaging.md 12.2). */
static struct str
contact_text(struct unreachable_job *j, const struct str_list *blocked)
{
	const struct str key = j->from->project->human_key, me = j->from->agent->name, first = blocked->v[0];
	struct buf b;

	buf_init(&b, j->cx->arena);
	buf_printf(&b, "Contact approval required for recipients: %" PRIstr ".", FSTR(join(j->cx->arena, blocked)));
	if (j->rules->reply)
		return buf_flat(&b);
	buf_printf(&b,
	    " Before retrying, create a pending request with `request_contact(project_key='%" PRIstr
	    "', from_agent='%" PRIstr "', to_agent='%" PRIstr
	    "')`, then have the recipient approve it with `respond_contact(project_key='%" PRIstr "', to_agent='%" PRIstr
	    "', from_agent='%" PRIstr "', accept=True)`. Alternatively, send your message inside a "
	    "recent thread that already includes them by reusing its thread_id.",
	    FSTR(key), FSTR(me), FSTR(first), FSTR(key), FSTR(first), FSTR(me));
	if (j->asked.requested.n > 0)
		buf_printf(&b,
		    " Pending contact requests were created for: %" PRIstr ". Wait for approval before retrying.",
		    FSTR(join(j->cx->arena, &j->asked.requested)));
	if (j->asked.approved.n > 0)
		buf_printf(&b, " Contacts were approved within this session for: %" PRIstr ".",
		    FSTR(join(j->cx->arena, &j->asked.approved)));
	return buf_flat(&b);
}

int
unreachable_contact_required(struct unreachable_job *j)
{
	struct str_list blocked = { arena_array(j->cx->arena, struct str, j->list->n), 0 };

	for (size_t i = 0; i < j->list->n; i++) {
		const struct resolved_recipient *one = &j->list->v[i];

		if (one->found && one->verdict == CONTACT_NEEDED && recipient_is_local(one, j->from->project))
			blocked.v[blocked.n++] = one->agent.name;
	}
	if (blocked.n == 0)
		return 0;
	qsort(blocked.v, blocked.n, sizeof(*blocked.v), by_bytes);
	fail(j->cx, ERR_CONTACT_REQUIRED, "%" PRIstr, FSTR(contact_text(j, &blocked)));
	contact_data(j, &blocked);
	j->cx->keep_writes = j->asked.requested.n + j->asked.approved.n > 0;
	return -1;
}

/* One place and the names there that cannot be reached. */
struct place {
	struct str label;
	struct str_list names;
};

struct places {
	struct place *v;
	size_t n;
};

/* place_of - the place of a label, made on first sight. */
static struct place *
place_of(struct unreachable_job *j, struct places *places, struct str label)
{
	for (size_t i = 0; i < places->n; i++)
		if (str_eq(places->v[i].label, label))
			return &places->v[i];
	places->v[places->n] = (struct place){ label, { arena_array(j->cx->arena, struct str, j->list->n), 0 } };
	return &places->v[places->n++];
}

/* missing - sorts out who is unknown here, and who elsewhere. */
static void
missing(struct unreachable_job *j, struct str_list *local, struct places *places)
{
	for (size_t i = 0; i < j->list->n; i++) {
		const struct resolved_recipient *one = &j->list->v[i];
		bool here = !one->addressed || recipient_is_local(one, j->from->project);
		struct place *p;

		if (one->found && one->verdict == CONTACT_OK)
			continue;
		if (!one->found && here) {
			local->v[local->n++] = one->name.n ? one->name : one->raw;
			continue;
		}
		p = place_of(j, places, one->project ? one->project->human_key : one->label);
		p->names.v[p->names.n++] = one->found ? one->agent.name : one->project ? one->name : one->raw;
	}
	qsort(local->v, local->n, sizeof(*local->v), by_bytes);
}

/* not_found_text - the parts of the sentence, joined by "; ". */
static struct str
not_found_text(struct unreachable_job *j, const struct str_list *local, const struct places *places)
{
	struct arena *a = j->cx->arena;
	const struct project *p = j->from->project;
	struct buf b;

	buf_init(&b, a);
	buf_cstr(&b, j->rules->reply ? "Unable to send reply \xe2\x80\x94 " : "Unable to send message \xe2\x80\x94 ");
	if (local->n > 0)
		buf_printf(&b, "local recipients %" PRIstr " are not registered in project '%" PRIstr "'; ",
		    FSTR(join(a, local)), FSTR(p->human_key));
	for (size_t i = 0; i < places->n; i++)
		buf_printf(&b, "%s%" PRIstr " @ %" PRIstr "; ",
		    i ? "" : "external recipients missing approved contact links: ", FSTR(join(a, &places->v[i].names)),
		    FSTR(places->v[i].label));
	if (j->asked.external.n > 0)
		buf_printf(&b, "pending external contact requests were created for %" PRIstr "; ",
		    FSTR(join(a, &j->asked.external)));
	if (j->rules->reply)
		buf_printf(&b,
		    "Use resource://agents/%" PRIstr " to list registered agents, or request_contact(...) to create a "
		    "cross-project link first.",
		    FSTR(p->slug));
	else
		buf_printf(&b, "Use resource://agents/%" PRIstr " to list registered agents or register new identities.",
		    FSTR(p->slug));
	return buf_flat(&b);
}

static void
data_strs(struct cx *cx, const char *key, const struct str_list *list)
{
	if (list->n > 0)
		jw_kstrs(fail_data(cx), key, list);
}

#define SUGGESTED_NAMES_MAX 5

/* suggest_calls - what to call before sending again. */
static void
suggest_calls(struct unreachable_job *j, const struct str_list *local, const struct places *places)
{
	struct jw *w = fail_data(j->cx);

	jw_karr(w, "suggested_tool_calls");
	for (size_t i = 0; i < local->n && i < SUGGESTED_NAMES_MAX; i++) {
		jw_obj(w);
		jw_kcstr(w, "tool", "register_agent");
		jw_kobj(w, "arguments");
		jw_kstr(w, "project_key", j->from->project->human_key);
		jw_kstr(w, "name", local->v[i]);
		jw_end(w);
		jw_end(w);
	}
	for (size_t i = 0; i < places->n; i++) {
		for (size_t k = 0; k < places->v[i].names.n && k < SUGGESTED_NAMES_MAX; k++) {
			jw_obj(w);
			jw_kcstr(w, "tool", "request_contact");
			jw_kobj(w, "arguments");
			jw_kstr(w, "project_key", j->from->project->human_key);
			jw_kstr(w, "from_agent", j->from->agent->name);
			jw_kstr(w, "to_agent", places->v[i].names.v[k]);
			jw_kstr(w, "to_project", places->v[i].label);
			jw_end(w);
			jw_end(w);
		}
	}
	jw_end(w);
}

/* not_found_data - the same for programs; keys only where there is something. */
static void
not_found_data(struct unreachable_job *j, const struct str_list *local, const struct places *places)
{
	struct jw *w = fail_data(j->cx);

	data_strs(j->cx, "unknown_local", local);
	if (places->n > 0) {
		jw_kobj(w, "unknown_external");
		for (size_t i = 0; i < places->n; i++) {
			jw_key_str(w, places->v[i].label);
			jw_arr(w);
			for (size_t k = 0; k < places->v[i].names.n; k++)
				jw_str(w, places->v[i].names.v[k]);
			jw_end(w);
		}
		jw_end(w);
	}
	data_strs(j->cx, "auto_contact_attempted_external", &j->asked.attempted);
	data_strs(j->cx, "auto_contact_requested_external", &j->asked.external);
	jw_kstr(w, "hint",
	    arena_printf(j->cx->arena, "Use resource://agents/%" PRIstr " to list registered agents.",
		FSTR(j->from->project->slug)));
	suggest_calls(j, local, places);
}

int
unreachable_not_found(struct unreachable_job *j)
{
	struct str_list local = { arena_array(j->cx->arena, struct str, j->list->n), 0 };
	struct places places = { arena_array(j->cx->arena, struct place, j->list->n), 0 };

	missing(j, &local, &places);
	if (local.n + places.n == 0)
		return 0;
	fail(j->cx, ERR_RECIPIENT_NOT_FOUND, "%" PRIstr, FSTR(not_found_text(j, &local, &places)));
	not_found_data(j, &local, &places);
	j->cx->keep_writes = j->asked.requested.n + j->asked.approved.n + j->asked.external.n > 0;
	return -1;
}
