/*
 * macro_contact_handshake - ask for a contact, grant it and say hello in one call.
 */
#include "mail/ops/handshake.h"
#include "view/shape_message.h"
#include "store/cx.h"
#include "tool/message/send_result.h"
#include "tool/tool.h"

struct macro_contact_handshake_in {
	struct p_str project_key, requester, target, reason;
	struct p_int ttl_seconds;
	struct p_bool auto_accept;
	struct p_str welcome_subject, welcome_body, to_project, requester_registration_token, target_registration_token;
	struct p_bool register_if_missing;
	struct p_str program, model, task_description, thread_id, agent_name, to_agent, sender_token;
};

static const struct param params[] = {
	PARAM(macro_contact_handshake_in, project_key, P_STR, P_PROJECT | P_REQUIRED | P_PLAIN,
	    "Absolute path or slug of your project"),
	AGENT_PARAM(macro_contact_handshake_in, requester, P_PLAIN, "Who asks"),
	PARAM(macro_contact_handshake_in, target, P_STR, P_PLAIN, "Whom"),
	PARAM(macro_contact_handshake_in, reason, P_STR, P_RARE, "Why", "\"\""),
	PARAM(macro_contact_handshake_in, ttl_seconds, P_INT, P_RARE, "How long it holds, at least 60", "604800"),
	PARAM(macro_contact_handshake_in, auto_accept, P_BOOL, P_PLAIN,
	    "Accept for the target, whose token is needed where yours is", "false"),
	PARAM(macro_contact_handshake_in, welcome_subject, P_STR, P_PLAIN,
	    "With welcome_body: a first message once accepted"),
	PARAM(macro_contact_handshake_in, welcome_body, P_STR, P_PLAIN, "Its text"),
	PARAM(macro_contact_handshake_in, to_project, P_STR, P_RARE, "The target's project, if it is another one"),
	SECRET_PARAM(macro_contact_handshake_in, requester_registration_token, P_PLAIN, "Token of the requester"),
	SECRET_PARAM(macro_contact_handshake_in, target_registration_token, P_PLAIN, "Token of the target"),
	PARAM(macro_contact_handshake_in, register_if_missing, P_BOOL, P_RARE,
	    "Make the target if it is not registered yet", "true"),
	PARAM(macro_contact_handshake_in, program, P_STR, P_RARE, "Program of an agent that is made"),
	PARAM(macro_contact_handshake_in, model, P_STR, P_RARE, "Model of an agent that is made"),
	PARAM(macro_contact_handshake_in, task_description, P_STR, P_RARE, "Task of an agent that is made"),
	PARAM(macro_contact_handshake_in, thread_id, P_STR, P_RARE, "Thread of the welcome"),
	PARAM(macro_contact_handshake_in, agent_name, P_STR, P_UNLISTED, "requester"),
	PARAM(macro_contact_handshake_in, to_agent, P_STR, P_UNLISTED, "target"),
	SECRET_PARAM(macro_contact_handshake_in, sender_token, P_UNLISTED, "requester_registration_token"),
};

static struct str
either(struct p_str a, struct p_str b)
{
	return str_blank(a.v) ? str_trim(b.v) : str_trim(a.v);
}

static void
write_pair(struct jw *out, const struct handshake_done *d, bool intro)
{
	jw_obj(out);
	jw_kstr(out, "from", d->pair.from.name);
	jw_kstr(out, "from_project", d->pair.from_project.human_key);
	jw_kstr(out, "to", d->pair.to.name);
	jw_kstr(out, "to_project", d->pair.to_project.human_key);
	jw_kstr(out, "status", d->asked.link.status);
	jw_ktime(out, "expires_ts", d->asked.link.expires_ts);
	if (intro && d->asked.notified) {
		bool stored = d->asked.intro.blocks.n == 0;

		jw_key(out, stored ? "notification_message" : "notification_error");
		if (stored)
			shape_payload(out, &d->asked.intro);
		else
			shape_conflict(out, &d->asked.intro);
	}
	jw_end(out);
}

static void
write_response(struct jw *out, const struct handshake_done *d)
{
	if (d->answer == HANDSHAKE_ASKED || d->answer == HANDSHAKE_NO_PROOF) {
		jw_knull(out, "response");
		return;
	}
	jw_key(out, "response");
	if (d->answer == HANDSHAKE_APPROVED) {
		write_pair(out, d, false);
		return;
	}
	jw_obj(out);
	jw_kstr(out, "from", d->pair.from.name);
	jw_kstr(out, "to", d->pair.to.name);
	jw_kbool(out, "approved", true);
	jw_ktime(out, "expires_ts", d->expires_ts);
	jw_kint(out, "updated", d->updated);
	jw_end(out);
}

static void
open_error(struct jw *out, const struct handshake_done *d, const char *key, const char *type, const char *text)
{
	jw_kobj(out, key);
	jw_kcstr(out, "type", type);
	jw_kcstr(out, "message", text);
	jw_kstr(out, "project_key", d->pair.to_project.human_key);
	jw_kstr(out, "agent_name", d->pair.to.name);
}

/* Why the welcome was not sent, with the project beside the members of every failure. */
static void
write_why(struct cx *cx, struct handshake_done *d, struct jw *out)
{
	struct buf plain, whole;
	struct jw w;

	buf_init(&plain, cx->arena);
	jw_init(&w, &plain, JW_COMPACT);
	fail_write(&d->why, &w);
	buf_init(&whole, cx->arena);
	jw_reopen(&w, &whole, buf_flat(&plain));
	jw_kstr(&w, "project", d->pair.from_project.human_key);
	jw_end(&w);
	jw_key(out, "welcome_error");
	jw_raw_buf(out, &whole);
}

static void
write_errors(struct cx *cx, struct handshake_done *d, bool welcome, struct jw *out)
{
	if (d->welcome_failed)
		write_why(cx, d, out);
	if (d->answer != HANDSHAKE_NO_PROOF)
		return;
	open_error(out, d, "response_error", "AUTHENTICATION_REQUIRED",
	    "auto_accept requires target_registration_token unless "
	    "this MCP session has already authenticated as the target agent.");
	jw_kcstr(out, "token_param", "target_registration_token");
	jw_end(out);
	if (!welcome)
		return;
	open_error(out, d, "welcome_error", "CONTACT_APPROVAL_REQUIRED",
	    "The welcome was not sent: the contact is not approved yet.");
	jw_end(out);
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct macro_contact_handshake_in *in = arg;
	struct handshake h = { .ask = { .project_key = in->project_key.v,
				   .from_agent = either(in->requester, in->agent_name),
				   .to_agent = either(in->target, in->to_agent),
				   .to_project = str_trim(in->to_project.v),
				   .token = either(in->requester_registration_token, in->sender_token),
				   .reason = in->reason.v,
				   .ttl_seconds = in->ttl_seconds.v,
				   .register_if_missing = in->register_if_missing.v,
				   .program = in->program.v,
				   .model = in->model.v,
				   .task_description = in->task_description.v },
		.auto_accept = in->auto_accept.v,
		.target_token = in->target_registration_token.v,
		.welcome_subject = in->welcome_subject.v,
		.welcome_body = in->welcome_body.v,
		.thread_id = in->thread_id.v };
	struct handshake_done d;

	if (handshake(cx, &h, &d) < 0)
		return -1;
	jw_obj(out);
	jw_key(out, "request");
	write_pair(out, &d, true);
	write_response(out, &d);
	if (d.welcomed) {
		jw_key(out, "welcome_message");
		send_result(cx, &d.welcome, out);
	} else
		jw_knull(out, "welcome_message");
	write_errors(cx, &d, in->welcome_subject.set, out);
	jw_end(out);
	return 0;
}

const struct tool tool_macro_contact_handshake = {
	.op.name = "macro_contact_handshake",
	.title = "Contact handshake",
	.op.desc = "request_contact; with auto_accept also the answer of the target, and a welcome.",
	.cluster = "workflow_macros",
	.capabilities = "contact,messaging,workflow",
	OP_PARAMS(params, macro_contact_handshake_in),
	.op.flags = OP_WRITE,
	.cli = "handshake",
	.op.run = run,
};
