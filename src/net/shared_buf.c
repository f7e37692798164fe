/*
 * shared_buf - counts who still reads a block, and frees it with the last.
 */
#include "net/shared_buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

struct shared_buf *
shared_buf_new(struct str bytes)
{
	struct shared_buf *b;
	char line[24];
	int front = snprintf(line, sizeof(line), "%zx\r\n", bytes.n);

	/* A chunk without bytes would end the body. */
	must(bytes.n > 0);
	b = malloc(sizeof(*b) + (size_t)front + bytes.n + 2);
	if (b == NULL)
		log_fatal(71, "out of memory: %zu bytes for streams", bytes.n);
	b->refs = 1;
	b->front = (uint32_t)front;
	b->n = bytes.n;
	memcpy(b->p, line, b->front);
	memcpy(b->p + b->front, bytes.p, bytes.n);
	memcpy(b->p + b->front + bytes.n, "\r\n", 2);
	return b;
}

struct shared_buf *
shared_buf_ref(struct shared_buf *b)
{
	b->refs++;
	return b;
}

void
shared_buf_unref(struct shared_buf **b)
{
	if (*b != NULL && --(*b)->refs == 0)
		free(*b);
	*b = NULL;
}

struct str
shared_buf_plain(const struct shared_buf *b)
{
	return (struct str){ b->p + b->front, b->n };
}

struct str
shared_buf_chunk(const struct shared_buf *b)
{
	return (struct str){ b->p, b->front + b->n + 2 };
}
