/*
 * thread - finds single messages and walks threads, as far as the viewer may see them; and what a
 * thread's key is.
 */
#include "mail/message/thread.h"

#include <string.h>

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

/* keep - copies what a row lent. */
static void
keep(struct cx *cx, struct message *m)
{
	struct str *v[] = { &m->thread_id, &m->topic, &m->subject, &m->importance, &m->attachments, &m->body_md,
		&m->commit_id, &m->from, &m->kind };

	for (size_t i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		*v[i] = arena_dup(cx->arena, *v[i]);
}

int
message_find(struct cx *cx, const struct project *p, int64_t id, const struct agent *viewer, struct message *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_MSG_ONE);
	int rc;

	stmt_bind_int(s, 1, id);
	stmt_bind_int(s, 2, p->id);
	stmt_bind_int(s, 3, viewer ? viewer->id : 0);
	rc = stmt_step(cx, s);
	if (rc > 0) {
		rc = message_read_row(cx, s, p->id, true, out) == 0 ? 1 : -1;
		keep(cx, out);
	}
	stmt_done(s);
	if (rc <= 0)
		return rc;
	if (viewer && !out->kind.p && out->sender_id != viewer->id)
		return 0;
	return message_read_recipients(cx, out, viewer ? viewer->id : 0) == 0 ? 1 : -1;
}

/* A statement of a thread; ends it. */
static int
walk(struct cx *cx, struct stmt *s, const struct project *p, const struct agent *viewer, bool bodies, bool recipients,
    message_fn *fn, void *arg)
{
	int rc;

	while ((rc = stmt_step(cx, s)) > 0) {
		struct message m;

		rc = message_read_row(cx, s, p->id, bodies, &m);
		if (rc == 0 && recipients)
			rc = message_read_recipients(cx, &m, viewer ? viewer->id : 0);
		if (rc == 0)
			rc = fn(cx, &m, arg);
		if (rc != 0)
			break;
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static struct stmt *
start(struct cx *cx, enum stmt_id id, const struct project *p, struct str key, const struct agent *viewer, int64_t limit)
{
	struct stmt *s = stmt_get(cx->db, id);
	int64_t root = 0;

	if (!str_int(key, &root))
		root = 0;
	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, key);
	stmt_bind_int(s, 3, root);
	stmt_bind_int(s, 4, viewer ? viewer->id : 0);
	stmt_bind_int(s, 5, limit);
	return s;
}

int
thread_each(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, bool bodies,
    message_fn *fn, void *arg)
{
	struct stmt *s = start(cx, STMT_THREAD, p, key, viewer, MESSAGE_LIST_MAX);

	return walk(cx, s, p, viewer, bodies, true, fn, arg);
}

int
thread_bodies(struct cx *cx, const struct project *p, struct str key, const struct agent *viewer, int64_t limit,
    message_fn *fn, void *arg)
{
	enum stmt_id id = limit < 0 ? STMT_THREAD : STMT_THREAD_OLDEST;
	int64_t most = limit < 0 || limit > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : limit;

	return walk(cx, start(cx, id, p, key, viewer, most), p, viewer, true, false, fn, arg);
}

struct str
thread_key(struct cx *cx, const struct message *m)
{
	if (m->thread_id.p)
		return m->thread_id;
	return arena_printf(cx->arena, "%lld", (long long)m->id);
}

#define THREAD_ID_MAX 128

/* is_thread_id - [A-Za-z0-9][A-Za-z0-9._-]{0,127} */
static bool
is_thread_id(struct str s)
{
	if (s.n == 0 || s.n > THREAD_ID_MAX)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		bool alnum = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');

		if (!alnum && (i == 0 || !strchr("._-", c) || c == '\0'))
			return false;
	}
	return true;
}

int
thread_id_check(struct cx *cx, struct str text, struct str *out)
{
	struct jw *w;

	*out = STR_NONE;
	if (!text.p || str_blank(text))
		return 0;
	*out = str_trim(text);
	if (is_thread_id(*out))
		return 0;
	fail(cx, ERR_INVALID_THREAD_ID,
	    "Invalid thread_id: '%" PRIstr "'. Thread IDs must start with an alphanumeric character and contain only "
	    "letters, numbers, '.', '_', or '-' (max %d). Examples: 'TKT-123', 'bd-42', 'feature-xyz'.",
	    FSTR(str_cut_utf8(text, 200)), THREAD_ID_MAX);
	w = fail_data(cx);
	jw_kstr(w, "provided", text);
	jw_karr(w, "examples");
	jw_cstr(w, "TKT-123");
	jw_cstr(w, "bd-42");
	jw_cstr(w, "feature-xyz");
	jw_end(w);
	return -1;
}
