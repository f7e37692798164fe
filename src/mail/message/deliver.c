/*
 * deliver - the one place where messages come into being: the row, its recipients, traffic,
 * events, and the entry in the archive queue.
 *
 * Rights, contacts and recipients were judged before. All of it is one transaction.
 */
#include "mail/message/deliver.h"

#include <string.h>

#include "base/clock.h"
#include "mail/agent/agent.h"
#include "mail/agent/window.h"
#include "mail/project/project.h"
#include "mail/message/picture.h"
#include "store/changes.h"
#include "store/cx.h"
#include "store/archive_queue.h"
#include "store/stmt.h"

const char *const recipient_kinds[RECIPIENT_KINDS] = { "to", "cc", "bcc" };

/* check_surfaces - asks whether reservations of others cover the files that this message becomes. */
static int
check_surfaces(struct cx *cx, const struct outgoing *in, struct mail_blocks *out)
{
	struct mail_surfaces s = {
		.sender_id = in->sender->id,
		.sender = in->sender_project->id == in->project->id ? in->sender->name : STR_NONE,
		.thread_id = in->thread_id,
		.attachments = in->attaches,
	};

	s.recipients.v = arena_array(cx->arena, struct str, in->nrecipients);
	for (size_t i = 0; i < in->nrecipients; i++)
		s.recipients.v[s.recipients.n++] = in->recipients[i].name;
	return reserve_blocks_mail(cx, in->project, &s, out);
}

/* A newest message that is further than this in the future comes from a wrong clock: times do not go on from it. */
#define CLOCK_SLACK (10 * USEC)

/*
 * rising_time - now, or just after the last message: times rise with ids, also
 * where several workers write, so that since_ts never misses what came late.
 */
static int
rising_time(struct cx *cx, int64_t *out)
{
	struct stmt *s = stmt_get(cx->db, STMT_MSG_LAST);
	int64_t last = 0;

	if (stmt_run_int(cx, s, &last) < 0)
		return -1;
	*out = last >= cx->now && last < cx->now + CLOCK_SLACK ? last + 1 : cx->now;
	return 0;
}

/* insert_message - the row; gives id and time. */
static int
insert_message(struct cx *cx, const struct outgoing *in, struct delivery *out)
{
	struct stmt *s;

	if (rising_time(cx, &out->created_ts) != 0)
		return -1;
	s = stmt_get(cx->db, STMT_MSG_INSERT);
	stmt_bind_int(s, 1, in->project->id);
	stmt_bind_int(s, 2, in->sender->id);
	stmt_bind_str(s, 3, in->thread_id);
	stmt_bind_str(s, 4, in->topic);
	stmt_bind_str(s, 5, in->importance);
	stmt_bind_int(s, 6, in->ack_required);
	if (in->reply_to)
		stmt_bind_int(s, 7, in->reply_to);
	else
		stmt_bind_null(s, 7);
	stmt_bind_str(s, 8, in->subject);
	stmt_bind_str(s, 9, in->attachments.p ? in->attachments : STR("[]"));
	stmt_bind_str(s, 10, in->body_md);
	stmt_bind_time(s, 11, out->created_ts);
	if (stmt_run(cx, s) != 0)
		return -1;
	out->id = db_last_id(cx->db);
	return 0;
}

/* note_traffic - sender and recipient are in contact (contact_check.c asks). */
static int
note_traffic(struct cx *cx, int64_t sender, int64_t recipient)
{
	struct stmt *s;

	if (sender == recipient)
		return 0;
	s = stmt_get(cx->db, STMT_TRAFFIC_NOTE);
	stmt_bind_int(s, 1, sender);
	stmt_bind_int(s, 2, recipient);
	stmt_bind_time(s, 3, cx->now);
	return stmt_run(cx, s);
}

/* insert_recipients - one row and one event for each. */
static int
insert_recipients(struct cx *cx, const struct outgoing *in, int64_t message_id)
{
	for (size_t i = 0; i < in->nrecipients; i++) {
		struct stmt *s = stmt_get(cx->db, STMT_MSG_RECIPIENT_INSERT);

		stmt_bind_int(s, 1, in->recipients[i].agent_id);
		stmt_bind_int(s, 2, message_id);
		stmt_bind_str(s, 3, str_c(recipient_kinds[in->recipients[i].kind]));
		stmt_bind_str(s, 4, in->importance);
		stmt_bind_int(s, 5, in->ack_required);
		if (stmt_run(cx, s) != 0 || note_traffic(cx, in->sender->id, in->recipients[i].agent_id) != 0)
			return -1;
		if (cx_changed(cx, TOPIC_OF(INBOX, in->recipients[i].agent_id), CHANGE_MESSAGE, message_id) != 0)
			return -1;
	}
	return 0;
}

/* tell_thread - of a message that begins one nobody can know yet. */
static int
tell_thread(struct cx *cx, const struct outgoing *in, int64_t message_id)
{
	struct topic thread = { .kind = TOPIC_THREAD, .id = in->project->id, .name = in->thread_id };

	return in->thread_id.p != NULL ? cx_changed(cx, thread, CHANGE_MESSAGE, message_id) : 0;
}

/* note_window - from which window it comes, if that is known in this project. */
static int
note_window(struct cx *cx, const struct outgoing *in, struct delivery *out)
{
	struct str uuid = window_of(cx);
	struct window w;
	int rc = uuid.p != NULL ? window_find(cx, in->project->id, uuid, &w) : 0;

	if (rc <= 0)
		return rc;
	out->window_id = w.uuid;
	out->window_name = w.display_name;
	return 0;
}

int
deliver(struct cx *cx, const struct outgoing *in, struct delivery *out)
{
	memset(out, 0, sizeof(*out));
	out->in = in;
	if (!in->overseer && check_surfaces(cx, in, &out->blocks) != 0)
		return -1;
	if (out->blocks.n > 0)
		return 0;
	if (insert_message(cx, in, out) != 0 || insert_recipients(cx, in, out->id) != 0 ||
	    tell_thread(cx, in, out->id) != 0)
		return -1;
	for (size_t i = 0; i < in->npictures; i++)
		if (picture_store(cx, in->project, out->id, &in->pictures[i]) != 0)
			return -1;
	if (agent_touch(cx, in->sender->id) != 0 || note_window(cx, in, out) != 0)
		return -1;
	return archive_queue_add(cx, QUEUE_MAIL, in->project->id, out->id, STR_NONE);
}

int
deliver_note(struct cx *cx, const struct project *project, const struct agent *to, const struct agent *sender,
    const struct project *sender_project, struct str subject, struct str body_md, bool ack_required,
    struct delivery *out)
{
	struct recipient *recipient = arena_new(cx->arena, struct recipient);
	struct outgoing *in = arena_new(cx->arena, struct outgoing);

	*recipient = (struct recipient){ to->id, to->name, RECIPIENT_TO };
	*in = (struct outgoing){
		.project = project,
		.sender = sender,
		.sender_project = sender_project,
		.recipients = recipient,
		.nrecipients = 1,
		.subject = subject,
		.body_md = body_md,
		.importance = STR("normal"),
		.ack_required = ack_required,
	};
	return deliver(cx, in, out);
}
