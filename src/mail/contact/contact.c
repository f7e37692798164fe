/*
 * contact - links as rows, their list, and policies. The question about a
 * recipient is in contact_check.c, requests and answers in contact_request.c.
 */
#include "mail/contact/contact.h"

#include "mail/agent/agent_row.h"
#include "mail/contact/contact_link.h"
#include "mail/agent/names.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/db.h"
#include "store/stmt.h"

#define LIST_MAX 1000

static void
read_link(struct cx *cx, struct stmt *s, struct contact_link *out)
{
	out->id = stmt_int(s, 0);
	out->a_project_id = stmt_int(s, 1);
	out->a_agent_id = stmt_int(s, 2);
	out->b_project_id = stmt_int(s, 3);
	out->b_agent_id = stmt_int(s, 4);
	out->status = stmt_str(s, 5, cx->arena);
	out->reason = stmt_str(s, 6, cx->arena);
	out->created_ts = stmt_int(s, 7);
	out->updated_ts = stmt_int(s, 8);
	out->expires_ts = stmt_int(s, 9);
	out->notified_ts = stmt_int(s, 10);
}

int
link_get(struct cx *cx, int64_t a_agent_id, int64_t b_agent_id, struct contact_link *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_LINK_GET);
	int rc;

	stmt_bind_int(s, 1, a_agent_id);
	stmt_bind_int(s, 2, b_agent_id);
	if ((rc = stmt_step(cx, s)) > 0)
		read_link(cx, s, out);
	stmt_done(s);
	return rc;
}

static int
link_insert(struct cx *cx, struct contact_link *link)
{
	struct stmt *s = stmt_get(cx->db, STMT_LINK_INSERT);

	link->created_ts = cx->now;
	stmt_bind_int(s, 1, link->a_project_id);
	stmt_bind_int(s, 2, link->a_agent_id);
	stmt_bind_int(s, 3, link->b_project_id);
	stmt_bind_int(s, 4, link->b_agent_id);
	stmt_bind_str(s, 5, link->status);
	stmt_bind_str(s, 6, link->reason);
	stmt_bind_time(s, 7, link->created_ts);
	stmt_bind_time(s, 8, link->updated_ts);
	stmt_bind_time(s, 9, link->expires_ts);
	stmt_bind_time(s, 10, link->notified_ts);
	if (stmt_run(cx, s) < 0)
		return -1;
	link->id = db_last_id(cx->db);
	return 0;
}

static int
link_update(struct cx *cx, const struct contact_link *link)
{
	struct stmt *s = stmt_get(cx->db, STMT_LINK_UPDATE);

	stmt_bind_int(s, 1, link->id);
	stmt_bind_str(s, 2, link->status);
	stmt_bind_str(s, 3, link->reason);
	stmt_bind_time(s, 4, link->updated_ts);
	stmt_bind_time(s, 5, link->expires_ts);
	stmt_bind_time(s, 6, link->notified_ts);
	return stmt_run(cx, s);
}

int
contact_store(struct cx *cx, struct contact_link *link)
{
	enum change_what what = link_is(link, "approved") ? CHANGE_APPROVED
	    : link_is(link, "blocked")                    ? CHANGE_BLOCKED
							  : CHANGE_REQUESTED;

	link->updated_ts = cx->now;
	if ((link->id == 0 ? link_insert(cx, link) : link_update(cx, link)) < 0 ||
	    cx_changed(cx, TOPIC_OF(CONTACTS, link->a_agent_id), what, link->id) < 0)
		return -1;
	return cx_changed(cx, TOPIC_OF(CONTACTS, link->b_agent_id), what, link->id);
}

struct contact_link
link_of(const struct contact_pair *pair)
{
	return (struct contact_link){ .a_project_id = pair->from_project.id,
		.a_agent_id = pair->from.id,
		.b_project_id = pair->to_project.id,
		.b_agent_id = pair->to.id,
		.status = STR("pending"),
		.reason = STR("") };
}

bool
link_live(const struct cx *cx, const struct contact_link *link)
{
	return link->expires_ts == 0 || link->expires_ts > cx->now;
}

bool
link_is(const struct contact_link *link, const char *status)
{
	return str_eqc(link->status, status);
}

int
contact_find_linked(struct cx *cx, const struct agent *sender, int64_t project_id, struct str name, struct agent *out)
{
	struct stmt *s;

	name = str_trim(name);
	s = stmt_get(cx->db, STMT_LINK_FOREIGN);
	stmt_bind_int(s, 1, sender->id);
	stmt_bind_int(s, 2, cx->now);
	stmt_bind_int(s, 3, project_id);
	stmt_bind_str(s, 4, name);
	stmt_bind_str(s, 5, name_key(cx->arena, name));
	return agent_row_one(cx, s, out);
}

static void
read_row(struct cx *cx, struct stmt *s, struct contact_row *out)
{
	read_link(cx, s, &out->link);
	out->to = stmt_str(s, 11, cx->arena);
	out->to_project = stmt_str(s, 12, cx->arena);
	out->is_expired = !link_is(&out->link, "blocked") && !link_live(cx, &out->link);
	out->allows_messaging = link_is(&out->link, "approved") && !out->is_expired;
}

int
contact_list(struct cx *cx, int64_t agent_id, struct contact_rows *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_LINK_LIST);
	size_t room = 16;
	int rc;

	*out = (struct contact_rows){ arena_array(cx->arena, struct contact_row, room), 0 };
	stmt_bind_int(s, 1, agent_id);
	stmt_bind_int(s, 2, LIST_MAX);
	while ((rc = stmt_step(cx, s)) > 0) {
		if (out->n == room) {
			struct contact_row *more = arena_array(cx->arena, struct contact_row, room *= 2);

			for (size_t i = 0; i < out->n; i++)
				more[i] = out->v[i];
			out->v = more;
		}
		read_row(cx, s, &out->v[out->n++]);
	}
	stmt_done(s);
	return rc;
}
