/*
 * purge_old_messages - old mail leaves the database, the archive keeps it (contract/messaging.md 12.4).
 */
#include "base/clock.h"
#include "conf/conf.h"
#include "mail/agent/auth.h"
#include "mail/project/project.h"
#include "mail/message/purge.h"
#include "store/cx.h"
#include "tool/tool.h"

struct purge_old_messages_in {
	struct p_str project_key, registration_token;
	struct p_int max_age_days;
	struct p_bool dry_run;
};

static const struct param params[] = {
	PROJECT_PARAM(purge_old_messages_in, project_key, P_REQUIRED),
	PARAM(purge_old_messages_in, max_age_days, P_INT, P_PLAIN,
	    "Older than so many days; default retention_max_age_days"),
	PARAM(purge_old_messages_in, dry_run, P_BOOL, P_PLAIN, "Only count", "true"),
	SECRET_PARAM(purge_old_messages_in, registration_token, 0, "Token of any of its agents"),
};

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	const struct purge_old_messages_in *in = arg;
	int64_t days = in->max_age_days.set ? in->max_age_days.v : cx->conf->retention_max_age_days;
	char date[CLOCK_ISO_SIZE];
	struct project p;
	struct purge gone;

	if (project_find(cx, in->project_key.v, &p) < 0 ||
	    auth_admin(cx, &p, in->registration_token.v, "purge_old_messages") < 0 ||
	    purge(cx, &p, days, in->dry_run.v, &gone) < 0)
		return -1;
	if (gone.left > 0)
		cx_warn(cx, "%lld more are as old: call again.", (long long)gone.left);
	if (gone.waiting > 0)
		cx_warn(cx, "%lld messages are as old, but not yet in the Git archive: they stay until they are.",
		    (long long)gone.waiting);
	jw_obj(out);
	jw_kcstr(out, "status", in->dry_run.v ? "dry_run" : "purged");
	jw_kint(out, "messages_affected", gone.messages);
	jw_kstr(out, "cutoff_date", (struct str){ date, clock_iso_naive(date, gone.cutoff) });
	jw_kint(out, "max_age_days", days);
	jw_end(out);
	return 0;
}

const struct tool tool_purge_old_messages = {
	.op.name = "purge_old_messages",
	.title = "Purge old mail",
	.op.desc =
	    "Remove old messages from the database; the Git archive keeps them. Only counts unless dry_run is false.",
	.cluster = "messaging",
	.capabilities = "messaging,write",
	OP_PARAMS(params, purge_old_messages_in),
	.op.flags = OP_WRITE | OP_NO_FORMAT,
	.cli = "purge",
	.op.run = run,
};
