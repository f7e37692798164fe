/*
 * reader - the buffer of a connection and the steps from its bytes to a request: head,
 * question to the owner, body, the next request.
 *
 * It moves bytes only while no span of a request points at them.
 */
#include "net/http/reader.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/http/target.h"

/* A body of unknown or large size begins with so much and doubles. */
#define BODY_FIRST 16384
/* With less room than this after a head, the buffer grows before the body. */
#define BODY_LEAST 1024

static void
request_reset(struct http_reader *r)
{
	r->phase = HTTP_PHASE_HEAD;
	r->go_on = false;
	r->used = 0;
	r->framing.method = HTTP_GET;
	memset(&r->scan, 0, sizeof(r->scan));
	memset(&r->chunk, 0, sizeof(r->chunk));
	free(r->body);
	r->body = NULL;
	r->body_n = r->body_size = 0;
}

void
http_reader_init(struct http_reader *r, const struct http_limits *lim, struct arena *arena)
{
	r->lim = lim;
	r->arena = arena;
	r->buf = r->first;
	r->size = sizeof(r->first);
	r->have = 0;
	r->body = NULL;
	request_reset(r);
}

void
http_reader_fini(struct http_reader *r)
{
	if (r->buf != r->first)
		free(r->buf);
	free(r->body);
	r->buf = r->first;
	r->body = NULL;
}

static void *
grown(void *p, size_t size)
{
	void *q = realloc(p, size);

	if (q == NULL)
		log_fatal(71, "out of memory: %zu bytes for a request", size);
	return q;
}

/* Only while no span points into the buffer. */
static void
buf_grow(struct http_reader *r, size_t size)
{
	char *p = grown(r->buf == r->first ? NULL : r->buf, size);

	if (r->buf == r->first)
		memcpy(p, r->first, r->have);
	r->buf = p;
	r->size = size;
}

/* Room for at least one more byte of a body that may take `most` in all. */
static void
body_grow(struct http_reader *r, size_t need, size_t most)
{
	size_t size = r->body_size > 0 ? r->body_size : BODY_FIRST;

	if (need <= r->body_size)
		return;
	while (size < need)
		size *= 2;
	if (size > most)
		size = most;
	r->body = grown(r->body, size);
	r->body_size = size;
}

char *
http_reader_room(struct http_reader *r, size_t *n)
{
	if (r->phase == HTTP_PHASE_LENGTH && r->body != NULL) {
		if (r->body_n == r->body_size)
			body_grow(r, r->body_n + 1, r->framing.length);
		*n = r->body_size - r->body_n;
		return r->body + r->body_n;
	}
	if (r->have == r->size && r->phase == HTTP_PHASE_HEAD)
		buf_grow(r, r->size * 2);
	return http_reader_spare(r, n);
}

char *
http_reader_spare(struct http_reader *r, size_t *n)
{
	*n = r->size - r->have;
	return r->buf + r->have;
}

static enum http_read
refused(struct http_reader *r)
{
	r->phase = HTTP_PHASE_BAD;
	return HTTP_READ_BAD;
}

static enum http_read
done(struct http_reader *r)
{
	r->phase = HTTP_PHASE_DONE;
	r->go_on = false;
	return HTTP_READ_DONE;
}

static enum http_read
read_length(struct http_reader *r)
{
	size_t end = r->scan.seen + r->framing.length;

	if (r->body != NULL)
		return r->body_n == r->framing.length ? done(r) : HTTP_READ_MORE;
	if (r->have < end)
		return HTTP_READ_MORE;
	r->used = end;
	return done(r);
}

/* Decodes what has arrived; the encoded bytes are given back at once. */
static enum http_read
read_chunked(struct http_reader *r)
{
	size_t at = r->used, n;
	struct str data;
	enum http_chunk_rc rc;

	do {
		rc = http_chunk(&r->chunk, r->buf + at, r->have - at, r->lim, &n, &data, &r->bad);
		if (rc == HTTP_CHUNK_BAD)
			return refused(r);
		if (rc == HTTP_CHUNK_DATA) {
			body_grow(r, r->body_n + data.n, r->lim->body);
			memcpy(r->body + r->body_n, data.p, data.n);
			r->body_n += data.n;
		}
		at += n;
	} while (rc == HTTP_CHUNK_DATA);
	memmove(r->buf + r->used, r->buf + at, r->have - at);
	r->have -= at - r->used;
	return rc == HTTP_CHUNK_END ? done(r) : HTTP_READ_MORE;
}

/* Chooses where the body goes; the part that came with the head is taken along. */
static enum http_read
body_begin(struct http_reader *r)
{
	size_t head = r->scan.seen, got = r->have - head;

	r->go_on = r->framing.expect && got == 0;
	if (r->framing.body == HTTP_BODY_CHUNKED) {
		r->phase = HTTP_PHASE_CHUNKED;
		return read_chunked(r);
	}
	r->phase = HTTP_PHASE_LENGTH;
	if (head + r->framing.length > r->size) {
		body_grow(r, got > 0 ? got : 1, r->framing.length);
		memcpy(r->body, r->buf + head, got);
		r->body_n = got;
		r->have = head;
	}
	return read_length(r);
}

/* Nobody is asked about a body that is there with its head: refusing it saves nothing then. */
static enum http_read
body_or_ask(struct http_reader *r)
{
	r->used = r->scan.seen;
	if (r->framing.body == HTTP_BODY_NONE)
		return done(r);
	r->phase = HTTP_PHASE_ASK;
	if (r->framing.body == HTTP_BODY_LENGTH && r->have - r->used >= r->framing.length)
		return body_begin(r);
	return HTTP_READ_HEAD;
}

static enum http_read
head_done(struct http_reader *r)
{
	struct http_head *h = &r->head;
	struct str all;

	/* Spans begin to point into the buffer now, so it grows before, not after. */
	if (r->size - r->have < BODY_LEAST)
		buf_grow(r, r->size + READER_ROOM);
	all = (struct str){ r->buf + r->scan.skipped, r->scan.seen - r->scan.skipped };
	h->headers = arena_get(r->arena, r->scan.lines * sizeof(h->headers[0]));
	if (http_request_line(h, str_sub(all, 0, r->scan.line - 2), &r->bad) < 0)
		return refused(r);
	if (http_framing_method(h->method, &r->framing.method, &r->bad) < 0)
		return refused(r);
	if (http_header_lines(h, str_sub(all, r->scan.line, all.n), &r->bad) < 0)
		return refused(r);
	if (http_framing(h, r->lim, &r->framing, &r->bad) < 0)
		return refused(r);
	if (http_target(r->arena, r->framing.method, h->target, r->framing.host, &r->path, &r->query, &r->bad) < 0)
		return refused(r);
	return body_or_ask(r);
}

enum http_read
http_reader_feed(struct http_reader *r, size_t n)
{
	int rc;

	if (r->phase == HTTP_PHASE_LENGTH && r->body != NULL)
		r->body_n += n;
	else
		r->have += n;
	if (r->phase == HTTP_PHASE_LENGTH)
		return read_length(r);
	if (r->phase == HTTP_PHASE_CHUNKED)
		return read_chunked(r);
	if (r->phase == HTTP_PHASE_ASK)
		return body_begin(r);
	must(r->phase == HTTP_PHASE_HEAD);
	rc = http_head_scan(&r->scan, r->buf, r->have, r->lim, &r->bad);
	if (rc < 0)
		return refused(r);
	return rc > 0 ? head_done(r) : HTTP_READ_MORE;
}

void
http_reader_keep(struct http_reader *r, size_t n)
{
	r->have += n;
}

struct str
http_reader_body(const struct http_reader *r)
{
	if (r->body != NULL)
		return (struct str){ r->body, r->body_n };
	if (r->framing.body == HTTP_BODY_LENGTH)
		return (struct str){ r->buf + r->scan.seen, r->framing.length };
	return STR("");
}

bool
http_reader_empty(const struct http_reader *r)
{
	return r->phase == HTTP_PHASE_HEAD && r->have == r->scan.skipped;
}

void
http_reader_next(struct http_reader *r)
{
	size_t rest = r->have - r->used;

	if (r->buf != r->first && rest <= sizeof(r->first)) {
		memcpy(r->first, r->buf + r->used, rest);
		free(r->buf);
		r->buf = r->first;
		r->size = sizeof(r->first);
	} else {
		memmove(r->buf, r->buf + r->used, rest);
	}
	r->have = rest;
	request_reset(r);
}
