/*
 * document - an answer that is no JSON value, over HTTP (struct document of api/operation.h).
 */
#ifndef SERVE_DOCUMENT_H
#define SERVE_DOCUMENT_H

struct document;
struct request;

/* Answers 200 with it; one with a name is offered for saving, and no browser runs what is in it. */
void document_reply(struct request *rq, const struct document *d);

#endif
