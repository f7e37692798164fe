/*
 * contact_request - the state of a contact that is asked for, granted or denied.
 * Behind request_contact and respond_contact, and behind sends that are blocked.
 */
#include "base/clock.h"
#include "mail/agent/auth.h"
#include "mail/contact/contact.h"
#include "mail/contact/contact_link.h"
#include "mail/agent/mistake.h"
#include "mail/agent/names.h"
#include "store/cx.h"

#define TTL_MIN 60
#define TTL_MAX (INT64_C(100) * 366 * 86400)

/* When a link that is given `ttl_seconds` now ends. */
static int64_t
expiry(struct cx *cx, int64_t ttl_seconds)
{
	if (ttl_seconds < TTL_MIN) {
		cx_warn(cx, "ttl_seconds was raised to %d", TTL_MIN);
		ttl_seconds = TTL_MIN;
	} else if (ttl_seconds > TTL_MAX) {
		cx_warn(cx, "ttl_seconds was lowered to 100 years");
		ttl_seconds = TTL_MAX;
	}
	return cx->now + ttl_seconds * USEC;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* Extends a live approval; one without end stays so. */
static int64_t
approved_until(const struct cx *cx, const struct contact_link *link, int64_t until)
{
	if (!link_is(link, "approved") || !link_live(cx, link))
		return until;
	return link->expires_ts == 0 ? 0 : later(link->expires_ts, until);
}

static int
refuse_self(struct cx *cx, const char *label, const struct project *p, const struct agent *a)
{
	struct jw *w;

	fail(cx, ERR_INVALID_ARGUMENT,
	    "%s does not allow self-contact within the same project. Self-messaging already works without contact approval.",
	    label);
	w = fail_data(cx);
	jw_kstr(w, "project_key", p->human_key);
	jw_kstr(w, "agent_name", a->name);
	return -1;
}

/* The stored link, or a new one: 0, or -1 also where no link helps (decision 3.37). */
static int
open_link(struct cx *cx, const struct contact_pair *pair, const char *label, struct contact_link *link)
{
	*link = link_of(pair);
	if (pair->from.id == pair->to.id)
		return refuse_self(cx, label, &pair->to_project, &pair->to);
	if (agent_must_not_be_retired(cx, &pair->to) < 0)
		return -1;
	if (str_eqc_ci(pair->to.contact_policy, "block_all"))
		return contact_refuse(cx, &pair->to, CONTACT_CLOSED);
	if (link_get(cx, pair->from.id, pair->to.id, link) < 0)
		return -1;
	if (link_is(link, "blocked"))
		return contact_refuse(cx, &pair->to, CONTACT_CLOSED);
	return 0;
}

int
contact_prepare(struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_link *link)
{
	int64_t until;

	if (open_link(cx, pair, ask->label, link) < 0)
		return -1;
	until = expiry(cx, ask->ttl_seconds);
	if (link->id == 0 || !link_live(cx, link)) {
		link->status = STR("pending");
		link->expires_ts = until;
		link->notified_ts = 0;
	} else if (link_is(link, "approved"))
		link->expires_ts = approved_until(cx, link, until);
	else
		link->expires_ts = later(link->expires_ts, until);
	link->reason = ask->reason.p != NULL ? ask->reason : STR("");
	return 0;
}

int
contact_approve(struct cx *cx, const struct contact_pair *pair, const struct contact_ask *ask, struct contact_link *out)
{
	struct contact_link link;

	if (open_link(cx, pair, ask->label, &link) < 0)
		return -1;
	link.expires_ts = approved_until(cx, &link, expiry(cx, ask->ttl_seconds));
	link.status = STR("approved");
	link.reason = ask->reason.p != NULL ? ask->reason : STR("");
	if (contact_store(cx, &link) < 0)
		return -1;
	if (out != NULL)
		*out = link;
	return 0;
}

/*
 * Project and name of the target: to_project, or an address
 * `project:<id>#<name>`; where that names no project, the whole is a local name.
 */
static int
target_project(struct cx *cx, const struct contact_request *in, struct contact_pair *pair, struct str *name)
{
	struct str rest = in->to_agent, id;
	int rc;

	*name = in->to_agent;
	pair->to_project = pair->from_project;
	if (!str_blank(in->to_project))
		return project_find(cx, in->to_project, &pair->to_project);
	if (!str_starts(rest, STR("project:")) || str_chr(rest, '#') < 0)
		return 0;
	rest = str_sub(rest, sizeof("project:") - 1, rest.n);
	str_next(&rest, '#', &id);
	if (str_blank(id) || id.p[0] == '.' || id.p[0] == '~' || str_blank(rest))
		return 0;
	if ((rc = project_lookup(cx, id, &pair->to_project)) > 0)
		*name = str_trim(rest);
	else
		pair->to_project = pair->from_project;
	return rc < 0 ? -1 : 0;
}

static int
target_agent(struct cx *cx, const struct contact_request *in, struct contact_pair *pair, struct str name, bool *made)
{
	struct agent_registration fresh = { .project = &pair->to_project,
		.name = name,
		.program = in->program.n > 0 ? in->program : STR("unknown"),
		.model = in->model.n > 0 ? in->model : STR("unknown"),
		.task_description = in->task_description };
	int rc = agent_lookup(cx, pair->to_project.id, name, &pair->to);

	*made = false;
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (!in->register_if_missing || !name_is_pair(str_trim(name)) || mistake_detect(name) != NULL)
		return agent_find(cx, &pair->to_project, name, &pair->to);
	*made = true;
	return agent_create_implicit(cx, &fresh, &pair->to);
}

int
contact_request_pair(struct cx *cx, const struct contact_request *in, const char *label, const char *token_param,
    struct contact_pair *pair, bool *made)
{
	struct str name;

	if (project_find(cx, in->project_key, &pair->from_project) < 0 ||
	    auth_agent(cx, &pair->from_project, in->from_agent, in->token, label, token_param, &pair->from) < 0 ||
	    target_project(cx, in, pair, &name) < 0 || target_agent(cx, in, pair, name, made) < 0)
		return -1;
	return 0;
}

static int
answer_pair(struct cx *cx, const struct contact_answer *in, struct contact_pair *pair)
{
	if (project_find(cx, in->project_key, &pair->to_project) < 0)
		return -1;
	pair->from_project = pair->to_project;
	if (!str_blank(in->from_project) && project_find(cx, in->from_project, &pair->from_project) < 0)
		return -1;
	if (agent_find(cx, &pair->from_project, in->from_agent, &pair->from) < 0 ||
	    auth_agent(
		cx, &pair->to_project, in->to_agent, in->token, "respond_contact", "registration_token", &pair->to) < 0)
		return -1;
	if (pair->from.id == pair->to.id)
		return refuse_self(cx, "respond_contact", &pair->to_project, &pair->to);
	return 0;
}

int
contact_respond(struct cx *cx, const struct contact_answer *in, int *updated, int64_t *expires_ts)
{
	struct contact_pair pair;
	struct contact_link link;
	int rc;

	*updated = 0;
	*expires_ts = 0;
	if (answer_pair(cx, in, &pair) < 0 || (rc = link_get(cx, pair.from.id, pair.to.id, &link)) < 0)
		return -1;
	if (rc == 0 && !in->accept)
		return 0;
	if (rc == 0)
		link = link_of(&pair);
	link.expires_ts = in->accept ? approved_until(cx, &link, expiry(cx, in->ttl_seconds)) : 0;
	link.status = in->accept ? STR("approved") : STR("blocked");
	*updated = 1;
	*expires_ts = link.expires_ts;
	return contact_store(cx, &link);
}
