/*
 * upload - rows of files that came by REST: stored, listed, found; and what name and media type
 * they may claim.
 */
#include "mail/project/upload.h"

#include <string.h>

#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define NAME_BYTES 255

/* clang-format off */
static const struct {
	const char *ending, *type;
} types[] = {
	{ ".bmp", "image/bmp" }, { ".c", "text/plain" }, { ".css", "text/css" }, { ".csv", "text/csv" },
	{ ".gif", "image/gif" }, { ".gz", "application/gzip" }, { ".h", "text/plain" }, { ".htm", "text/html" },
	{ ".html", "text/html" }, { ".jpeg", "image/jpeg" }, { ".jpg", "image/jpeg" }, { ".js", "text/javascript" },
	{ ".json", "application/json" }, { ".log", "text/plain" }, { ".md", "text/markdown" }, { ".mp3", "audio/mpeg" },
	{ ".mp4", "video/mp4" }, { ".pdf", "application/pdf" }, { ".png", "image/png" }, { ".py", "text/x-python" },
	{ ".rs", "text/x-rust" }, { ".svg", "image/svg+xml" }, { ".tar", "application/x-tar" }, { ".toml", "text/x-toml" },
	{ ".txt", "text/plain" }, { ".wav", "audio/wav" }, { ".webm", "video/webm" }, { ".webp", "image/webp" },
	{ ".xml", "text/xml" }, { ".yaml", "text/x-yaml" }, { ".yml", "text/x-yaml" }, { ".zip", "application/zip" },
};
/* clang-format on */

struct str
upload_name(struct cx *cx, struct str name)
{
	char *text = arena_get(cx->arena, name.n + 1);
	struct str out = { text, 0 };
	bool dots = true;

	for (size_t i = 0; i < name.n; i++) {
		char c = name.p[i];

		if (c == '/' || c == '\\' || (unsigned char)c < ' ' || c == 127)
			continue;
		dots &= c == '.';
		text[out.n++] = c;
	}
	if (dots || str_blank(out) || !str_utf8_ok(out))
		return STR_NONE;
	return str_cut_utf8(str_trim(out), NAME_BYTES);
}

struct str
upload_type(struct str name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct str ending = str_c(types[i].ending);

		if (name.n > ending.n && str_eq_ci(str_sub(name, name.n - ending.n, ending.n), ending))
			return str_c(types[i].type);
	}
	return STR("application/octet-stream");
}

int
upload_add(struct cx *cx, const struct project *p, struct upload *in)
{
	struct stmt *s = stmt_get(cx->db, STMT_ATTACHMENT_ADD);

	in->project_id = p->id;
	in->created_ts = cx->now;
	stmt_bind_int(s, 1, p->id);
	if (in->agent_id != 0)
		stmt_bind_int(s, 2, in->agent_id);
	else
		stmt_bind_null(s, 2);
	stmt_bind_str(s, 3, in->filename);
	stmt_bind_str(s, 4, in->media_type);
	stmt_bind_int(s, 5, in->size_bytes);
	stmt_bind_time(s, 6, in->created_ts);
	stmt_bind_blob(s, 7, in->content);
	if (stmt_run(cx, s) != 0)
		return -1;
	in->id = db_last_id(cx->db);
	return 0;
}

static void
read_row(struct cx *cx, struct stmt *s, struct upload *u)
{
	*u = (struct upload){ .id = stmt_int(s, 0),
		.project_id = stmt_int(s, 1),
		.agent_id = stmt_int(s, 2),
		.filename = stmt_str(s, 3, cx->arena),
		.media_type = stmt_str(s, 4, cx->arena),
		.size_bytes = stmt_int(s, 5),
		.created_ts = stmt_int(s, 6) };
}

int
upload_each(
    struct cx *cx, const struct project *p, int64_t agent_id, void (*fn)(const struct upload *u, void *arg), void *arg)
{
	struct stmt *s = stmt_get(cx->db, STMT_ATTACHMENT_LIST);
	struct upload u;
	int rc;

	stmt_bind_int(s, 1, p->id);
	stmt_bind_int(s, 2, agent_id);
	stmt_bind_int(s, 3, UPLOAD_LIST_MAX);
	while ((rc = stmt_step(cx, s)) > 0) {
		read_row(cx, s, &u);
		fn(&u, arg);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
upload_find(struct cx *cx, int64_t id, struct upload *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_ATTACHMENT_GET);
	int rc;

	stmt_bind_int(s, 1, id);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		read_row(cx, s, out);
		out->content = stmt_str(s, 7, cx->arena);
	}
	stmt_done(s);
	return rc;
}
