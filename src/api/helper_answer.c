/*
 * helper_answer - see helper_answer.h.
 */
#include "api/helper_answer.h"

#include <errno.h>

#include "base/json_read.h"
#include "base/path.h"
#include "conf/conf.h"
#include "mail/reservation/pattern.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/reservation/path_activity.h"
#include "store/cx.h"

int
signs_question(struct cx *cx, const struct project *p, const struct reservations *list, struct jw *q)
{
	size_t n = 0;

	jw_obj(q);
	jw_kc(q, "do", "signs");
	jw_kstr(q, "dir", p->human_key);
	jw_karr(q, "items");
	for (size_t i = 0; i < list->n; i++) {
		const struct reservation *r = &list->v[i];

		if (r->released_ts != 0 || r->expires_ts <= cx->now || pattern_virtual(r->path_pattern))
			continue;
		n++;
		jw_obj(q);
		jw_kint(q, "id", r->id);
		jw_kstr(q, "pattern", r->path_pattern);
		jw_end(q);
	}
	jw_end(q);
	jw_end(q);
	return n > 0;
}

static struct jr
parsed(struct cx *cx, struct str answer)
{
	struct jr_error err;
	struct jr v;

	return answer.p != NULL && jr_parse(cx->arena, answer, &v, &err) ? v : JR_NONE;
}

int
signs_answer(struct cx *cx, struct str answer)
{
	struct jr items = jr_get(parsed(cx, answer), "items");

	for (size_t i = 0; i < jr_len(items); i++) {
		struct jr item = jr_at(items, i), git = jr_get(item, "git_ts");
		struct signs s = { .known = true, .matched = jr_bool(jr_get(item, "matched")),
			.files_ts = jr_int(jr_get(item, "files_ts")), .git_known = git.type == JR_INT, .git_ts = jr_int(git) };

		if (signs_store(cx, jr_int(jr_get(item, "id")), &s) < 0)
			return -1;
	}
	return 0;
}

static int
put_roots(struct cx *cx, const struct project *p, struct jw *q)
{
	struct projects all;
	size_t i;

	jw_karr(q, "roots");
	for (i = 0; i < cx->conf->guard_roots.n; i++)
		jw_str(q, cx->conf->guard_roots.v[i]);
	if (p != NULL) {
		jw_str(q, p->human_key);
	} else {
		if (project_list(cx, STR_NONE, -1, &all) < 0)
			return -1;
		for (i = 0; i < all.n; i++)
			if (all.v[i].human_key.n > 1 && all.v[i].human_key.p[0] == '/')
				jw_str(q, all.v[i].human_key);
	}
	jw_end(q);
	return 1;
}

int
guard_question(struct cx *cx, const struct project *p, struct str repo, struct jw *q)
{
	int rc;

	jw_obj(q);
	jw_kc(q, "do", p != NULL ? "guard_install" : "guard_uninstall");
	jw_kstr(q, "repo", repo);
	if (p != NULL)
		jw_kstr(q, "records", arena_printf(cx->arena, "%" PRIstr "/projects/%" PRIstr "/file_reservations",
		    FSTR(cx->conf->storage_root), FSTR(p->slug)));
	rc = put_roots(cx, p, q);
	jw_end(q);
	return rc;
}

int
guard_answer(struct cx *cx, const char *member, struct str *text, bool *flag)
{
	struct jr v = parsed(cx, cx->query_result), error = jr_get(v, "error"), got = jr_get(v, member);
	struct str why = jr_str(jr_get(v, "text"));

	if (error.type == JR_INT && jr_int(error) == 0)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: %s %" PRIstr ". Check that all parameters have valid values.",
		    cx->caller.door == DOOR_REST ? "target_repo_path" : "code_repo_path", FSTR(why));
	/* The tool says it in the reference's words. */
	if (cx->caller.door == DOOR_REST && error.type == JR_INT && (jr_int(error) == ENOENT || jr_int(error) == ENOTDIR))
		return fail(cx, ERR_NOT_FOUND, "target_repo_path: %" PRIstr, FSTR(str_cut_chars(why, 300)));
	if (error.type == JR_INT && jr_int(error) == EACCES)
		return fail(cx, ERR_OS_ERROR, "OS error: %" PRIstr ". Where the daemon has no right to, run `agentmail guard install`.",
		    FSTR(why));
	if (error.type == JR_INT)
		return fail(cx, ERR_OS_ERROR, "OS error: %" PRIstr, FSTR(why));
	if (got.type != JR_STR && got.type != JR_BOOL)
		return fail(cx, ERR_RESOURCE_BUSY,
		    "The repository could not be looked into in time. Try again, or run `agentmail guard install`.");
	if (text != NULL)
		*text = jr_str(got);
	if (flag != NULL)
		*flag = jr_bool(got);
	return 0;
}

static void
ask_head_of(struct str dir, struct jw *q)
{
	jw_obj(q);
	jw_kc(q, "do", "head");
	jw_kstr(q, "dir", dir);
	jw_end(q);
}

void
head_question(const struct project *p, struct jw *q)
{
	ask_head_of(p->human_key, q);
}

int
head_ask(struct cx *cx, struct str key, struct jw *q)
{
	struct str dir = str_trim(key);
	struct project p;
	struct head seen;

	if (project_lookup(cx, key, &p) == 1) {
		if (head_seen(cx, p.id, &seen) != 0)
			return 0;
		dir = p.human_key;
	}
	if (!path_is_absolute(dir))
		return 0;
	ask_head_of(dir, q);
	return 1;
}

struct head
head_told(struct cx *cx)
{
	struct jr v = parsed(cx, cx->query_result);

	return (struct head){ jr_str(jr_get(v, "branch")), jr_str(jr_get(v, "worktree")) };
}

struct str
head_answer(struct cx *cx)
{
	return jr_str(jr_get(parsed(cx, cx->query_result), "branch"));
}
