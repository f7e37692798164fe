/*
 * contact - REST: contacts and policies (contract/rest-and-rust-peers.md A.3).
 *
 * Links are called accepted and rejected here where the mail says approved and
 * blocked.
 */
#include "mail/agent/profile.h"
#include "mail/contact/contact.h"
#include "mail/message/introduction.h"

#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "store/stmt.h"

/* As the tools do: a request stands for a week, an approval for a month. */
#define REQUEST_TTL 604800
#define APPROVAL_TTL 2592000

static struct str
status_word(struct str status)
{
	if (str_eqc(status, "approved"))
		return STR("accepted");
	return str_eqc(status, "blocked") ? STR("rejected") : status;
}

struct request_in {
	struct p_str from_project_slug, from_agent_name, to_project_slug, to_agent_name, reason, registration_token;
};

static const struct param request_params[] = {
	PARAM(request_in, from_project_slug, P_STR, P_REQUIRED, "Project of the one who asks"),
	PARAM(request_in, from_agent_name, P_STR, P_REQUIRED, "Who asks"),
	PARAM(request_in, to_project_slug, P_STR, P_REQUIRED, "Project of the other"),
	PARAM(request_in, to_agent_name, P_STR, P_REQUIRED, "The other"),
	PARAM(request_in, reason, P_STR, P_REQUIRED, "Why"),
	SECRET_PARAM(request_in, registration_token, 0, "Token of the one who asks"),
};

static int
request(struct cx *cx, const void *arg, struct jw *out)
{
	const struct request_in *in = arg;
	struct contact_ask ask = { .reason = in->reason.v, .ttl_seconds = REQUEST_TTL, .label = "contact_request" };
	struct contact_pair pair;
	struct contact_asked asked;

	if (rest_project_actor(cx, in->from_project_slug.v, in->from_agent_name.v, in->registration_token.v,
		"contact_request", &pair.from_project, &pair.from) < 0 ||
	    rest_project(cx, in->to_project_slug.v, &pair.to_project) < 0 ||
	    rest_agent(cx, &pair.to_project, in->to_agent_name.v, &pair.to) < 0 ||
	    contact_ask(cx, &pair, &ask, &asked) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "link_id", asked.link.id);
	jw_kstr(out, "status", status_word(asked.link.status));
	jw_end(out);
	return 0;
}

const struct rest_route rest_contact_request = {
	.op.name = "contact_request",
	.method = "POST",
	.paths = REST_PATHS("/api/contacts/request", "/api/request_contact"),
	.op.desc = "Asks for leave to write to an agent",
	OP_PARAMS(request_params, request_in),
	.op.flags = OP_WRITE,
	.op.run = request,
};

struct respond_in {
	struct p_int link_id;
	struct p_bool accept;
	struct p_str registration_token;
};

static const struct param respond_params[] = {
	PARAM(respond_in, link_id, P_INT, P_REQUIRED, "Number that the request was answered with"),
	PARAM(respond_in, accept, P_BOOL, P_REQUIRED, "May it write?"),
	SECRET_PARAM(respond_in, registration_token, 0, "Token of the one who was asked"),
};

/* Both ends of a link: 0, or -1 with NOT_FOUND. */
static int
find_link(struct cx *cx, int64_t id, struct contact_pair *pair)
{
	struct stmt *s = stmt_get(cx->db, STMT_REST_LINK);
	int64_t end[4] = { 0 };
	int rc;

	stmt_bind_int(s, 1, id);
	if ((rc = stmt_step(cx, s)) > 0)
		for (int i = 0; i < 4; i++)
			end[i] = stmt_int(s, i);
	stmt_done(s);
	if (rc < 0)
		return -1;
	if (rc > 0 && project_by_id(cx, end[0], &pair->from_project) > 0 && agent_by_id(cx, end[1], &pair->from) > 0 &&
	    project_by_id(cx, end[2], &pair->to_project) > 0 && agent_by_id(cx, end[3], &pair->to) > 0)
		return 0;
	return fail(cx, ERR_NOT_FOUND, "Contact link not found: %lld", (long long)id);
}

static int
respond(struct cx *cx, const void *arg, struct jw *out)
{
	const struct respond_in *in = arg;
	struct contact_answer answer = { .accept = in->accept.v, .ttl_seconds = APPROVAL_TTL };
	struct contact_pair pair;
	int64_t expires_ts;
	int updated;

	if (find_link(cx, in->link_id.v, &pair) < 0)
		return -1;
	answer.project_key = pair.to_project.slug;
	answer.to_agent = pair.to.name;
	answer.from_project = pair.from_project.slug;
	answer.from_agent = pair.from.name;
	answer.token = in->registration_token.v;
	if (contact_respond(cx, &answer, &updated, &expires_ts) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "link_id", in->link_id.v);
	jw_kcstr(out, "status", in->accept.v ? "accepted" : "rejected");
	jw_end(out);
	return 0;
}

const struct rest_route rest_contact_respond = {
	.op.name = "contact_respond",
	.method = "POST",
	.paths = REST_PATHS("/api/contacts/respond", "/api/respond_contact"),
	.op.desc = "Grants or denies what was asked",
	OP_PARAMS(respond_params, respond_in),
	.op.flags = OP_WRITE,
	.op.run = respond,
};

struct rest_contact_named_in {
	struct p_str project_slug, agent_name, registration_token;
};

static const struct param named_params[] = {
	SLUG_PARAM(rest_contact_named_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_contact_named_in, agent_name, P_REQUIRED, "Whose contacts"),
	SECRET_PARAM(rest_contact_named_in, registration_token, 0, "Its token"),
};

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_contact_named_in *in = arg;
	struct project p;
	struct agent agent;
	struct stmt *s;
	int rc;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "contact_list", &p, &agent) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_REST_LINKS);
	stmt_bind_int(s, 1, agent.id);
	jw_arr(out);
	while ((rc = stmt_step(cx, s)) > 0) {
		jw_obj(out);
		jw_kint(out, "id", stmt_int(s, 0));
		jw_kint(out, "other_project_id", stmt_int(s, 1));
		jw_kint(out, "other_agent_id", stmt_int(s, 2));
		jw_kstr(out, "status", status_word(stmt_peek(s, 3)));
		jw_kstr(out, "reason", stmt_peek(s, 4));
		jw_ktime(out, "created_ts", stmt_int(s, 5));
		jw_end(out);
	}
	stmt_done(s);
	if (rc < 0)
		return -1;
	jw_end(out);
	return 0;
}

const struct rest_route rest_contact_list = {
	.op.name = "contact_list",
	.method = "POST",
	.paths = REST_PATHS("/api/contacts/list", "/api/list_contacts"),
	.op.desc = "Accepted contacts of an agent, whoever asked",
	OP_PARAMS(named_params, rest_contact_named_in),
	.op.flags = OP_READ,
	.op.run = list,
};

struct policy_in {
	struct p_str project_slug, agent_name, contact_policy, registration_token;
};

static const struct param policy_params[] = {
	SLUG_PARAM(policy_in, project_slug, P_REQUIRED),
	AGENT_PARAM(policy_in, agent_name, P_REQUIRED, "Whose policy"),
	PARAM(policy_in, contact_policy, P_STR, P_REQUIRED, "open, auto, contacts_only or block_all"),
	SECRET_PARAM(policy_in, registration_token, 0, "Its token"),
};

static int
policy(struct cx *cx, const void *arg, struct jw *out)
{
	const struct policy_in *in = arg;
	struct project p;
	struct agent agent;
	struct str word;

	if (rest_project_actor(
		cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "contact_policy", &p, &agent) < 0 ||
	    agent_set_contact_policy(cx, &agent, in->contact_policy.v, &word) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "updated", true);
	jw_kstr(out, "contact_policy", word);
	jw_end(out);
	return 0;
}

const struct rest_route rest_contact_policy = {
	.op.name = "contact_policy",
	.method = "POST",
	.paths = REST_PATHS("/api/contacts/policy", "/api/set_contact_policy"),
	.op.desc = "Says who may write to an agent",
	OP_PARAMS(policy_params, policy_in),
	.op.flags = OP_WRITE,
	.op.run = policy,
};
