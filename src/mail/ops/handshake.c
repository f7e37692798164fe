/*
 * handshake - works out who asks whom, then asks, grants and greets as far as that is wanted.
 *
 * The request stands even if the greeting fails: what may fail alone runs as a part of its own
 * (txn_part.c).
 */
#include "mail/ops/handshake.h"

#include <string.h>

#include "mail/agent/auth.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

#define LABEL "macro_contact_handshake"

static int
check_welcome(struct cx *cx, const struct handshake *in)
{
	const struct {
		const char *name;
		struct str text;
	} given[] = { { "welcome_subject", in->welcome_subject }, { "welcome_body", in->welcome_body } };

	for (size_t i = 0; i < 2; i++)
		if (given[i].text.p != NULL && str_blank(given[i].text)) {
			fail(cx, ERR_INVALID_ARGUMENT, "%s cannot be blank when provided.", given[i].name);
			jw_kcstr(fail_data(cx), "argument", given[i].name);
			return -1;
		}
	if ((given[0].text.p != NULL) != (given[1].text.p != NULL)) {
		fail(cx, ERR_INVALID_ARGUMENT, "welcome_subject and welcome_body must be provided together.");
		jw_kbool(fail_data(cx), "welcome_subject_provided", given[0].text.p != NULL);
		jw_kbool(fail_data(cx), "welcome_body_provided", given[1].text.p != NULL);
		return -1;
	}
	if (given[0].text.p != NULL && !in->auto_accept) {
		fail(cx, ERR_INVALID_ARGUMENT, "welcome_subject and welcome_body need auto_accept=true.");
		jw_kbool(fail_data(cx), "auto_accept", false);
		return -1;
	}
	return 0;
}

/* The project's first agents, at most three: with more nothing can be inferred. */
static int
first_agents(struct cx *cx, int64_t project_id, struct str name[3], size_t *n)
{
	struct stmt *s = stmt_get(cx->db, STMT_AGENT_NAMES);
	int rc;

	stmt_bind_int(s, 1, project_id);
	stmt_bind_int(s, 2, 3);
	for (*n = 0; (rc = stmt_step(cx, s)) > 0; (*n)++)
		name[*n] = stmt_str(s, 0, cx->arena);
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
infer(struct cx *cx, struct contact_request *ask)
{
	struct project p;
	struct str name[3];
	size_t n;

	if (ask->from_agent.n > 0 && ask->to_agent.n > 0)
		return 0;
	if (project_find(cx, ask->project_key, &p) < 0 || first_agents(cx, p.id, name, &n) < 0)
		return -1;
	if (ask->from_agent.n == 0 && n == 1)
		ask->from_agent = name[0];
	if (ask->to_agent.n == 0 && n == 2)
		for (size_t i = 0; i < 2; i++)
			if (str_eq(ask->from_agent, name[i]))
				ask->to_agent = name[1 - i];
	if (ask->from_agent.n > 0 && ask->to_agent.n > 0)
		return 0;
	fail(cx, ERR_INVALID_ARGUMENT, LABEL " requires requester/agent_name and target/to_agent");
	jw_kstr(fail_data(cx), "requester", ask->from_agent);
	jw_kstr(fail_data(cx), "target", ask->to_agent);
	jw_karr(fail_data(cx), "suggested_tool_calls");
	jw_str(fail_data(cx), STR("list_agents"));
	jw_end(fail_data(cx));
	return -1;
}

/* 1 when the caller may answer for the target, 0 when it has not said that it is, -1 when it lied. */
static int
is_target(struct cx *cx, const struct handshake *in, const struct handshake_done *d)
{
	if (auth_known(cx, &d->pair.to_project, &d->pair.to, in->target_token, LABEL, "target_registration_token") == 0)
		return 1;
	if (in->target_token.n > 0 || cx->fail.code != ERR_AUTHENTICATION_REQUIRED)
		return -1;
	fail_clear(&cx->fail);
	return 0;
}

/* The caller answers for both sides: approves the link at once, without a letter of introduction. */
static int
approve(struct cx *cx, const struct handshake *in, struct handshake_done *d, bool made)
{
	struct contact_ask ask = { in->ask.reason, in->ask.ttl_seconds, LABEL };

	if (!made &&
	    auth_known(cx, &d->pair.to_project, &d->pair.to, in->target_token, LABEL " target approval",
		"target_registration_token") < 0)
		return -1;
	d->answer = HANDSHAKE_APPROVED;
	return contact_approve(cx, &d->pair, &ask, &d->asked.link);
}

static int
accept(struct cx *cx, const struct handshake *in, struct handshake_done *d)
{
	struct contact_answer answer = { .project_key = d->pair.to_project.human_key,
		.to_agent = d->pair.to.name,
		.from_agent = d->pair.from.name,
		.from_project = d->pair.from_project.human_key,
		.token = in->target_token,
		.accept = true,
		.ttl_seconds = in->ask.ttl_seconds };
	int rc;

	if (str_eqc(d->asked.link.status, "approved")) {
		d->answer = HANDSHAKE_APPROVED;
		return 0;
	}
	if ((rc = is_target(cx, in, d)) <= 0) {
		d->answer = HANDSHAKE_NO_PROOF;
		return rc;
	}
	d->answer = HANDSHAKE_ACCEPTED;
	return contact_respond(cx, &answer, &d->updated, &d->expires_ts);
}

struct welcome {
	const struct handshake *in;
	struct handshake_done *done;
};

static int
send_welcome(struct cx *cx, void *arg)
{
	const struct welcome *w = arg;
	const struct contact_pair *pair = &w->done->pair;
	struct str to = pair->to.name;
	struct message_send send = { .project_key = pair->from_project.human_key,
		.sender_name = pair->from.name,
		.sender_token = w->in->ask.token,
		.recipients[RECIPIENT_TO] = { &to, 1 },
		.subject = w->in->welcome_subject,
		.body_md = w->in->welcome_body,
		.thread_id = w->in->thread_id };

	if (pair->to_project.id != pair->from_project.id)
		to = arena_printf(
		    cx->arena, "project:%" PRIstr "#%" PRIstr, FSTR(pair->to_project.slug), FSTR(pair->to.name));
	return message_send(cx, &send, &w->done->welcome);
}

static int
welcome(struct cx *cx, const struct handshake *in, struct handshake_done *d)
{
	struct welcome w = { in, d };

	if (in->welcome_subject.p == NULL || d->answer == HANDSHAKE_NO_PROOF)
		return 0;
	if (txn_part(cx, send_welcome, &w) == 0) {
		d->welcomed = true;
		return 0;
	}
	d->welcome_failed = true;
	d->why = cx->fail;
	memset(&cx->fail, 0, sizeof(cx->fail));
	cx->keep_writes = false;
	return 0;
}

int
handshake(struct cx *cx, const struct handshake *given, struct handshake_done *out)
{
	struct handshake in = *given;
	bool fast, made;

	memset(out, 0, sizeof(*out));
	fast = in.auto_accept && str_blank(in.ask.to_project) && in.welcome_subject.p == NULL;
	if (check_welcome(cx, &in) < 0 || infer(cx, &in.ask) < 0 ||
	    contact_request_pair(cx, &in.ask, fast ? LABEL " requester approval" : LABEL,
		"requester_registration_token", &out->pair, &made) < 0)
		return -1;
	if (fast)
		return approve(cx, &in, out, made);
	if (contact_ask(
		cx, &out->pair, &(struct contact_ask){ in.ask.reason, in.ask.ttl_seconds, LABEL }, &out->asked) < 0 ||
	    (in.auto_accept && accept(cx, &in, out) < 0))
		return -1;
	return welcome(cx, &in, out);
}
