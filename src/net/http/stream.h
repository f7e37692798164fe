/*
 * stream - an answer that goes on: its head leaves at once, its body is written
 * as it comes about, in blocks that many streams share, until its owner ends it
 * or its client is gone.
 *
 * An idle stream holds no memory of the request that asked for it. Whoever reads
 * too slowly is dropped, never waited for. None of the owner's functions is
 * called from within the functions below: what these find out is told, and what
 * they write is sent, at the end of the turn.
 */
#ifndef NET_HTTP_STREAM_H
#define NET_HTTP_STREAM_H

#include <stddef.h>

#include "base/str.h"

struct request;
struct shared_buf;
struct stream;

/* The owner's part. */
struct stream_ops {
	/* Sent when nothing was for stream_heartbeat: keeps proxies open and finds dead clients. STR_NONE: nothing. */
	struct str heartbeat;
	/* The client has gone, or was too slow: the stream is no more. Not after stream_end. */
	void (*closed)(void *arg);
	/* The worker is about to leave: writes what is to be the last and calls stream_end, now or soon. */
	void (*drain)(void *arg);
	/* All that was written is with the kernel: more may follow. NULL: not asked for. */
	void (*sent)(void *arg);
};

#define TYPE_EVENTS "text/event-stream"
/* A comment of Server-Sent Events, which no client shows. */
#define EVENTS_HEARTBEAT LIT(":\n\n")

/*
 * Answers rq, as reply does. The body is chunked in HTTP/1.1 and ends with the
 * connection in HTTP/1.0; what a client sends behind the request waits for the
 * end. ops lives for ever. NULL when there is nothing to stream to: the client
 * has gone, or asked for the head alone; no function of ops is called then.
 */
struct stream *reply_stream(struct request *rq, int status, const char *type, const struct stream_ops *ops, void *arg);
/*
 * Sends b, whose reference stays the caller's. While more than
 * stream_buffer_max bytes wait already, the stream is dropped instead: who has
 * much to send looks at stream_room and waits for ops->sent.
 */
void stream_write(struct stream *s, struct shared_buf *b);
/* Bytes that may be written now and wait without harm. */
size_t stream_room(const struct stream *s);
/* What was written is sent, then the body ends. s and arg are not used again. */
void stream_end(struct stream *s);

#endif
