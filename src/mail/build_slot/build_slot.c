/*
 * build_slot - build slots in the database, and their records for the archive.
 *
 * Called by the tools acquire_, renew_ and release_build_slot and by REST.
 */
#include "mail/build_slot/build_slot.h"

#include <string.h>

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/archive_payload.h"
#include "store/changes.h"
#include "store/archive_queue.h"
#include "store/cx.h"
#include "store/stmt.h"

#define SECONDS_LEAST 60
#define NAME_MAX_BYTES 120
/* Beyond the year 9999 a time has no text. */
#define TIME_MAX (INT64_C(253402300799) * USEC)

/* What the reference makes of a name before it is a file name. */
static struct str
safe(struct cx *cx, struct str name)
{
	struct str s = arena_dup(cx->arena, str_trim(name));
	char *p = (char *)s.p;

	if (s.n == 0)
		return STR("unknown");
	for (size_t i = 0; i < s.n; i++)
		if (strchr("/\\:*?\"<>| ", p[i]) != NULL && p[i] != '\0')
			p[i] = '_';
	return s;
}

static int
check_name(struct cx *cx, const char *param, struct str name)
{
	struct str s = safe(cx, name);
	const char *why = NULL;

	if (s.n > NAME_MAX_BYTES)
		why = "is longer than 120 bytes";
	else if (s.p[0] == '.')
		why = "begins with a dot";
	for (size_t i = 0; why == NULL && i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			why = "holds a control character";
	if (why == NULL)
		return 0;
	return fail(cx, ERR_INVALID_ARGUMENT,
	    "Invalid argument value: %s '%" PRIstr "' %s, expected a name that can be a file. Check that all parameters "
	    "have valid values.",
	    param, FSTR(str_cut_utf8(name, 100)), why);
}

int
build_slot_check(struct cx *cx, const struct build_slot_key *key, int64_t seconds)
{
	if (check_name(cx, "slot", key->slot) < 0 ||
	    (!str_blank(key->branch) && check_name(cx, "branch", key->branch) < 0))
		return -1;
	if (seconds > (TIME_MAX - cx->now) / USEC)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: %lld seconds: date value out of range. Check that all parameters have valid "
		    "values.",
		    (long long)seconds);
	return 0;
}

static struct build_slot
row(struct cx *cx, struct stmt *s)
{
	return (struct build_slot){
		.id = stmt_int(s, 0),
		.project_id = stmt_int(s, 1),
		.agent_id = stmt_int(s, 2),
		.agent = stmt_str(s, 3, cx->arena),
		.slot = stmt_str(s, 4, cx->arena),
		.branch = stmt_str(s, 5, cx->arena),
		.exclusive = stmt_int(s, 6) != 0,
		.acquired_ts = stmt_int(s, 7),
		.expires_ts = stmt_int(s, 8),
		.released_ts = stmt_int(s, 9),
	};
}

static int
one(struct cx *cx, struct stmt *s, struct build_slot *out)
{
	int rc = stmt_step(cx, s);

	if (rc > 0)
		*out = row(cx, s);
	stmt_done(s);
	return rc;
}

int
build_slot_by_id(struct cx *cx, int64_t id, struct build_slot *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_BUILD_SLOT_BY_ID);

	stmt_bind_int(s, 1, id);
	return one(cx, s, out);
}

static struct str
branch_of(const struct build_slot_key *key)
{
	return str_blank(key->branch) ? STR("") : str_trim(key->branch);
}

static int
find(struct cx *cx, const struct project *p, const struct agent *agent, const struct build_slot_key *key,
    struct build_slot *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_BUILD_SLOT_OWN);

	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, key->slot);
	stmt_bind_int(s, 3, agent->id);
	stmt_bind_str(s, 4, branch_of(key));
	return one(cx, s, out);
}

bool
build_slot_active(const struct cx *cx, const struct build_slot *l)
{
	return l->released_ts == 0 && l->expires_ts > cx->now;
}

int
build_slot_conflicts(struct cx *cx, const struct project *p, const struct agent *agent,
    const struct build_slot_key *key, bool exclusive, struct build_slots *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_BUILD_SLOT_ACTIVE);
	size_t room = 0;
	int rc;

	*out = (struct build_slots){ NULL, 0 };
	stmt_bind_int(s, 1, p->id);
	stmt_bind_str(s, 2, key->slot);
	stmt_bind_time(s, 3, cx->now);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct build_slot l = row(cx, s);

		if ((l.agent_id == agent->id && str_eq(l.branch, branch_of(key))) || (!exclusive && !l.exclusive))
			continue;
		if (out->n == room) {
			struct build_slot *old = out->v;

			room = room > 0 ? room * 2 : 4;
			out->v = arena_array(cx->arena, struct build_slot, room);
			if (out->n > 0)
				memcpy(out->v, old, out->n * sizeof(*old));
		}
		out->v[out->n++] = l;
	}
	stmt_done(s);
	return rc;
}

static int
to_archive(struct cx *cx, const struct build_slot *l)
{
	struct build_slot_payload payload = {
		.dir = safe(cx, l->slot),
		.slot = l->slot,
		.agent = l->agent,
		.branch = l->branch,
		.exclusive = l->exclusive,
		.acquired_ts = l->acquired_ts,
		.expires_ts = l->expires_ts,
		.released_ts = l->released_ts,
	};

	payload.file = arena_printf(
	    cx->arena, "%" PRIstr "__%" PRIstr ".json", FSTR(safe(cx, l->agent)), FSTR(safe(cx, l->branch)));
	return archive_queue_add(cx, QUEUE_BUILD_SLOT, l->project_id, l->id, build_slot_payload(cx->arena, &payload));
}

static int
insert(struct cx *cx, struct build_slot *l)
{
	struct stmt *s = stmt_get(cx->db, STMT_BUILD_SLOT_INSERT);

	stmt_bind_int(s, 1, l->project_id);
	stmt_bind_int(s, 2, l->agent_id);
	stmt_bind_str(s, 3, l->slot);
	stmt_bind_str(s, 4, l->branch);
	stmt_bind_int(s, 5, l->exclusive);
	stmt_bind_time(s, 6, l->acquired_ts);
	stmt_bind_time(s, 7, l->expires_ts);
	if (stmt_run(cx, s) < 0)
		return -1;
	l->id = db_last_id(cx->db);
	if (cx_changed(cx, TOPIC_OF(BUILD_SLOTS, l->project_id), CHANGE_GRANTED, l->id) < 0)
		return -1;
	return to_archive(cx, l);
}

static int
update(struct cx *cx, const struct build_slot *l, enum change_what what)
{
	struct stmt *s = stmt_get(cx->db, STMT_BUILD_SLOT_UPDATE);

	stmt_bind_int(s, 1, l->id);
	stmt_bind_int(s, 2, l->exclusive);
	stmt_bind_time(s, 3, l->acquired_ts);
	stmt_bind_time(s, 4, l->expires_ts);
	stmt_bind_time(s, 5, l->released_ts);
	if (stmt_run(cx, s) < 0 || cx_changed(cx, TOPIC_OF(BUILD_SLOTS, l->project_id), what, l->id) < 0)
		return -1;
	return to_archive(cx, l);
}

int
build_slot_acquire(struct cx *cx, const struct project *p, const struct agent *agent, const struct build_slot_key *key,
    int64_t ttl_seconds, bool exclusive, struct build_slot *out)
{
	int64_t expires = cx->now + (ttl_seconds < SECONDS_LEAST ? SECONDS_LEAST : ttl_seconds) * USEC;
	struct build_slot old;
	int rc = find(cx, p, agent, key, &old);

	if (rc < 0 || agent_touch(cx, agent->id) < 0)
		return -1;
	if (ttl_seconds < SECONDS_LEAST)
		cx_warn(cx, "ttl_seconds is %lld: raised to %d", (long long)ttl_seconds, SECONDS_LEAST);
	*out = (struct build_slot){ .project_id = p->id,
		.agent_id = agent->id,
		.agent = agent->name,
		.slot = key->slot,
		.branch = branch_of(key),
		.exclusive = exclusive,
		.acquired_ts = cx->now,
		.expires_ts = expires };
	if (rc == 0)
		return insert(cx, out);
	out->id = old.id;
	if (!build_slot_active(cx, &old))
		return update(cx, out, CHANGE_GRANTED);
	out->acquired_ts = old.acquired_ts;
	out->expires_ts = old.expires_ts > expires ? old.expires_ts : expires;
	return update(cx, out, CHANGE_RENEWED);
}

/* Looks up the agent's active lease. */
static int
find_active(struct cx *cx, const struct project *p, const struct agent *agent, const struct build_slot_key *key,
    struct build_slot *out)
{
	int rc = find(cx, p, agent, key, out);

	if (rc < 0 || agent_touch(cx, agent->id) < 0)
		return -1;
	return rc > 0 && build_slot_active(cx, out);
}

int
build_slot_renew(struct cx *cx, const struct project *p, const struct agent *agent, const struct build_slot_key *key,
    int64_t extend_seconds, struct build_slot *out)
{
	int64_t bump = (extend_seconds < SECONDS_LEAST ? SECONDS_LEAST : extend_seconds) * USEC;
	int rc = find_active(cx, p, agent, key, out);

	if (rc <= 0)
		return rc;
	if (bump > TIME_MAX - out->expires_ts)
		return fail(cx, ERR_INVALID_ARGUMENT,
		    "Invalid argument value: extend_seconds is %lld: date value out of range. Check that all parameters have "
		    "valid values.",
		    (long long)extend_seconds);
	if (extend_seconds < SECONDS_LEAST)
		cx_warn(cx, "extend_seconds is %lld: raised to %d", (long long)extend_seconds, SECONDS_LEAST);
	out->expires_ts += bump;
	return update(cx, out, CHANGE_RENEWED) < 0 ? -1 : 1;
}

int
build_slot_release(struct cx *cx, const struct project *p, const struct agent *agent, const struct build_slot_key *key,
    struct build_slot *out)
{
	int rc = find_active(cx, p, agent, key, out);

	if (rc <= 0)
		return rc;
	out->released_ts = out->expires_ts = cx->now;
	return update(cx, out, CHANGE_RELEASED) < 0 ? -1 : 1;
}
