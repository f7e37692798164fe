/*
 * attach_list - the attachments of a message as its row keeps them: a JSON array,
 * which readers and the archive take as it is (contract/messaging.md 9).
 */
#ifndef MAIL_MESSAGE_ATTACH_LIST_H
#define MAIL_MESSAGE_ATTACH_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/json_write.h"

struct arena;

struct attach_list {
	struct buf text;
	struct jw w;
	size_t n;
};

/* One image that was converted: in the message itself, or a file beside it. */
struct attach_entry {
	int64_t bytes, width, height;
	struct str sha1;
	struct str data_base64; /* in the message; absent: `path` says where it lies */
	struct str path;
	struct str original_path; /* of a file; absent: not kept */
};

/* An empty JSON array in `a`; the functions below add an entry each (contract/messaging.md, attachments). */
void attach_list_init(struct attach_list *list, struct arena *a);
void attach_list_image(struct attach_list *list, const struct attach_entry *e);
/* A data: URI that stays where it is in the body. */
void attach_list_uri(struct attach_list *list, struct str media_type);
/* Ends it. The text, in the arena; absent when nothing was listed. */
struct str attach_list_end(struct attach_list *list);

#endif
