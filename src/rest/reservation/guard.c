/*
 * guard - REST: Git hooks that ask for reservations (contract/rest-and-rust-peers.md
 * A.3), with the guard of the tools instead of a stub that always passes.
 */
#include <limits.h>

#include "base/path.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"
#include "api/queries.h"

struct rest_guard_in {
	struct p_str project_slug, target_repo_path;
};

static const struct param install_params[] = {
	SLUG_PARAM(rest_guard_in, project_slug, P_REQUIRED),
	PARAM(rest_guard_in, target_repo_path, P_STR, P_REQUIRED, "A Git repository below the project's directory"),
};

static const struct param uninstall_params[] = {
	PARAM(rest_guard_in, target_repo_path, P_STR, P_REQUIRED, "The Git repository"),
};

static int
check_path(struct cx *cx, struct str path)
{
	if (path_is_absolute(path) && path.n < PATH_MAX && str_chr(path, '\0') < 0)
		return 0;
	return fail(cx, ERR_VALIDATION_ERROR,
	    "Invalid input: target_repo_path: expected an absolute path of less than %d bytes, got '%" PRIstr "'",
	    PATH_MAX, FSTR(str_cut_chars(path, 100)));
}

static int
query_install(struct cx *cx, const void *arg, struct buf *out)
{
	const struct rest_guard_in *in = arg;
	struct project p;

	if (check_path(cx, in->target_repo_path.v) < 0 || rest_project(cx, in->project_slug.v, &p) < 0)
		return -1;
	return query_guard(cx, &p, in->target_repo_path.v, out);
}

static int
install(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_guard_in *in = arg;
	struct str hook;

	if (guard_installed(cx, &hook) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "installed", true);
	jw_kstr(out, "hook_path", hook);
	jw_kstr(out, "message",
	    arena_printf(cx->arena, "Pre-commit guard installed for project '%" PRIstr "'", FSTR(in->project_slug.v)));
	jw_end(out);
	return 0;
}

const struct rest_route rest_guard_install = {
	.op.name = "guard_install",
	.method = "POST",
	.paths = REST_PATHS("/api/setup/install_guard", "/api/install_precommit_guard", "/api/install_guard"),
	.op.desc = "Installs the pre-commit guard in a repository",
	OP_PARAMS(install_params, rest_guard_in),
	.op.flags = OP_WRITE,
	.op.query = query_install,
	.op.run = install,
};

static int
query_uninstall(struct cx *cx, const void *arg, struct buf *out)
{
	const struct rest_guard_in *in = arg;

	if (check_path(cx, in->target_repo_path.v) < 0)
		return -1;
	return query_guard(cx, NULL, in->target_repo_path.v, out);
}

static int
uninstall(struct cx *cx, const void *arg, struct jw *out)
{
	bool removed;

	if (guard_removed(cx, &removed) < 0)
		return -1;
	jw_obj(out);
	jw_kbool(out, "uninstalled", removed);
	jw_kcstr(out, "message", removed ? "Pre-commit guard removed" : "No pre-commit hook found");
	jw_end(out);
	return 0;
}

const struct rest_route rest_guard_uninstall = {
	.op.name = "guard_uninstall",
	.method = "POST",
	.paths = REST_PATHS("/api/setup/uninstall_guard", "/api/uninstall_precommit_guard", "/api/uninstall_guard"),
	.op.desc = "Takes the guard out of a repository",
	OP_PARAMS(uninstall_params, rest_guard_in),
	.op.flags = OP_WRITE,
	.op.query = query_uninstall,
	.op.run = uninstall,
};
