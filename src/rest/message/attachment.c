/*
 * attachment - REST: files that are put into a project, listed, and got back
 * (contract/rest-and-rust-peers.md A.3).
 *
 * They are given out for saving, never for showing: nothing that somebody put
 * here runs in a browser of somebody else.
 */
#include "base/clock.h"
#include "base/hash.h"
#include "mail/agent/agent.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/project/upload.h"
#include "rest/rest.h"
#include "rest/lookup.h"
#include "store/cx.h"

struct add_in {
	struct p_str project_slug, agent_name, filename, content_base64, registration_token;
};

static const struct param add_params[] = {
	SLUG_PARAM(add_in, project_slug, P_REQUIRED),
	AGENT_PARAM(add_in, agent_name, 0, "Who puts it there"),
	PARAM(add_in, filename, P_STR, P_REQUIRED, "Its name; separators are dropped"),
	PARAM(add_in, content_base64, P_STR, P_REQUIRED, "The file, at most 10 MB; a data: URL is taken as well"),
	TOKEN_PARAM(add_in, registration_token, 0),
};

/* The file itself: base64, perhaps behind "data:type;base64,". */
static int
read_content(struct cx *cx, struct str text, struct str *out)
{
	ptrdiff_t comma = str_starts(text, STR("data:")) ? str_chr(text, ',') : -1;
	size_t at;

	if (comma >= 0)
		text = str_sub(text, (size_t)comma + 1, text.n);
	if (text.n / 4 * 3 > UPLOAD_MAX + 2)
		return fail(cx, ERR_BAD_REQUEST, "File too large (>10MB)");
	if (!hash_base64_decode(cx->arena, text, out, &at)) {
		if (at < text.n && text.p[at] != '=')
			return fail(cx, ERR_BAD_REQUEST, "Invalid base64: Invalid symbol %d, offset %zu.",
			    (unsigned char)text.p[at], at);
		return fail(cx, ERR_BAD_REQUEST, "Invalid base64: Invalid padding");
	}
	if (out->n > UPLOAD_MAX)
		return fail(cx, ERR_BAD_REQUEST, "File too large (>10MB)");
	return 0;
}

/* Who puts it there: the agent named, or anybody who may change the project. */
static int
find_actor(struct cx *cx, const struct add_in *in, struct project *p, struct agent *a)
{
	a->id = 0;
	if (in->agent_name.set)
		return rest_project_actor(
		    cx, in->project_slug.v, in->agent_name.v, in->registration_token.v, "attachment_add", p, a);
	if (rest_project(cx, in->project_slug.v, p) < 0)
		return -1;
	return cx->caller.credentials ? 0 : auth_admin(cx, p, in->registration_token.v, "attachment_add");
}

static int
add(struct cx *cx, const void *arg, struct jw *out)
{
	const struct add_in *in = arg;
	struct upload u = { .id = 0 };
	struct project p;
	struct agent a;

	if (find_actor(cx, in, &p, &a) < 0)
		return -1;
	u.filename = upload_name(cx, in->filename.v);
	if (u.filename.p == NULL)
		return fail(cx, ERR_BAD_REQUEST, "Invalid filename");
	if (read_content(cx, in->content_base64.v, &u.content) < 0)
		return -1;
	u.agent_id = a.id;
	u.media_type = upload_type(u.filename);
	u.size_bytes = (int64_t)u.content.n;
	if (upload_add(cx, &p, &u) < 0)
		return -1;
	jw_obj(out);
	jw_kint(out, "id", u.id);
	jw_kstr(out, "filename", u.filename);
	jw_kint(out, "size", u.size_bytes);
	jw_end(out);
	return 0;
}

const struct rest_route rest_attachment_add = {
	.op.name = "attachment_add",
	.method = "POST",
	.paths = REST_PATHS("/api/attachments/add", "/api/add_attachment"),
	.op.desc = "Puts a file into a project",
	OP_PARAMS(add_params, add_in),
	.op.flags = OP_WRITE,
	.op.run = add,
};

struct rest_attachment_list_in {
	struct p_str project_slug, agent_name;
};

static const struct param list_params[] = {
	SLUG_PARAM(rest_attachment_list_in, project_slug, P_REQUIRED),
	AGENT_PARAM(rest_attachment_list_in, agent_name, 0, "Only what this agent put there"),
};

struct listing {
	struct cx *cx;
	struct jw *out;
};

/* YYYY-MM-DD HH:MM:SS */
static void
write_time(struct jw *w, const char *key, int64_t us)
{
	char text[CLOCK_ISO_SIZE];
	size_t n = clock_iso_naive(text, us - us % USEC);

	text[10] = ' ';
	jw_kstr(w, key, (struct str){ text, n });
}

static void
write_row(const struct upload *u, void *arg)
{
	const struct listing *l = arg;
	struct jw *w = l->out;

	jw_obj(w);
	jw_kint(w, "id", u->id);
	jw_kint(w, "project_id", u->project_id);
	if (u->agent_id != 0)
		jw_kint(w, "agent_id", u->agent_id);
	jw_kstr(w, "filename", u->filename);
	jw_kstr(w, "stored_path",
	    arena_printf(l->cx->arena, "attachments/%lld/%" PRIstr, (long long)u->id, FSTR(u->filename)));
	jw_kstr(w, "media_type", u->media_type);
	jw_kint(w, "size_bytes", u->size_bytes);
	write_time(w, "created_ts", u->created_ts);
	jw_end(w);
}

static int
list(struct cx *cx, const void *arg, struct jw *out)
{
	const struct rest_attachment_list_in *in = arg;
	struct listing l = { cx, out };
	struct project p;
	struct agent a = { .id = 0 };
	int rc;

	if (rest_project(cx, in->project_slug.v, &p) < 0 ||
	    (in->agent_name.set && rest_agent(cx, &p, in->agent_name.v, &a) < 0))
		return -1;
	jw_arr(out);
	rc = upload_each(cx, &p, a.id, write_row, &l);
	jw_end(out);
	return rc;
}

const struct rest_route rest_attachment_list = {
	.op.name = "attachment_list",
	.method = "GET",
	.paths = REST_PATHS("/api/attachments"),
	.op.desc = "Files of a project, newest first",
	OP_PARAMS(list_params, rest_attachment_list_in),
	.op.flags = OP_READ,
	.op.run = list,
};

struct get_in {
	struct p_int id;
	struct p_str project_slug;
};

static const struct param get_params[] = {
	PARAM(get_in, id, P_INT, P_REQUIRED | P_PATH, "Number of the file, in the path or as a parameter"),
	PARAM(get_in, project_slug, P_STR, P_REQUIRED, "The project it lies in"),
};

static int
get(struct cx *cx, const void *arg, struct document *out)
{
	const struct get_in *in = arg;
	struct project p;
	struct upload u;
	int rc;

	if (rest_project(cx, in->project_slug.v, &p) < 0)
		return -1;
	rc = upload_find(cx, in->id.v, &u);
	if (rc == 0)
		return fail(cx, ERR_NOT_FOUND, "Resource not found");
	if (rc > 0 && u.project_id != p.id)
		return fail(cx, ERR_FORBIDDEN, "Access denied");
	if (rc < 0)
		return -1;
	out->type = arena_cstr(cx->arena, u.media_type);
	out->name = u.filename;
	buf_ref(&out->body, u.content);
	return 0;
}

const struct rest_route rest_attachment = {
	.op.name = "attachment",
	.method = "GET",
	.paths = REST_PATHS(
	    "/api/attachments/{id}", "/api/get_attachment/{id}", "/api/attachments/get", "/api/get_attachment"),
	.op.desc = "One file, for saving",
	OP_PARAMS(get_params, get_in),
	.op.flags = OP_READ,
	.op.document = get,
};
