/*
 * mail - one message as the archive sees it: names instead of ids.
 */
#ifndef ARCHIVE_CONTENT_MAIL_H
#define ARCHIVE_CONTENT_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct arch_picture;
struct arch_error;
struct cx;

struct arch_mail {
	int64_t id, created;
	struct str slug, human_key; /* project the message lies in */
	struct str sender, sender_slug, sender_key;
	bool foreign;             /* sender belongs to another project */
	struct str thread, topic; /* may be absent */
	struct str subject, body, importance;
	struct str attachments; /* JSON array */
	bool ack_required;
	struct str_list to, cc, bcc;
	struct str_list gone;          /* of these, agents that were deleted */
	struct arch_picture *pictures; /* files that go with it (picture.h) */
	size_t npictures;
	struct str commit_id; /* absent until noted */
};

/*
 * Reads the message from cx->db into cx->arena. 1, 0 when there is no such
 * message, -1 with *why: AGAIN when the database fails, POISON when a name
 * cannot be a file name.
 */
int arch_mail_read(struct cx *cx, int64_t id, struct arch_mail *m, struct arch_error *why);
/* Can this be one part of a path in the archive? Not empty, no slash, no leading dot, no control byte, at most 255 bytes. */
bool arch_name_ok(struct str name);

#endif
