/*
 * pictures - image files of a message: the question to the helper, and what its
 * answer says (helper/question.h). Used by send_message and reply_message.
 */
#ifndef TOOL_MESSAGE_PICTURES_H
#define TOOL_MESSAGE_PICTURES_H

#include "base/json_write.h"
#include "mail/message/attach.h"

struct cx;

/* Writes the question: 1, or 0 when nothing is wanted. */
int pictures_question(struct cx *cx, const struct attach_wants *wants, struct jw *q);
/* What the helper saw, in cx->arena; empty when nobody could look. The bytes lie where cx->query_file does. */
struct pictures pictures_answer(struct cx *cx);

#endif
