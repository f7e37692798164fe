/*
 * resource://mailbox/{agent}, mailbox-with-commits/{agent} - an agent's inbox
 * without filters; for the second the helper looks what the commits say
 * (contract/reservations-resources.md 8.11, decision 3.54).
 */
#include "base/json_read.h"
#include "conf/conf.h"
#include "ipc/query/archive.h"
#include "mail/message/inbox.h"
#include "view/shape_message.h"
#include "resource/message/mail_list.h"
#include "resource/resource.h"
#include "store/cx.h"

/* A query has room for so many; messages beyond keep their commit's id alone. */
#define COMMITS_MAX 500

struct mailbox_resource_in {
	struct p_str agent, project, agent_token;
	struct p_int limit;
};

static const struct param params[] = {
	AGENT_PARAM(mailbox_resource_in, agent, P_REQUIRED | P_PATH, "Name of the agent"),
	PARAM(mailbox_resource_in, project, P_STR, 0, "Slug or path of the project; required"),
	PARAM(mailbox_resource_in, limit, P_INT, 0, "At most so many", "20"),
	TOKEN_PARAM(mailbox_resource_in, agent_token, 0),
};

static const struct mail_list_at plain_at = { "resource://mailbox/{agent}", "mailbox resource" };
static const struct mail_list_at commits_at = { "resource://mailbox-with-commits/{agent}",
	"mailbox-with-commits resource" };

/* What the helper found, as archive/query/query.h has it; absent for nothing. */
static struct jr
commits(struct cx *cx)
{
	struct archive_result r;
	struct jr_error err;
	struct jr v;

	if (!archive_result_get(cx->arena, cx->query_result, &r) || r.end != ARCHIVE_FOUND ||
	    !jr_parse(cx->arena, r.json, &v, &err))
		return JR_NONE;
	return v;
}

static int
list(struct cx *cx, const struct mail_list_at *at, const void *arg, struct jw *out)
{
	const struct mailbox_resource_in *in = arg;
	struct inbox_query q = { .limit = mail_list_limit(in->limit.v) };
	struct mail_list l;

	if (mail_list_open(
		cx, at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_KIND | SHAPE_READ | SHAPE_COMMIT, &l) != 0)
		return -1;
	l.commits = commits(cx);
	if (inbox_each(cx, &l.project, &l.agent, &q, mail_list_row, &l) != 0)
		return -1;
	mail_list_close(&l, out);
	return 0;
}

static int
run(struct cx *cx, const void *arg, struct jw *out)
{
	return list(cx, &plain_at, arg, out);
}

static int
run_with_commits(struct cx *cx, const void *arg, struct jw *out)
{
	return list(cx, &commits_at, arg, out);
}

struct items {
	struct archive_item v[COMMITS_MAX];
	size_t n;
};

static int
add_item(struct cx *cx, const struct message *m, void *arg)
{
	struct items *items = arg;

	if (m->commit_id.p != NULL && items->n < COMMITS_MAX)
		items->v[items->n++] = (struct archive_item){ m->id, arena_dup(cx->arena, m->commit_id) };
	return 0;
}

static int
query_commits(struct cx *cx, const void *arg, struct buf *out)
{
	const struct mailbox_resource_in *in = arg;
	struct inbox_query q = { .limit = mail_list_limit(in->limit.v) };
	struct items *items = arena_new(cx->arena, struct items);
	struct mail_list l;

	if (mail_list_open(cx, &commits_at, in->project.v, in->agent.v, in->agent_token.v, SHAPE_COMMIT, &l) != 0 ||
	    inbox_each(cx, &l.project, &l.agent, &q, add_item, items) != 0)
		return -1;
	archive_query_put(out,
	    &(struct archive_query){
		.what = ARCHIVE_CHANGES, .dir = cx->conf->storage_root, .items = items->v, .nitems = items->n });
	return items->n > 0;
}

const struct resource resource_mailbox = {
	.op.name = "mailbox_resource",
	.uri = "resource://mailbox/{agent}",
	.op.desc = "Newest messages to an agent without bodies, each with the commit of its archive file",
	OP_PARAMS(params, mailbox_resource_in),
	.op.run = run,
};

const struct resource resource_mailbox_with_commits = {
	.op.name = "mailbox_with_commits_resource",
	.uri = "resource://mailbox-with-commits/{agent}",
	.op.desc = "The same as resource://mailbox, with what each commit changed",
	OP_PARAMS(params, mailbox_resource_in),
	.op.query = query_commits,
	.op.run = run_with_commits,
};
