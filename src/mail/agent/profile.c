/*
 * profile - changes what an agent says of itself, only those members that were given, and queues
 * its profile for the archive. Called by REST.
 */
#include "mail/agent/profile.h"

#include "mail/agent/agent.h"
#include "mail/agent/agent_archive.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/stmt.h"

/* Registration takes an unknown word for auto, as the reference does; who changes one thing means it. */
static int
attachments_word(struct cx *cx, struct str word, struct str *out)
{
	static const char *const words[] = { "auto", "inline", "file" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_eqc_ci(str_trim(word), words[i])) {
			*out = str_c(words[i]);
			return 0;
		}
	return fail(cx, ERR_INVALID_POLICY,
	    "attachments_policy: expected 'auto', 'inline' or 'file', got '%" PRIstr "'", FSTR(str_cut_chars(word, 60)));
}

int
agent_set_contact_policy(struct cx *cx, const struct agent *a, struct str word, struct str *policy)
{
	static struct str words[] = { LIT("open"), LIT("auto"), LIT("contacts_only"), LIT("block_all") };
	struct str_list list = { words, sizeof(words) / sizeof(words[0]) };
	struct jw *w;
	struct stmt *s;

	for (size_t i = 0; i < list.n; i++) {
		if (!str_eq_ci(str_trim(word), words[i]))
			continue;
		*policy = words[i];
		s = stmt_get(cx->db, STMT_AGENT_SET_CONTACT_POLICY);
		stmt_bind_int(s, 1, a->id);
		stmt_bind_str(s, 2, words[i]);
		if (stmt_run(cx, s) < 0)
			return -1;
		return cx_changed(cx, TOPIC_OF(AGENTS, a->project_id), CHANGE_UPDATED, a->id);
	}
	fail(cx, ERR_INVALID_POLICY,
	    "policy: expected 'open', 'auto', 'contacts_only' or 'block_all', got '%" PRIstr "'",
	    FSTR(str_cut_chars(word, 60)));
	w = fail_data(cx);
	jw_kstr(w, "provided", str_cut_chars(word, 60));
	jw_kstrs(w, "expected", &list);
	return -1;
}

int
profile_update(struct cx *cx, struct agent *a, const struct profile_change *in)
{
	struct stmt *s;

	if (in->task_description.p != NULL)
		a->task_description = in->task_description;
	if ((in->attachments_policy.p != NULL &&
		attachments_word(cx, in->attachments_policy, &a->attachments_policy) < 0) ||
	    (in->contact_policy.p != NULL &&
		agent_set_contact_policy(cx, a, in->contact_policy, &a->contact_policy) < 0))
		return -1;
	a->last_active_ts = cx->now;
	s = stmt_get(cx->db, STMT_AGENT_SET_PROFILE);
	stmt_bind_int(s, 1, a->id);
	stmt_bind_str(s, 2, a->task_description);
	stmt_bind_str(s, 3, a->attachments_policy);
	stmt_bind_str(s, 4, a->contact_policy);
	stmt_bind_time(s, 5, cx->now);
	if (stmt_run(cx, s) < 0 ||
	    cx_changed(
		cx, TOPIC_OF(AGENTS, a->project_id), a->retired_auto ? CHANGE_UNRETIRED : CHANGE_UPDATED, a->id) < 0)
		return -1;
	return agent_to_archive(cx, a);
}
