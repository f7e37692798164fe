/*
 * mail_list - the frame of the mailbox resources: parameters, authentication, the walk, the object
 * around the rows.
 */
#include "resource/message/mail_list.h"

#include <string.h>

#include "mail/agent/auth.h"
#include "view/shape_message.h"
#include "store/cx.h"

int
mail_list_need_project(struct cx *cx, struct str project, const char *label)
{
	if (project.p && !str_blank(project))
		return 0;
	return fail(cx, ERR_INVALID_ARGUMENT, "project parameter is required for %s", label);
}

int
mail_list_open(struct cx *cx, const struct mail_list_at *at, struct str project, struct str agent, struct str token,
    unsigned flags, struct mail_list *l)
{
	memset(l, 0, sizeof(*l));
	l->flags = flags;
	if (mail_list_need_project(cx, project, at->label) != 0 || project_find(cx, project, &l->project) != 0 ||
	    auth_agent(cx, &l->project, agent, token, at->uri, "agent_token", &l->agent) != 0)
		return -1;
	buf_init(&l->rows, cx->arena);
	jw_init(&l->w, &l->rows, JW_COMPACT);
	jw_arr(&l->w);
	return 0;
}

/* What Git says of the message's commit; absent when it says nothing. */
static struct str
commit_of(struct cx *cx, const struct mail_list *l, int64_t message)
{
	struct buf text;

	for (size_t i = 0; i < jr_len(l->commits); i++) {
		if (jr_int(jr_get(jr_at(l->commits, i), "id")) != message)
			continue;
		buf_init(&text, cx->arena);
		jr_write(jr_get(jr_at(l->commits, i), "commit"), &text);
		return buf_flat(&text);
	}
	return STR_NONE;
}

int
mail_list_row(struct cx *cx, const struct message *m, void *arg)
{
	struct mail_list *l = arg;
	struct message row = *m;

	row.commit = commit_of(cx, l, m->id);
	shape_message(&l->w, &row, l->flags);
	l->count++;
	return 0;
}

void
mail_list_close(struct mail_list *l, struct jw *out)
{
	jw_end(&l->w);
	jw_obj(out);
	jw_kstr(out, "project", l->project.human_key);
	jw_kstr(out, "agent", l->agent.name);
	jw_kint(out, "count", l->count);
	jw_key(out, "messages");
	jw_raw_buf(out, &l->rows);
	jw_end(out);
}

int64_t
mail_list_limit(int64_t limit)
{
	return limit < 0 || limit > MESSAGE_LIST_MAX ? MESSAGE_LIST_MAX : limit;
}
