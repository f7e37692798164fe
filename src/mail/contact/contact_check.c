/*
 * contact_check - may A write to B? Asked by send and reply for each recipient,
 * and by broadcasts, which leave out whom they may not reach.
 */
#include "conf/conf.h"
#include "mail/contact/contact.h"
#include "mail/contact/contact_link.h"
#include "mail/reservation/pattern.h"
#include "mail/rules.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Reservations of one agent that are compared, newest first: the comparison is quadratic. */
#define RESERVED_MAX 64

/* Whether there was mail in either direction within contact_auto_ttl. */
static int
recent(struct cx *cx, int64_t a, int64_t b)
{
	struct stmt *s = stmt_get(cx->db, STMT_TRAFFIC_SINCE);
	int64_t one;

	stmt_bind_int(s, 1, a);
	stmt_bind_int(s, 2, b);
	stmt_bind_int(s, 3, cx->now - cx->conf->contact_auto_ttl);
	return stmt_run_int(cx, s, &one);
}

static int
thread_has(struct cx *cx, enum stmt_id id, const struct contact_sender *from, int64_t root, int64_t to)
{
	struct stmt *s = stmt_get(cx->db, id);
	int64_t one;

	stmt_bind_int(s, 1, from->project->id);
	if (root > 0)
		stmt_bind_int(s, 2, root);
	else
		stmt_bind_str(s, 2, from->thread);
	stmt_bind_int(s, 3, from->agent->id);
	stmt_bind_int(s, 4, to);
	return stmt_run_int(cx, s, &one);
}

/*
 * Whether both have written or received mail of the thread. Its messages carry its key; the root
 * is known by its number.
 */
static int
in_thread(struct cx *cx, const struct contact_sender *from, const struct agent *to)
{
	bool local = to->project_id == from->project->id;
	int64_t root;
	int rc;

	if (from->thread.n == 0)
		return 0;
	rc = thread_has(cx, local ? STMT_CONTACT_THREAD : STMT_CONTACT_THREAD_FROM, from, 0, to->id);
	if (rc != 0 || !str_int(from->thread, &root) || root <= 0)
		return rc;
	return thread_has(cx, local ? STMT_CONTACT_THREAD_ROOT : STMT_CONTACT_THREAD_ROOT_FROM, from, root, to->id);
}

static int
reserved(struct cx *cx, int64_t agent_id, const struct pattern *out[RESERVED_MAX], size_t *n)
{
	struct stmt *s = stmt_get(cx->db, STMT_CONTACT_RESERVED);
	int rc;

	stmt_bind_int(s, 1, agent_id);
	stmt_bind_int(s, 2, cx->now);
	stmt_bind_int(s, 3, RESERVED_MAX);
	for (*n = 0; (rc = stmt_step(cx, s)) > 0; (*n)++)
		out[*n] = pattern_new(cx->arena, stmt_str(s, 0, cx->arena));
	stmt_done(s);
	return rc;
}

/* Whether their reservations overlap: both work on the same files. */
static int
overlap(struct cx *cx, int64_t a, int64_t b)
{
	const struct pattern *mine[RESERVED_MAX], *theirs[RESERVED_MAX];
	size_t n, m;

	if (reserved(cx, a, mine, &n) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (reserved(cx, b, theirs, &m) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m; j++)
			if (pattern_overlap(mine[i], theirs[j]))
				return 1;
	return 0;
}

/*
 * True with *out where the link, the policy or a setting decides alone; what nobody is exempt
 * from (decision 3.37) is among it.
 */
static bool
settled(struct cx *cx, const struct contact_sender *from, const struct agent *to, const struct contact_link *link,
    enum contact_verdict *out)
{
	bool local = to->project_id == from->project->id;

	if (link != NULL && link_is(link, "blocked"))
		*out = CONTACT_CLOSED;
	else if (link != NULL && link_is(link, "approved") && link_live(cx, link))
		*out = CONTACT_OK;
	else if (local && (!cx->conf->contact_enforcement_enabled || str_eqc_ci(to->contact_policy, "open")))
		*out = CONTACT_OK;
	else if (local && cx->rules->contact.auto_is_open && !str_eqc_ci(to->contact_policy, "contacts_only"))
		*out = CONTACT_OK;
	else
		return false;
	return true;
}

/* Whether the sender may write without having asked. */
static int
exempt(struct cx *cx, const struct contact_sender *from, const struct agent *to)
{
	bool local = to->project_id == from->project->id;
	int rc = 0;

	if (local && !str_eqc_ci(to->contact_policy, "contacts_only"))
		rc = recent(cx, from->agent->id, to->id);
	if (rc == 0)
		rc = in_thread(cx, from, to);
	if (rc == 0 && local && from->reservations)
		rc = overlap(cx, from->agent->id, to->id);
	return rc;
}

int
contact_check(struct cx *cx, const struct contact_sender *from, const struct agent *to, enum contact_verdict *out)
{
	struct contact_link link;
	int rc;

	*out = CONTACT_OK;
	if (to->retired_at != 0)
		*out = CONTACT_RETIRED;
	else if (to->id != from->agent->id && str_eqc_ci(to->contact_policy, "block_all"))
		*out = CONTACT_CLOSED;
	if (*out != CONTACT_OK || to->id == from->agent->id)
		return 0;
	if ((rc = link_get(cx, from->agent->id, to->id, &link)) < 0)
		return -1;
	if (settled(cx, from, to, rc > 0 ? &link : NULL, out))
		return 0;
	if ((rc = exempt(cx, from, to)) < 0)
		return -1;
	*out = rc > 0 ? CONTACT_OK : CONTACT_NEEDED;
	return 0;
}

int
contact_refuse(struct cx *cx, const struct agent *to, enum contact_verdict v)
{
	if (v == CONTACT_RETIRED)
		return agent_must_not_be_retired(cx, to);
	return fail(cx, ERR_CONTACT_BLOCKED, "Recipient is not accepting messages.");
}
