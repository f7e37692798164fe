/*
 * pictures - image files of a message: the query to the helper, and what its result means (ipc/query/picture.h). Used by
 * send_message and reply_message.
 */
#ifndef TOOL_MESSAGE_PICTURES_H
#define TOOL_MESSAGE_PICTURES_H

#include "base/buf.h"
#include "mail/message/attach.h"

struct cx;

/* Writes the query: 1, or 0 when nothing is wanted. */
int pictures_query(struct cx *cx, const struct attach_wants *wants, struct buf *out);
/* What the helper saw, in cx->arena; empty when nobody could look. The bytes lie where cx->query_file does. */
struct pictures pictures_found(struct cx *cx);

#endif
