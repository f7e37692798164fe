/*
 * resource://tooling/capabilities/{agent} - what an operator's file says that an
 * agent may do: {"agents":[{"name","project"?,"capabilities":[]}]}. The file is
 * capabilities_file; nothing is enforced by it (contract/messaging.md 4.2).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_read.h"
#include "base/log.h"
#include "conf/conf.h"
#include "resource/resource.h"
#include "store/cx.h"

#define FILE_MAX (1 << 20)

struct tooling_capabilities_resource_in {
	struct p_str agent, project;
};

static const struct param params[] = {
	AGENT_PARAM(tooling_capabilities_resource_in, agent, P_REQUIRED | P_PATH, "Whose"),
	PARAM(
	    tooling_capabilities_resource_in, project, P_STR, 0, "Only entries of this project, as the file writes it"),
};

/* The file's text; absent when there is none. */
static struct str
read_file(struct cx *cx, struct str path)
{
	char *text;
	FILE *f;
	size_t n;

	if (path.n == 0)
		return STR_NONE;
	f = fopen(arena_cstr(cx->arena, path), "re");
	if (f == NULL) {
		log_warn("capabilities_file %" PRIstr ": %s", FSTR(path), strerror(errno));
		return STR_NONE;
	}
	text = arena_get(cx->arena, FILE_MAX);
	n = fread(text, 1, FILE_MAX, f);
	fclose(f);
	return (struct str){ text, n };
}

struct capability_names {
	struct str *v;
	size_t n, room;
};

static void
add_all(struct cx *cx, struct capability_names *names, struct jr list)
{
	for (size_t i = 0; i < jr_len(list); i++) {
		struct str name = jr_str(jr_at(list, i)), *more;
		size_t at = names->n;

		while (at > 0 && str_cmp(name, names->v[at - 1]) < 0)
			at--;
		if (name.p == NULL || (at > 0 && str_eq(name, names->v[at - 1])))
			continue;
		if (names->n == names->room) {
			more = arena_array(cx->arena, struct str, names->room = names->room * 2 + 16);
			if (names->n > 0)
				memcpy(more, names->v, names->n * sizeof(*more));
			names->v = more;
		}
		memmove(names->v + at + 1, names->v + at, (names->n++ - at) * sizeof(*names->v));
		names->v[at] = name;
	}
}

static int
collect(struct cx *cx, const struct tooling_capabilities_resource_in *in, struct capability_names *names)
{
	struct str text = read_file(cx, cx->conf->capabilities_file);
	struct jr doc, agents, entry;
	struct jr_error why;

	if (text.p == NULL)
		return 0;
	if (!jr_parse(cx->arena, text, &doc, &why))
		return fail(
		    cx, ERR_CONFIGURATION_ERROR, "capabilities_file is no JSON: %s at byte %zu", why.why, why.offset);
	agents = jr_get(doc, "agents");
	for (size_t i = 0; i < jr_len(agents); i++) {
		entry = jr_at(agents, i);
		if (!str_eq(jr_str(jr_get(entry, "name")), in->agent.v))
			continue;
		if (!in->project.set || str_eq(jr_str(jr_get(entry, "project")), in->project.v))
			add_all(cx, names, jr_get(entry, "capabilities"));
	}
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct tooling_capabilities_resource_in *in = arg;
	struct capability_names names = { NULL, 0, 0 };

	if (collect(cx, in, &names) < 0)
		return -1;
	jw_obj(out);
	jw_ktime(out, "generated_at", cx->now);
	jw_kstr(out, "agent", in->agent.v);
	jw_kstr(out, "project", in->project.set ? in->project.v : STR_NONE);
	jw_kstrs(out, "capabilities", &(struct str_list){ names.v, names.n });
	jw_end(out);
	return 0;
}

const struct resource resource_tooling_capabilities = {
	.op.name = "tooling_capabilities_resource",
	.uri = "resource://tooling/capabilities/{agent}",
	.op.desc = "What the operator's capabilities_file lists for an agent",
	OP_PARAMS(params, tooling_capabilities_resource_in),
	.op.run = run,
};
