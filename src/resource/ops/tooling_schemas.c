/*
 * resource://tooling/schemas - required and optional arguments of the two tools
 * that agents get wrong most (contract/reservations-resources.md 8.6). Required
 * and optional come from the tool's row, in the reference's order first.
 */
#include <string.h>

#include "resource/formats.h"
#include "resource/resource.h"
#include "store/cx.h"
#include "tool/registry.h"

struct pair {
	const char *key, *value;
};

/* How the reference lists them, then what we take besides. */
static const char send_first[] =
    "cc bcc attachment_paths convert_images importance ack_required thread_id auto_contact_if_blocked";
static const char handshake_first[] = "reason ttl_seconds auto_accept welcome_subject welcome_body";

static const struct pair shapes[] = {
	{ "to", "list[str] | str" },
	{ "cc", "list[str] | str" },
	{ "bcc", "list[str] | str" },
	{ "importance", "low|normal|high|urgent" },
	{ "auto_contact_if_blocked", "bool" },
};

static bool
in_list(struct str words, const char *name)
{
	struct str word;

	while (str_next(&words, ' ', &word))
		if (str_eqc(word, name))
			return true;
	return false;
}

/* The words of `first`, then the row's other listed parameters that are not required; `skip` are shown elsewhere. */
static void
write_optional(struct jw *out, const struct tool *t, const char *first, const char *skip)
{
	struct str rest = str_c(first), word;

	jw_karr(out, "optional");
	while (str_next(&rest, ' ', &word))
		jw_str(out, word);
	for (size_t i = 0; t != NULL && i < t->op.nparams; i++) {
		const struct param *p = &t->op.params[i];

		if ((p->flags & (P_REQUIRED | P_UNLISTED | P_REFUSED)) == 0 && !in_list(str_c(first), p->name) &&
		    !in_list(str_c(skip), p->name))
			jw_cstr(out, p->name);
	}
	jw_end(out);
}

static void
write_words(struct jw *out, const char *key, const char *words)
{
	struct str rest = str_c(words), word;

	jw_karr(out, key);
	while (str_next(&rest, ' ', &word))
		jw_str(out, word);
	jw_end(out);
}

static void
write_send(struct jw *out)
{
	jw_kobj(out, "send_message");
	write_words(out, "required", "project_key sender_name to subject body_md");
	write_optional(out, tool_find(STR("send_message")), send_first, "to");
	jw_kobj(out, "shapes");
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		jw_kcstr(out, shapes[i].key, shapes[i].value);
	jw_end(out);
	jw_end(out);
}

static void
write_handshake(struct jw *out)
{
	jw_kobj(out, "macro_contact_handshake");
	write_words(out, "required", "project_key requester|agent_name target|to_agent");
	write_optional(
	    out, tool_find(STR("macro_contact_handshake")), handshake_first, "requester agent_name target to_agent");
	jw_kobj(out, "aliases");
	write_words(out, "requester", "agent_name");
	write_words(out, "target", "to_agent");
	jw_end(out);
	jw_end(out);
}

static int
run(struct cx *cx, const void *in, struct jw *out)
{
	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	write_words(out, "global_optional", "format");
	formats_write(out);
	jw_kobj(out, "tools");
	write_send(out);
	write_handshake(out);
	jw_end(out);
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_schemas = {
	.op.name = "tooling_schemas_resource",
	.uri = "resource://tooling/schemas",
	.op.desc = "Required and optional arguments of send_message and macro_contact_handshake",
	.op.run = run,
};
