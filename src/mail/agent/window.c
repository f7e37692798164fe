/*
 * window - rows of window identities: found, touched, renamed, expired, listed; and who the window
 * of a caller is.
 *
 * Called by registration and by the window tools. A window gives a name, never a right.
 */
#include "mail/agent/window.h"

#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/names.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"

#define LIST_MAX 1000
#define SHOWN 128
#define UUID_DIGITS 32
#define DAY_US (86400 * USEC)

bool
window_uuid_ok(struct str s)
{
	size_t digits = 0;

	if (str_starts(s, STR("urn:")))
		s = str_sub(s, 4, s.n);
	if (str_starts(s, STR("uuid:")))
		s = str_sub(s, 5, s.n);
	while (s.n > 0 && (s.p[0] == '{' || s.p[0] == '}'))
		s = str_sub(s, 1, s.n);
	while (s.n > 0 && (s.p[s.n - 1] == '{' || s.p[s.n - 1] == '}'))
		s.n--;
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '-')
			continue;
		if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')))
			return false;
		digits++;
	}
	return digits == UUID_DIGITS;
}

struct str
window_of(const struct cx *cx)
{
	struct str uuid = str_trim(cx->caller.window.n > 0 ? cx->caller.window : cx->conf->window_id);

	return window_uuid_ok(uuid) ? uuid : STR_NONE;
}

static void
read_row(struct cx *cx, struct stmt *s, struct window *out)
{
	out->id = stmt_int(s, 0);
	out->uuid = stmt_str(s, 1, cx->arena);
	out->display_name = stmt_str(s, 2, cx->arena);
	out->created_ts = stmt_int(s, 3);
	out->last_active_ts = stmt_int(s, 4);
	out->expires_ts = stmt_int(s, 5);
}

int
window_list(struct cx *cx, int64_t project_id, struct windows *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_WINDOW_LIST);
	int rc;

	*out = (struct windows){ arena_array(cx->arena, struct window, LIST_MAX), 0 };
	stmt_bind_int(s, 1, project_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_int(s, 3, LIST_MAX);
	while ((rc = stmt_step(cx, s)) > 0)
		read_row(cx, s, &out->v[out->n++]);
	stmt_done(s);
	return rc;
}

int
window_find(struct cx *cx, int64_t project_id, struct str uuid, struct window *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_WINDOW_FIND);
	int rc;

	stmt_bind_int(s, 1, project_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_str(s, 3, uuid);
	if ((rc = stmt_step(cx, s)) > 0)
		read_row(cx, s, out);
	stmt_done(s);
	return rc;
}

int
window_touch(struct cx *cx, int64_t project_id, struct str uuid, struct str name)
{
	struct stmt *s = stmt_get(cx->db, STMT_WINDOW_TOUCH);

	stmt_bind_int(s, 1, project_id);
	stmt_bind_time(s, 2, cx->now);
	stmt_bind_str(s, 3, uuid);
	stmt_bind_str(s, 4, name);
	stmt_bind_time(s, 5, cx->now + cx->conf->window_ttl_days * DAY_US);
	return stmt_run(cx, s);
}

int
window_check(struct cx *cx, struct str uuid)
{
	if (window_uuid_ok(uuid))
		return 0;
	return fail(cx, ERR_INVALID_WINDOW_UUID, "Invalid window UUID format: '%" PRIstr "'.",
	    FSTR(str_cut_chars(uuid, SHOWN)));
}

int
window_check_name(struct cx *cx, struct str *name)
{
	struct str letters = name_sanitise(cx->arena, *name);

	if (!name_is_pair(letters))
		return fail(cx, ERR_INVALID_DISPLAY_NAME,
		    "Display name must be a valid adjective+noun combination (e.g., 'BlueLake'). Got: '%" PRIstr "'.",
		    FSTR(str_cut_chars(*name, SHOWN)));
	*name = letters;
	return 0;
}

static int
find_live(struct cx *cx, const struct project *p, struct str uuid, struct window *out)
{
	int rc = window_find(cx, p->id, uuid, out);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return fail(cx, ERR_WINDOW_NOT_FOUND, "No active window identity found for UUID '%" PRIstr "'.",
	    FSTR(str_cut_chars(uuid, SHOWN)));
}

int
window_rename(
    struct cx *cx, const struct project *p, struct str uuid, struct str name, struct window *out, struct str *old)
{
	struct stmt *s;

	if (find_live(cx, p, uuid, out) < 0)
		return -1;
	*old = out->display_name;
	out->display_name = name;
	out->last_active_ts = cx->now;
	s = stmt_get(cx->db, STMT_WINDOW_RENAME);
	stmt_bind_int(s, 1, out->id);
	stmt_bind_str(s, 2, name);
	stmt_bind_time(s, 3, cx->now);
	return stmt_run(cx, s);
}

int
window_expire(struct cx *cx, const struct project *p, struct str uuid, struct window *out)
{
	struct stmt *s;

	if (find_live(cx, p, uuid, out) < 0)
		return -1;
	out->expires_ts = cx->now;
	s = stmt_get(cx->db, STMT_WINDOW_EXPIRE);
	stmt_bind_int(s, 1, out->id);
	stmt_bind_time(s, 2, cx->now);
	return stmt_run(cx, s);
}
