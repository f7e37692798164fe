/*
 * shape_message - messages as JSON, in the member order of contract/messaging.md 6.8.
 */
#ifndef VIEW_SHAPE_MESSAGE_H
#define VIEW_SHAPE_MESSAGE_H

#include <stdbool.h>

struct cx;
struct delivery;
struct jw;
struct message;

enum shape_message_flag {
	SHAPE_BODY = 1,       /* body_md */
	SHAPE_RECIPIENTS = 2, /* to, cc, bcc of the view, which the reader has filled */
	SHAPE_KIND = 4,       /* how the viewer got it */
	SHAPE_READ = 8,       /* read_ts, ack_ts where they are set */
	SHAPE_COMMIT = 16,    /* commit, once the archiver has noted it */
};

/* What rows can have, for `fields`: the members that shape_message always writes, and those of shape_from. */
#define SHAPE_ROW_MEMBERS \
	"id|project_id|sender_id|thread_id|topic|subject|importance|ack_required|created_ts|attachments"
#define SHAPE_FROM_MEMBERS "from|from_project|from_project_slug|from_address"

/* Members of an object: from, and of somebody from another project from_project, from_project_slug, from_address. */
void shape_from(struct jw *jw, const struct message *m);
/* One message as an object. */
void shape_message(struct jw *jw, const struct message *m, unsigned flags);
/* The payload of a delivery (contract/messaging.md 10): what the sender sees, bcc included. */
void shape_payload(struct jw *jw, const struct delivery *d);
/* The members of the same object, inside one that the caller has opened and goes on with. */
void shape_payload_members(struct jw *jw, const struct delivery *d);
/* {"type":"FILE_RESERVATION_CONFLICT","message","conflicts":[...],"project"} of a delivery that was not stored. */
void shape_conflict(struct jw *jw, const struct delivery *d);

#endif
