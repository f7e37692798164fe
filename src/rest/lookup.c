/*
 * lookup - looks up the project and the agent that a request names, and says which names are near to one that is
 * not there.
 */
#include "rest/lookup.h"

#include "base/likeness.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "store/cx.h"

#define NEAR 3
#define SUGGESTED 3

int
rest_project(struct cx *cx, struct str key, struct project *out)
{
	int rc = project_lookup(cx, key, out);

	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Project not found: Identifier: %" PRIstr, FSTR(str_cut_chars(key, 256)));
	return rc < 0 ? -1 : 0;
}

static int
suggest(struct cx *cx, const struct project *p, struct str name)
{
	struct fail failure = cx->fail;
	struct agents all;
	size_t n = 0;

	if (name.n > DISTANCE_MAX)
		return -1;
	if (agent_list(cx, p->id, AGENTS_BY_NAME, &all) < 0)
		return -1;
	cx->fail = failure;
	for (size_t i = 0; i < all.n && n < SUGGESTED; i++) {
		struct str other = all.v[i].name;

		if (str_distance(name, other) > NEAR)
			continue;
		if (n++ == 0)
			jw_karr(fail_data(cx), "suggestions");
		jw_str(fail_data(cx), other);
	}
	if (n > 0)
		jw_end(fail_data(cx));
	return -1;
}

int
rest_agent(struct cx *cx, const struct project *p, struct str name, struct agent *out)
{
	int rc = agent_lookup(cx, p->id, name, out);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	fail(cx, ERR_NOT_FOUND, "Agent not found: Name: %" PRIstr " in Project ID: %lld",
	    FSTR(str_cut_chars(name, 128)), (long long)p->id);
	return suggest(cx, p, name);
}

int
rest_actor(
    struct cx *cx, const struct project *p, struct str name, struct str token, const char *label, struct agent *out)
{
	if (rest_agent(cx, p, name, out) < 0)
		return -1;
	return auth_known(cx, p, out, token, label, "registration_token");
}

int
rest_project_actor(struct cx *cx, struct str key, struct str name, struct str token, const char *label,
    struct project *p, struct agent *out)
{
	return rest_project(cx, key, p) < 0 ? -1 : rest_actor(cx, p, name, token, label, out);
}
