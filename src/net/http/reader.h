/*
 * reader - bytes in, requests out: one request at a time, in any split.
 *
 * Knows no sockets: the owner puts bytes where http_reader_room says and calls
 * http_reader_feed. Spans of the request lie in the reader's own buffer and in
 * its body; they hold until http_reader_next. A body that fits in the buffer
 * stays where it was read.
 */
#ifndef NET_HTTP_READER_H
#define NET_HTTP_READER_H

#include "base/arena.h"
#include "net/http/chunk.h"
#include "net/http/framing.h"
#include "net/http/head.h"

#define READER_ROOM 8192

enum http_read {
	HTTP_READ_BAD = -1, /* r->bad says what to answer; then the connection must close */
	HTTP_READ_MORE,
	HTTP_READ_DONE, /* a request is complete */
	HTTP_READ_HEAD, /* its head is, and more of the body must come: feed with 0 takes it, or the connection must close */
};

enum http_phase {
	HTTP_PHASE_HEAD,
	HTTP_PHASE_ASK,
	HTTP_PHASE_LENGTH,
	HTTP_PHASE_CHUNKED,
	HTTP_PHASE_DONE,
	HTTP_PHASE_BAD
};

struct http_reader {
	const struct http_limits *lim;
	struct arena *arena; /* of the request under way: header table, decoded path */
	enum http_phase phase;
	bool go_on; /* the client waits for 100 Continue; cleared by whoever sends it */
	char *buf;  /* `first`, or more from malloc */
	size_t size, have;
	size_t used; /* bytes of buf that the request takes */
	struct http_head_scan scan;
	struct http_head head;
	struct http_framing framing;
	struct http_chunk chunk;
	struct str path, query;
	char *body; /* from malloc; NULL while it lies in buf */
	size_t body_n, body_size;
	struct http_bad bad;
	char first[READER_ROOM];
};

/* Ready for a connection; limits and arena are borrowed. The owner resets the arena between requests. */
void http_reader_init(struct http_reader *r, const struct http_limits *lim, struct arena *arena);
/* Frees what was malloced; the reader may be initialised again. */
void http_reader_fini(struct http_reader *r);
/* Where the next bytes go, and how many at most; never 0 before a request is complete. */
char *http_reader_room(struct http_reader *r, size_t *n);
/* The same for bytes that come too early: what is left of the buffer, which may be nothing. */
char *http_reader_spare(struct http_reader *r, size_t *n);
/* n bytes were put there. n may be 0: looks at what is left over. */
enum http_read http_reader_feed(struct http_reader *r, size_t n);
/* n bytes were put into the spare room: they are kept for later. */
void http_reader_keep(struct http_reader *r, size_t n);
/* The body of the complete request. */
struct str http_reader_body(const struct http_reader *r);
/* Nothing of a request has arrived. */
bool http_reader_empty(const struct http_reader *r);
/* Drops the request and keeps what follows it; before that the arena may be reset. */
void http_reader_next(struct http_reader *r);

#endif
