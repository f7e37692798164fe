/*
 * outq - what is still to be sent. An array that starts over once all is sent; what was sent
 * in front makes room before it grows.
 */
#include "net/outq.h"

#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>

#include "base/log.h"
#include "net/conn.h"
#include "net/shared_buf.h"

#define PARTS_FIRST 4
#define IOV_ONCE 32

static void
make_room(struct outq *q)
{
	if (q->first + q->n < q->size)
		return;
	if (q->first > q->size / 2) {
		memmove(q->part, q->part + q->first, q->n * sizeof(q->part[0]));
		q->first = 0;
		return;
	}
	q->size = q->size > 0 ? q->size * 2 : PARTS_FIRST;
	q->part = realloc(q->part, q->size * sizeof(q->part[0]));
	if (q->part == NULL)
		log_fatal(71, "out of memory: %u parts for one client", q->size);
}

void
outq_add(struct outq *q, struct shared_buf *b, struct str bytes)
{
	make_room(q);
	q->part[q->first + q->n++] = (struct outq_part){ shared_buf_ref(b), bytes };
	q->bytes += bytes.n;
}

void
outq_clear(struct outq *q)
{
	for (uint32_t i = 0; i < q->n; i++)
		shared_buf_unref(&q->part[q->first + i].buf);
	free(q->part);
	memset(q, 0, sizeof(*q));
}

/* The kernel has taken so many bytes. */
static void
taken(struct outq *q, size_t n)
{
	q->bytes -= n;
	while (q->n > 0 && n >= q->part[q->first].rest.n) {
		n -= q->part[q->first].rest.n;
		shared_buf_unref(&q->part[q->first++].buf);
		q->n--;
	}
	if (n > 0)
		q->part[q->first].rest = str_sub(q->part[q->first].rest, n, SIZE_MAX);
}

int
outq_send(struct outq *q, struct conn *c)
{
	struct iovec iov[IOV_ONCE];
	ssize_t n;
	int k;

	while (q->n > 0) {
		for (k = 0; k < IOV_ONCE && (uint32_t)k < q->n; k++) {
			const struct str *s = &q->part[q->first + (uint32_t)k].rest;

			iov[k] = (struct iovec){ (void *)(uintptr_t)s->p, s->n };
		}
		n = conn_send(c, iov, k);
		if (n < 0)
			return -1;
		if (n == 0)
			return 0;
		taken(q, (size_t)n);
	}
	outq_clear(q);
	return 1;
}
