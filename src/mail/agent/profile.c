/*
 * profile - see profile.h. Called by REST.
 */
#include "mail/agent/profile.h"

#include "mail/contact/contact.h"
#include "mail/agent/agent.h"
#include "view/shape.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

/* Registration takes an unknown word for auto, as the reference does; who changes one thing means it. */
static int
attachments_word(struct cx *cx, struct str word, struct str *out)
{
	static const char *const words[] = { "auto", "inline", "file" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eqc_ci(str_trim(word), words[i])) {
			*out = str_c(words[i]);
			return 0;
		}
	return fail(cx, ERR_INVALID_POLICY, "attachments_policy: expected 'auto', 'inline' or 'file', got '%" PRIstr "'",
	    FSTR(str_cut_chars(word, 60)));
}

int
profile_update(struct cx *cx, struct agent *a, const struct profile_change *in)
{
	struct stmt *s;

	if (in->task_description.p != NULL)
		a->task_description = in->task_description;
	if ((in->attachments_policy.p != NULL && attachments_word(cx, in->attachments_policy, &a->attachments_policy) < 0) ||
	    (in->contact_policy.p != NULL && contact_set_policy(cx, a, in->contact_policy, &a->contact_policy) < 0))
		return -1;
	a->last_active_ts = cx->now;
	s = stmt_get(cx->db, STMT_AGENT_SET_PROFILE);
	stmt_bind_int(s, 1, a->id);
	stmt_bind_str(s, 2, a->task_description);
	stmt_bind_str(s, 3, a->attachments_policy);
	stmt_bind_str(s, 4, a->contact_policy);
	stmt_bind_time(s, 5, cx->now);
	if (stmt_run(cx, s) < 0 ||
	    cx_changed(cx, TOPIC_OF(AGENTS, a->project_id), a->retired_auto ? CHANGE_UNRETIRED : CHANGE_UPDATED, a->id) < 0)
		return -1;
	return outbox_add(cx, OUTBOX_AGENT, a->project_id, a->id, shape_profile(cx->arena, a));
}
