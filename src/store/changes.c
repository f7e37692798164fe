/*
 * changes - the log of what happened, and events on their way to it.
 *
 * Called by mail/ inside write operations, by followers on a read handle, and by
 * the keeper. It must never make a send write more than mail writes anyway.
 */
#include "store/changes.h"

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "ipc/shm.h"
#include "store/stmt.h"

/* The row of an event whose topic has no log of its own. */
static int
add_row(struct cx *cx, const struct topic *topic, enum change_what what, int64_t id, int64_t *number)
{
	struct stmt *s = stmt_get(cx->db, STMT_CHANGE_ADD);

	stmt_bind_int(s, 1, topic->kind);
	stmt_bind_int(s, 2, topic->id);
	stmt_bind_int(s, 3, what);
	stmt_bind_int(s, 4, id);
	stmt_bind_int(s, 5, cx->now);
	if (stmt_run(cx, s) < 0)
		return -1;
	*number = db_last_id(cx->db);
	return 0;
}

int
cx_changed(struct cx *cx, struct topic topic, enum change_what what, int64_t id)
{
	struct cx_change *c = cx->changes;
	int64_t number = id;

	/* Two writes of one operation that are one change. */
	if (c != NULL && c->what == what && c->id == id && topic_hash(&c->topic) == topic_hash(&topic))
		return 0;
	if (topic_log(topic.kind) == TOPIC_LOG_CHANGES && add_row(cx, &topic, what, id, &number) < 0)
		return -1;
	c = arena_new(cx->arena, struct cx_change);
	*c = (struct cx_change){ .next = cx->changes, .topic = topic, .what = what, .id = id, .number = number };
	cx->changes = c;
	return 0;
}

void
changes_publish(const struct cx *cx, int slot)
{
	uint64_t last = 0;

	if (cx->shm == NULL)
		return;
	/* The newest number of several in a row speaks for all of them. */
	for (const struct cx_change *c = cx->changes; c != NULL; c = c->next) {
		uint64_t hash = topic_hash(&c->topic);

		if (c == cx->changes || hash != last)
			topic_publish(shm_bus(cx->shm), slot, &c->topic, c->number);
		last = hash;
	}
}

int
changes_heads(struct cx *cx, struct changes_heads *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_CHANGES_HEADS);
	int rc = stmt_step(cx, s);

	if (rc > 0)
		*out = (struct changes_heads){ stmt_int(s, 0), stmt_int(s, 1) };
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

int
changes_newest(struct cx *cx, enum topic_kind kind, int64_t *out)
{
	struct changes_heads heads = { 0, 0 };

	must(topic_log(kind) == TOPIC_LOG_MAIL || topic_log(kind) == TOPIC_LOG_CHANGES);
	if (changes_heads(cx, &heads) < 0)
		return -1;
	*out = topic_log(kind) == TOPIC_LOG_MAIL ? heads.mail : heads.changes;
	return 0;
}

/* Events of the topic after `after` and not above `head`. */
static struct stmt *
log_of(struct cx *cx, const struct topic *t, int64_t after, int64_t head, int64_t limit)
{
	int64_t first = 0;
	struct stmt *s;

	if (t->kind == TOPIC_INBOX || t->kind == TOPIC_THREAD) {
		s = stmt_get(cx->db, t->kind == TOPIC_INBOX ? STMT_CHANGES_INBOX : STMT_CHANGES_THREAD);
		stmt_bind_int(s, 1, t->id);
		stmt_bind_int(s, 6, CHANGE_MESSAGE);
		if (t->kind == TOPIC_THREAD) {
			stmt_bind_str(s, 2, t->name);
			stmt_bind_int(s, 7, str_int(t->name, &first) ? first : 0);
		}
	} else {
		s = stmt_get(cx->db, STMT_CHANGES_AFTER);
		stmt_bind_int(s, 1, t->kind);
		stmt_bind_int(s, 2, t->id);
	}
	stmt_bind_int(s, 3, after);
	stmt_bind_int(s, 4, head);
	stmt_bind_int(s, 5, limit);
	return s;
}

/* Reads the rows of a bound statement; ends it. */
static int
collect(struct cx *cx, struct stmt *s, struct changes *out)
{
	size_t room = 8;
	int rc;

	out->v = arena_array(cx->arena, struct change, room);
	while ((rc = stmt_step(cx, s)) > 0) {
		if (out->n == room) {
			struct change *more = arena_array(cx->arena, struct change, room *= 2);

			for (size_t i = 0; i < out->n; i++)
				more[i] = out->v[i];
			out->v = more;
		}
		out->v[out->n++] = (struct change){ .number = stmt_int(s, 0),
			.what = (enum change_what)stmt_int(s, 1),
			.id = stmt_int(s, 2),
			.ts = stmt_int(s, 3) };
	}
	stmt_done(s);
	return rc;
}

/* The highest number after `after` of what may have been in the topic and is gone; 0 for none. */
static int
lost(struct cx *cx, const struct topic *t, int64_t after, int64_t *out)
{
	struct stmt *s;

	*out = 0;
	if (topic_log(t->kind) == TOPIC_LOG_CHANGES) {
		if (stmt_run_int(cx, stmt_get(cx->db, STMT_CHANGES_DROPPED), out) < 0)
			return -1;
		*out = *out > after ? *out : 0;
		return 0;
	}
	s = stmt_get(cx->db, t->kind == TOPIC_INBOX ? STMT_CHANGES_LOST_INBOX : STMT_CHANGES_LOST_THREAD);
	stmt_bind_int(s, 1, t->id);
	stmt_bind_int(s, 2, after);
	return stmt_run_int(cx, s, out) < 0 ? -1 : 0;
}

static int
ahead(struct cx *cx, const struct topic *t, int64_t after, int64_t head)
{
	fail(cx, ERR_CURSOR_AHEAD,
	    "Number %lld was never given to a change of '%s' (newest: %lld): it is of another store.", (long long)after,
	    topic_name(t->kind), (long long)head);
	jw_kint(fail_data(cx), "after", after);
	jw_kint(fail_data(cx), "newest", head);
	return -1;
}

static int
too_old(struct cx *cx, const struct topic *t, int64_t after, int64_t oldest)
{
	fail(cx, ERR_CHANGES_TOO_OLD,
	    "Changes of '%s' after number %lld are not kept any more, those after %lld are. Read what there is, and begin anew.",
	    topic_name(t->kind), (long long)after, (long long)oldest);
	jw_kint(fail_data(cx), "after", after);
	jw_kint(fail_data(cx), "oldest", oldest);
	return -1;
}

int
changes_after(struct cx *cx, const struct topic *topic, int64_t after, int64_t limit, struct changes *out)
{
	int64_t head, gone;

	*out = (struct changes){ .n = 0 };
	if (after < 0)
		after = 0;
	/* The head first, what is lost last: whatever comes and goes in between is left for later, or told. */
	if (changes_newest(cx, topic->kind, &head) < 0)
		return -1;
	if (after > head)
		return ahead(cx, topic, after, head);
	if (collect(cx, log_of(cx, topic, after, head, limit), out) < 0 || lost(cx, topic, after, &gone) < 0)
		return -1;
	if (gone != 0)
		return too_old(cx, topic, after, gone);
	out->through = out->n > 0 && (int64_t)out->n == limit ? out->v[out->n - 1].number : head;
	return 0;
}

/* The highest number among the oldest `batch` rows that is to go; 0 for none. */
static int
find_cut(struct cx *cx, int64_t batch, int64_t *out)
{
	struct changes_heads heads = { 0, 0 };
	struct stmt *s;

	*out = 0;
	if (changes_heads(cx, &heads) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_CHANGES_CUT);
	stmt_bind_int(s, 1, cx->now - cx->conf->changes_retention);
	stmt_bind_int(s, 2, heads.changes - cx->conf->changes_max_rows);
	stmt_bind_int(s, 3, batch);
	return stmt_run_int(cx, s, out) < 0 ? -1 : 0;
}

int
changes_expirable(struct cx *cx)
{
	int64_t cut;

	return find_cut(cx, 1, &cut) < 0 ? -1 : cut > 0;
}

static int
note_dropped(struct cx *cx, int64_t through)
{
	struct stmt *s = stmt_get(cx->db, STMT_CHANGES_SET_DROPPED);

	stmt_bind_int(s, 1, through);
	return stmt_run(cx, s);
}

int
changes_expire(struct cx *cx, int64_t batch, int64_t *n)
{
	struct stmt *s;
	int64_t cut;

	*n = 0;
	if (find_cut(cx, batch, &cut) < 0)
		return -1;
	if (cut == 0)
		return 0;
	s = stmt_get(cx->db, STMT_CHANGES_DELETE);
	stmt_bind_int(s, 1, cut);
	if (stmt_run(cx, s) < 0)
		return -1;
	*n = db_changes(cx->db);
	return note_dropped(cx, cut);
}

int
changes_leap(struct cx *cx)
{
	static const enum stmt_id steps[] = { STMT_ARCH_SEQ_RAISE, STMT_ARCH_SEQ_ADD };
	/* Milliseconds since 1970: numbers count changes, and a thousand in each of them there never were. */
	int64_t to = clock_wall_us() / 1000;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		struct stmt *s = stmt_get(cx->db, steps[i]);

		stmt_bind_str(s, 1, STR("changes"));
		stmt_bind_int(s, 2, to);
		if (stmt_run(cx, s) < 0)
			return -1;
	}
	return note_dropped(cx, to);
}
