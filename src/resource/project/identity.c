/*
 * resource://identity/{project} - what identifies a project's directory
 * (contract/reservations-resources.md 8.4).
 *
 * A directory that somebody works in is never read by a worker (decision 3.55):
 * the helper says what Git knows (helper/question.h). Without its answer the
 * facts are null, which is what the reference says of facts that are absent.
 * Nothing is written (decision 3.59).
 */
#include "base/json_read.h"
#include "base/path.h"
#include "mail/project/project.h"
#include "resource/resource.h"
#include "store/cx.h"

/* A branch that was left is shown that long. */
#define KEEP_SECONDS 5

struct identity_resource_in {
	struct p_str project;
};

static const struct param params[] = {
	PARAM(identity_resource_in, project, P_STR, P_REQUIRED | P_PATH,
	    "Slug of a project, or any absolute path percent-encoded"),
};

/* A known project; else an absolute path stands for itself. */
static int
find(struct cx *cx, struct str key, struct project *p)
{
	int rc = project_lookup(cx, key, p);

	if (rc < 0 || rc > 0)
		return rc < 0 ? -1 : 0;
	if (!path_is_absolute(str_trim(key)))
		return project_find(cx, key, p);
	p->human_key = path_norm(cx->arena, str_trim(key));
	p->slug = path_slug(cx->arena, p->human_key);
	return 0;
}

static int
ask(struct cx *cx, const void *arg, struct jw *question)
{
	const struct identity_resource_in *in = arg;
	struct project p;

	if (find(cx, in->project.v, &p) < 0)
		return -1;
	if (!path_is_absolute(p.human_key))
		return 0;
	jw_obj(question);
	jw_kc(question, "do", "identity");
	jw_kstr(question, "dir", p.human_key);
	jw_end(question);
	return 1;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	static const char *const facts[] = { "repo_root", "git_common_dir", "branch", "worktree_name", "core_ignorecase",
		"normalized_remote", "project_uid", "discovery" };
	const struct identity_resource_in *in = arg;
	struct jr answer = JR_NONE, fact;
	struct jr_error err;
	struct project p;
	size_t i;

	if (find(cx, in->project.v, &p) < 0)
		return -1;
	if (cx->answer.p != NULL && !jr_parse(cx->arena, cx->answer, &answer, &err))
		answer = JR_NONE;
	jw_obj(out);
	jw_kstr(out, "slug", p.slug);
	jw_kc(out, "identity_mode_used", "dir");
	jw_kstr(out, "canonical_path", p.human_key);
	jw_kstr(out, "human_key", p.human_key);
	for (i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		struct buf text;

		fact = jr_get(answer, facts[i]);
		if (fact.type == JR_ABSENT || fact.type == JR_NULL) {
			jw_knull(out, facts[i]);
			continue;
		}
		buf_init(&text, cx->arena);
		jr_write(fact, &text);
		jw_key(out, facts[i]);
		jw_raw_buf(out, &text);
	}
	jw_end(out);
	return 0;
}

const struct resource resource_identity = {
	.op.name = "identity_resource",
	.uri = "resource://identity/{project}",
	.op.desc = "Slug and path of a project, and what Git knows of its directory; null for what is not known",
	OP_PARAMS(params, identity_resource_in),
	.op.query = ask,
	.op.query_keep = KEEP_SECONDS,
	.op.run = run,
};
