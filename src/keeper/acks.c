/*
 * acks - finds mail whose acknowledgement is overdue, message by message behind its mark, logs it
 * and reserves the inbox if that is wanted.
 *
 * One piece is one transaction over a few messages. Mail is read, never changed.
 */
#include "keeper/acks.h"

#include <stdint.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "mail/reservation/reserve.h"
#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "store/cx.h"
#include "store/stmt.h"
#include "store/txn.h"

struct letter {
	int64_t id, project_id, created_ts;
};

struct late {
	struct letter v[ACKS_BATCH];
	int n;
};

/* The next ones that are overdue. Times rise with ids: what follows the first that is not overdue can wait. */
static int
find_late(struct cx *cx, struct late *late)
{
	struct stmt *s;
	int64_t through = 0, before = cx->now - cx->conf->ack_ttl;
	int rc;

	if (stmt_run_int(cx, stmt_get(cx->db, STMT_ACKS_THROUGH), &through) < 0)
		return -1;
	s = stmt_get(cx->db, STMT_ACKS_NEXT);
	stmt_bind_int(s, 1, through);
	stmt_bind_int(s, 2, ACKS_BATCH);
	while ((rc = stmt_step(cx, s)) > 0) {
		if (stmt_int(s, 2) > before)
			break;
		late->v[late->n++] = (struct letter){ stmt_int(s, 0), stmt_int(s, 1), stmt_int(s, 2) };
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

/* Who holds the reservation: the recipient, or the agent that the configuration names. */
static int
holder(struct cx *cx, const struct project *p, const struct agent *recipient, struct agent *out)
{
	struct agent_registration in = { .project = p,
		.name = cx->conf->ack_escalation_claim_holder_name,
		.program = STR("ops"),
		.model = STR("system"),
		.task_description = STR("ops-escalation") };
	int rc = 1;

	*out = *recipient;
	if (!str_blank(in.name))
		rc = agent_lookup_exact(cx, p->id, in.name, out);
	return rc > 0 ? 0 : rc < 0 ? -1 : agent_create_service(cx, &in, out);
}

struct escalation {
	const struct letter *letter;
	struct agent recipient;
};

/* Reserves the files of the month that the letter came in. */
static int
reserve_inbox(struct cx *cx, void *arg)
{
	const struct escalation *e = arg;
	time_t at = (time_t)(e->letter->created_ts / USEC);
	struct str pattern;
	struct reserve_result result;
	struct project p;
	struct agent who;
	struct tm tm;
	int rc = project_by_id(cx, e->letter->project_id, &p);

	if (rc <= 0)
		return rc;
	if (holder(cx, &p, &e->recipient, &who) < 0)
		return -1;
	gmtime_r(&at, &tm);
	pattern = arena_printf(cx->arena, "agents/%" PRIstr "/inbox/%04d/%02d/*.md", FSTR(e->recipient.name),
	    tm.tm_year + 1900, tm.tm_mon + 1);
	return reserve_paths(cx, &p, &who,
	    &(struct reserve_request){ .paths = { &pattern, 1 },
		.ttl_seconds = cx->conf->ack_escalation_claim_ttl / USEC,
		.exclusive = cx->conf->ack_escalation_claim_exclusive,
		.reason = STR("ack-overdue"),
		.unattended = true },
	    &result);
}

static bool
escalates(const struct conf *conf)
{
	return conf->ack_escalation_enabled && conf->ack_escalation_mode == ACK_FILE_RESERVATION;
}

struct line {
	struct letter letter;
	int64_t agent_id, age_s, ttl_s;
};

static void
write_line(void *arg)
{
	const struct line *l = arg;

	log_warn("ack_overdue message_id=%lld project_id=%lld agent_id=%lld age_s=%lld ttl_s=%lld",
	    (long long)l->letter.id, (long long)l->letter.project_id, (long long)l->agent_id, (long long)l->age_s,
	    (long long)l->ttl_s);
}

/* A reservation that cannot be made stops no reminder. */
static int
remind(struct cx *cx, struct escalation *e)
{
	struct line *line = arena_new(cx->arena, struct line);

	*line = (struct line){ *e->letter, e->recipient.id, (cx->now - e->letter->created_ts) / USEC,
		cx->conf->ack_ttl / USEC };
	cx_after_commit(cx, write_line, line);
	if (!escalates(cx->conf) || txn_part(cx, reserve_inbox, e) == 0)
		return 0;
	log_warn("ack_overdue message_id=%lld: no reservation: %" PRIstr, (long long)e->letter->id, FSTR(cx->fail.msg));
	fail_clear(&cx->fail);
	return 0;
}

/* Looks up the next agent, by id after `after`, who has not acknowledged the message. */
static int
next_missing(struct cx *cx, const struct letter *letter, int64_t after, struct agent *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_ACKS_MISSING);
	int64_t id = 0;
	int rc;

	stmt_bind_int(s, 1, letter->id);
	stmt_bind_int(s, 2, after);
	rc = stmt_run_int(cx, s, &id);
	return rc <= 0 ? rc : agent_by_id(cx, id, out);
}

static int
remind_all(struct cx *cx, const struct letter *letter)
{
	struct escalation e = { .letter = letter };
	int rc;

	while ((rc = next_missing(cx, letter, e.recipient.id, &e.recipient)) > 0)
		if (remind(cx, &e) < 0)
			return -1;
	return rc;
}

static int
remind_piece(struct cx *cx, void *arg)
{
	const struct late *late = arg;
	int64_t through = 0;
	struct stmt *s;

	/* Another keeper, of the generation before, may have been here in the meantime. */
	if (stmt_run_int(cx, stmt_get(cx->db, STMT_ACKS_THROUGH), &through) < 0)
		return -1;
	for (int i = 0; i < late->n; i++)
		if (late->v[i].id > through && remind_all(cx, &late->v[i]) < 0)
			return -1;
	s = stmt_get(cx->db, STMT_ACKS_SET_THROUGH);
	stmt_bind_int(s, 1, late->v[late->n - 1].id);
	return stmt_run(cx, s);
}

int
acks_remind(struct db *db, struct gate *gate, struct cx *cx)
{
	struct late late = { .n = 0 };

	if (find_late(cx, &late) < 0)
		return -1;
	if (late.n > 0 && txn_once(db, gate, cx, remind_piece, &late) < 0)
		return -1;
	return late.n == ACKS_BATCH;
}
