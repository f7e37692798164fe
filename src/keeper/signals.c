/*
 * signals - follows the mark through new messages, writes the files of agents that got mail, and
 * moves the mark.
 *
 * A file may be written twice, after a crash or for mail that was fetched meanwhile; it is never
 * left out.
 */
#include "keeper/signals.h"

#include <string.h>

#include "base/log.h"
#include "conf/conf.h"
#include "ipc/scoreboard.h"
#include "mail/message/signal.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

void
signals_init(struct signals *s, struct bus *bus, struct slot *slot)
{
	memset(s, 0, sizeof(*s));
	s->bus = bus;
	s->slot = slot;
	s->heard = bus_now(bus);
}

static void
on_event(const struct bus_event *e, void *arg)
{
	struct signals *s = arg;
	size_t i = (uint64_t)e->id % SIGNALS_FETCHES;

	if (e->kind != TOPIC_FETCHED)
		return;
	if (s->fetched[i].agent_id != e->id || s->fetched[i].message_id < e->number) {
		s->fetched[i].agent_id = e->id;
		s->fetched[i].message_id = e->number;
	}
}

/* Events that were lost cost nothing: a signal too many. */
static void
listen_to(struct signals *s)
{
	if (!bus_drain(s->bus, &s->heard, on_event, s))
		counter_add(s->slot, C_bus_overruns_total, 1);
}

static bool
knows(const struct signals *s, int64_t agent_id, int64_t message_id)
{
	size_t i = (uint64_t)agent_id % SIGNALS_FETCHES;

	return s->fetched[i].agent_id == agent_id && s->fetched[i].message_id >= message_id;
}

struct due {
	struct due *next;
	int64_t agent_id;
	struct signal signal;
	bool written;
};

struct piece {
	int64_t from, to;
	bool begins; /* there is no mark yet */
	struct due *due;
	int n, failed, error;
};

/* Which messages are next: from the mark, or none at the very first. */
static int
find_range(struct cx *cx, struct piece *p)
{
	struct stmt *s;
	int rc = stmt_run_int(cx, stmt_get(cx->db, STMT_SIGNALS_THROUGH), &p->from);

	if (rc == 0) {
		p->begins = true;
		return stmt_run_int(cx, stmt_get(cx->db, STMT_MSG_LAST_ID), &p->to) < 0 ? -1 : 0;
	}
	if (rc < 0)
		return -1;
	s = stmt_get(cx->db, STMT_INDEX_UPTO);
	stmt_bind_int(s, 1, p->from);
	stmt_bind_int(s, 2, SIGNALS_BATCH);
	if ((rc = stmt_step(cx, s)) > 0) {
		p->to = stmt_int(s, 0);
		p->n = (int)stmt_int(s, 1);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
find_due(struct cx *cx, struct piece *p)
{
	struct stmt *s = stmt_get(cx->db, STMT_SIGNALS_DUE);
	int rc;

	stmt_bind_int(s, 1, p->from);
	stmt_bind_int(s, 2, p->to);
	while ((rc = stmt_step(cx, s)) > 0) {
		struct due *d = arena_new(cx->arena, struct due);

		d->agent_id = stmt_int(s, 0);
		d->signal = (struct signal){ .message_id = stmt_int(s, 1),
			.agent = stmt_str(s, 2, cx->arena),
			.project = stmt_str(s, 3, cx->arena),
			.from = stmt_str(s, 4, cx->arena),
			.subject = stmt_str(s, 5, cx->arena),
			.importance = stmt_str(s, 6, cx->arena),
			.created_ts = stmt_int(s, 7) };
		d->next = p->due;
		p->due = d;
	}
	stmt_done(s);
	return rc;
}

static void
write_all(struct signals *s, struct cx *cx, struct piece *p)
{
	for (struct due *d = p->due; d != NULL; d = d->next) {
		if (knows(s, d->agent_id, d->signal.message_id))
			continue;
		if ((p->error = signal_write(cx, &d->signal)) == 0) {
			d->written = true;
			continue;
		}
		p->failed++;
		log_warn("signal of %" PRIstr " in %" PRIstr ": %s", FSTR(d->signal.agent), FSTR(d->signal.project),
		    strerror(p->error));
	}
	/* Who fetched while its file was being written may have looked for it too early. */
	listen_to(s);
	for (struct due *d = p->due; d != NULL; d = d->next)
		if (d->written && knows(s, d->agent_id, d->signal.message_id))
			signal_remove(cx->arena, signal_path(cx->conf, cx->arena, d->signal.project, d->signal.agent),
			    d->signal.created_ts);
}

static int
note(struct cx *cx, void *arg)
{
	const struct piece *p = arg;
	struct stmt *s;

	for (const struct due *d = p->due; d != NULL; d = d->next) {
		if (!d->written)
			continue;
		s = stmt_get(cx->db, STMT_SIGNALS_NOTE);
		stmt_bind_int(s, 1, d->agent_id);
		stmt_bind_int(s, 2, d->signal.message_id);
		stmt_bind_time(s, 3, cx->now);
		if (stmt_run(cx, s) < 0)
			return -1;
	}
	s = stmt_get(cx->db, STMT_SIGNALS_SET_THROUGH);
	stmt_bind_int(s, 1, p->to);
	return stmt_run(cx, s);
}

int
signals_piece(struct signals *s, struct db *db, struct gate *gate, struct cx *cx)
{
	struct piece p = { .from = 0 };
	int written = 0;

	if (find_range(cx, &p) < 0 || (p.n > 0 && find_due(cx, &p) < 0))
		return -1;
	if (p.n == 0 && !p.begins)
		return 0;
	listen_to(s);
	write_all(s, cx, &p);
	for (const struct due *d = p.due; d != NULL; d = d->next)
		written += d->written;
	/* Nothing could be written: the place is at fault, and they are tried again. */
	if (p.failed > 0 && written == 0)
		return fail(cx, ERR_OS_ERROR, "notifications_signals_dir %" PRIstr ": %s",
		    FSTR(cx->conf->notifications_signals_dir), strerror(p.error));
	if (txn_once(db, gate, cx, note, &p) < 0)
		return -1;
	if (s->slot != NULL)
		counter_add(s->slot, C_signals_total, written);
	return p.n == SIGNALS_BATCH;
}

static int
forget(struct cx *cx, void *arg)
{
	return stmt_run(cx, stmt_get(cx->db, STMT_SIGNALS_FORGET));
}

int
signals_forget(struct db *db, struct gate *gate, struct cx *cx)
{
	int64_t through;
	int rc = stmt_run_int(cx, stmt_get(cx->db, STMT_SIGNALS_THROUGH), &through);

	return rc <= 0 ? rc : txn_once(db, gate, cx, forget, NULL);
}
