/*
 * removal - deletes the rows of an agent or project step by step, and counts rows and files that
 * go.
 *
 * Called by the hard_delete tools and by REST. The counts of files come from the database: the
 * archiver removes them later, by a commit.
 */
#include "mail/ops/removal.h"

#include "mail/agent/agent.h"
#include "mail/project/project.h"
#include "mail/reservation/reserve.h"
#include "mail/build_slot/build_slot.h"
#include "store/archive_payload.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

/* Build slots of one agent that are ended; more expire by themselves. */
#define SLOTS_MAX 256

/* One statement with the first `nargs` numbers, and where the rows that it changed are counted. */
struct step {
	enum stmt_id stmt;
	int nargs;
	int64_t *count; /* NULL: not counted */
};

static int
run_steps(struct cx *cx, const struct step *steps, size_t n, const int64_t args[3])
{
	struct stmt *s;

	for (size_t i = 0; i < n; i++) {
		s = stmt_get(cx->db, steps[i].stmt);
		for (int k = 0; k < steps[i].nargs; k++)
			stmt_bind_int(s, k + 1, args[k]);
		if (stmt_run(cx, s) < 0)
			return -1;
		if (steps[i].count != NULL)
			*steps[i].count = db_changes(cx->db);
	}
	return 0;
}

/* Adds an agent's files to the count: its profile, copies of mail, and the directories below its own. */
static int
count_boxes(struct cx *cx, const struct agent *a, struct removal *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_REMOVE_COUNT_BOXES);
	int rc;

	stmt_bind_int(s, 1, a->id);
	stmt_bind_int(s, 2, a->project_id);
	if ((rc = stmt_step(cx, s)) > 0) {
		out->files += 1 + stmt_int(s, 0);
		out->dirs += stmt_int(s, 1) + stmt_int(s, 2) + stmt_int(s, 3);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

/* What lies beside the agents: mail, digests of threads, records of reservations. */
static int
count_mail(struct cx *cx, const struct project *p, struct removal *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_REMOVE_COUNT_MAIL);
	int64_t records = 0, messages = 0;
	int rc;

	stmt_bind_int(s, 1, p->id);
	if ((rc = stmt_step(cx, s)) > 0) {
		messages = stmt_int(s, 0);
		out->files += messages + stmt_int(s, 3);
		out->dirs += stmt_int(s, 1) + stmt_int(s, 2) + (messages > 0) + (stmt_int(s, 3) > 0);
	}
	stmt_done(s);
	if (rc < 0)
		return -1;
	s = stmt_get(cx->db, STMT_REMOVE_COUNT_LEASES);
	stmt_bind_int(s, 1, p->id);
	if (stmt_run_int(cx, s, &records) < 0)
		return -1;
	out->files += records;
	out->dirs += records > 0;
	return 0;
}

/* Files of pictures, and the directories that they lie in: attachments, _manifests, _audit, originals. */
static int
count_pictures(struct cx *cx, const struct project *p, struct removal *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_REMOVE_COUNT_PICTURES);
	int rc;

	stmt_bind_int(s, 1, p->id);
	if ((rc = stmt_step(cx, s)) > 0 && stmt_int(s, 0) > 0) {
		out->files += 3 * stmt_int(s, 0) + stmt_int(s, 1);
		out->dirs += 3 + stmt_int(s, 2) + stmt_int(s, 3) + (stmt_int(s, 1) > 0);
	}
	stmt_done(s);
	return rc < 0 ? -1 : 0;
}

static int
queue_files(struct cx *cx, const struct project *p, const struct agent *a)
{
	return archive_queue_add(cx, QUEUE_REMOVAL, p->id, a != NULL ? a->id : p->id,
	    removal_payload(cx->arena, a != NULL ? a->name : STR_NONE));
}

/* Ends the agent's build slots and queues their files, so that the archive says that they are over. */
static int
release_slots(struct cx *cx, const struct project *p, const struct agent *a)
{
	struct stmt *s = stmt_get(cx->db, STMT_REMOVE_SLOTS_HELD);
	struct build_slot_key keys[SLOTS_MAX];
	struct build_slot over;
	size_t n = 0;
	int rc = 0;

	stmt_bind_int(s, 1, a->id);
	stmt_bind_int(s, 2, p->id);
	while (n < SLOTS_MAX && (rc = stmt_step(cx, s)) > 0)
		keys[n++] = (struct build_slot_key){ stmt_str(s, 0, cx->arena), stmt_str(s, 1, cx->arena) };
	stmt_done(s);
	for (size_t i = 0; i < n && rc >= 0; i++)
		rc = build_slot_release(cx, p, a, &keys[i], &over);
	return rc < 0 ? -1 : 0;
}

int
removal_agent(struct cx *cx, const struct project *p, const struct agent *a, struct removal *out)
{
	const struct step steps[] = {
		{ STMT_REMOVE_AGENT_SUMMARIES, 2, &out->summaries },
		{ STMT_REMOVE_AGENT_ANSWERS, 2, NULL },
		{ STMT_REMOVE_RECEIVED_NOTE, 2, NULL },
		{ STMT_REMOVE_RECEIVED, 1, &out->recipients },
		{ STMT_REMOVE_SENT_INDEX, 2, NULL },
		{ STMT_REMOVE_SENT_NOTE, 3, NULL },
		{ STMT_REMOVE_SENT_RECIPIENTS, 2, &out->sent_recipients },
		{ STMT_REMOVE_SENT_PICTURES, 2, NULL },
		{ STMT_REMOVE_UNUSED_PICTURES, 2, NULL },
		{ STMT_REMOVE_AGENT_ATTACHMENTS, 1, NULL },
		{ STMT_REMOVE_SENT, 2, &out->messages },
		{ STMT_REMOVE_AGENT_RESERVATIONS, 2, &out->reservations },
		{ STMT_REMOVE_AGENT_SLOTS, 2, NULL },
		{ STMT_REMOVE_AGENT_LINKS, 1, &out->links },
		{ STMT_REMOVE_AGENT_WINDOWS, 2, &out->windows },
		{ STMT_REMOVE_AGENT_TRAFFIC, 1, NULL },
		{ STMT_REMOVE_AGENT_BINDINGS, 1, NULL },
		{ STMT_REMOVE_AGENT, 3, &out->agents },
	};
	const struct reserve_filter all = { .by_path = false };
	struct reservations released;

	*out = (struct removal){ .agents = 0 };
	/* The archive's records of its reservations say that they are over; guards read them. */
	if (count_boxes(cx, a, out) < 0 || reserve_release(cx, p, a, &all, &released) < 0 ||
	    release_slots(cx, p, a) < 0 ||
	    run_steps(cx, steps, sizeof(steps) / sizeof(steps[0]), (const int64_t[]){ a->id, p->id, cx->now }) < 0 ||
	    cx_changed(cx, TOPIC_OF(AGENTS, p->id), CHANGE_DELETED, a->id) < 0)
		return -1;
	return queue_files(cx, p, a);
}

/* Whoever follows something of the project hears that it is gone. */
static int
tell_of_project(struct cx *cx, const struct project *p, const struct agents *agents)
{
	for (size_t i = 0; i < agents->n; i++)
		if (cx_changed(cx, TOPIC_OF(AGENTS, p->id), CHANGE_DELETED, agents->v[i].id) < 0)
			return -1;
	if (cx_changed(cx, TOPIC_OF(RESERVATIONS, p->id), CHANGE_DELETED, 0) < 0 ||
	    cx_changed(cx, TOPIC_OF(BUILD_SLOTS, p->id), CHANGE_DELETED, 0) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(PROJECTS, 0), CHANGE_DELETED, p->id);
}

int
removal_project(struct cx *cx, const struct project *p, struct removal *out)
{
	const struct step steps[] = {
		{ STMT_REMOVE_ALL_INDEX, 1, NULL },
		{ STMT_REMOVE_ALL_NOTE, 2, NULL },
		{ STMT_REMOVE_ALL_RECIPIENTS, 1, &out->recipients },
		{ STMT_REMOVE_ALL_LINKS, 1, NULL },
		{ STMT_REMOVE_ALL_PICTURES, 1, NULL },
		{ STMT_REMOVE_ATTACHMENTS, 1, NULL },
		{ STMT_REMOVE_ALL, 1, &out->messages },
		{ STMT_REMOVE_RESERVATIONS, 1, &out->reservations },
		{ STMT_REMOVE_SLOTS, 1, NULL },
		{ STMT_REMOVE_LINKS, 1, &out->links },
		{ STMT_REMOVE_WINDOWS, 1, &out->windows },
		{ STMT_REMOVE_TRAFFIC, 1, NULL },
		{ STMT_REMOVE_BINDINGS, 1, NULL },
		{ STMT_REMOVE_ANSWERS, 1, NULL },
		{ STMT_REMOVE_SUMMARIES, 1, &out->summaries },
		{ STMT_REMOVE_SIBLINGS, 1, &out->siblings },
		{ STMT_REMOVE_MACROS, 1, NULL },
		{ STMT_REMOVE_SNAPSHOTS, 1, NULL },
		{ STMT_REMOVE_PRODUCT_LINKS, 1, &out->product_links },
		{ STMT_REMOVE_AGENTS, 2, &out->agents },
		{ STMT_PROJECT_DELETE, 2, NULL },
	};
	struct agents agents;

	*out = (struct removal){ .agents = 0 };
	if (agent_list(cx, p->id, AGENTS_BY_ID, &agents) < 0 || count_mail(cx, p, out) < 0 ||
	    count_pictures(cx, p, out) < 0)
		return -1;
	for (size_t i = 0; i < agents.n; i++)
		if (count_boxes(cx, &agents.v[i], out) < 0)
			return -1;
	out->dirs += (int64_t)agents.n + (agents.n > 0);
	if (run_steps(cx, steps, sizeof(steps) / sizeof(steps[0]), (const int64_t[]){ p->id, cx->now, 0 }) < 0 ||
	    tell_of_project(cx, p, &agents) < 0)
		return -1;
	return queue_files(cx, p, NULL);
}
