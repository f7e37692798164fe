/*
 * handshake - REST: asks for a contact inside one project (contract/rest-and-rust-peers.md A.3, macros).
 */
#include "mail/contact/contact.h"
#include "mail/message/introduction.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

/* As the tools do: a request stands for a week. */
#define REQUEST_TTL 604800

struct rest_handshake_in {
	struct p_str project_slug, requester, target, registration_token;
};

static const struct param params[] = {
	PARAM(rest_handshake_in, project_slug, P_STR, P_REQUIRED, "The project of both"),
	PARAM(rest_handshake_in, requester, P_STR, P_REQUIRED, "Who asks"),
	PARAM(rest_handshake_in, target, P_STR, P_REQUIRED, "The other"),
	SECRET_PARAM(rest_handshake_in, registration_token, 0, "Token of the one who asks"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_handshake_in *in = arg;
	struct contact_ask ask = { .ttl_seconds = REQUEST_TTL, .label = "macro_contact_handshake" };
	struct contact_pair pair;
	struct contact_asked asked;

	if (rest_project_actor(cx, in->project_slug.v, in->requester.v, in->registration_token.v,
		"macro_contact_handshake", &pair.from_project, &pair.from) < 0 ||
	    rest_agent(cx, &pair.from_project, in->target.v, &pair.to) < 0)
		return -1;
	pair.to_project = pair.from_project;
	if (contact_ask(cx, &pair, &ask, &asked) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "contacts_created", 1);
	jw_karr(out, "link_ids");
	jw_int(out, asked.link.id);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct rest_route rest_contact_handshake = {
	.op.name = "contact_handshake",
	.method = "POST",
	.paths = REST_PATHS("/api/macros/contact_handshake", "/api/macro_contact_handshake"),
	.op.desc = "Asks for leave to write to an agent of the same project",
	OP_PARAMS(params, rest_handshake_in),
	.op.flags = OP_WRITE,
	.op.run = run,
};
