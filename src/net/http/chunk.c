/*
 * chunk - one function for each state of the decoder; a state looks at one byte, except DATA,
 * which takes all there is.
 *
 * What does not fit the grammar is refused, and the rest of the connection with it.
 */
#include "net/http/chunk.h"

enum state { SIZE, EXTENSION, SIZE_LF, DATA, DATA_CR, DATA_LF, TRAILER, TRAILER_LF, END, STATES };

typedef int step_fn(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad);

static int
refuse(struct http_bad *bad, int status, const char *why)
{
	bad->status = status;
	bad->why = why;
	return -1;
}

static int
hex(unsigned char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	ch |= 0x20;
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

static int
on_size(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	int v = hex(ch);

	if (v >= 0) {
		/* 15 digits cannot overflow, and no sane client pads with zeros. */
		if (++c->digits > 15)
			return refuse(bad, 400, "A chunk size has too many digits");
		c->left = c->left * 16 + (size_t)v;
		return 0;
	}
	if (c->digits == 0 || (ch != ';' && ch != '\r'))
		return refuse(bad, 400, "A chunk size must be a hexadecimal number");
	if (c->left > lim->body || c->total + c->left > lim->body)
		return refuse(bad, 413, "The request body is too large");
	c->state = ch == ';' ? EXTENSION : SIZE_LF;
	return 0;
}

/* What extensions and trailers take together is bounded like a head. */
static int
extra(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if ((ch < 0x20 && ch != '\t') || ch == 0x7f)
		return refuse(bad, 400, "A chunk extension or trailer has a control character");
	if (++c->extra > lim->head)
		return refuse(bad, 431, "Chunk extensions and trailers are too large");
	return 0;
}

static int
on_extension(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch == '\r') {
		c->state = SIZE_LF;
		return 0;
	}
	return extra(c, ch, lim, bad);
}

static int
on_size_lf(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch != '\n')
		return refuse(bad, 400, "A chunk size must end with CR LF");
	c->digits = 0;
	c->column = 0;
	c->state = c->left > 0 ? DATA : TRAILER;
	return 0;
}

static int
on_data_cr(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch != '\r')
		return refuse(bad, 400, "A chunk is longer than its size");
	c->state = DATA_LF;
	return 0;
}

static int
on_data_lf(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch != '\n')
		return refuse(bad, 400, "A chunk must end with CR LF");
	c->state = SIZE;
	return 0;
}

static int
on_trailer(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch == '\r') {
		c->state = TRAILER_LF;
		return 0;
	}
	if (c->column == 0 && !http_token((struct str){ (const char *)&ch, 1 }))
		return refuse(bad, 400, "A trailer is no header line");
	c->column++;
	return extra(c, ch, lim, bad);
}

static int
on_trailer_lf(struct http_chunk *c, unsigned char ch, const struct http_limits *lim, struct http_bad *bad)
{
	if (ch != '\n')
		return refuse(bad, 400, "A trailer must end with CR LF");
	c->state = c->column == 0 ? END : TRAILER;
	c->column = 0;
	return 0;
}

static step_fn *const step[STATES] = {
	[SIZE] = on_size,
	[EXTENSION] = on_extension,
	[SIZE_LF] = on_size_lf,
	[DATA_CR] = on_data_cr,
	[DATA_LF] = on_data_lf,
	[TRAILER] = on_trailer,
	[TRAILER_LF] = on_trailer_lf,
};

static struct str
take_data(struct http_chunk *c, const char *p, size_t n)
{
	if (n > c->left)
		n = c->left;
	c->left -= n;
	c->total += n;
	if (c->left == 0)
		c->state = DATA_CR;
	return (struct str){ p, n };
}

enum http_chunk_rc
http_chunk(struct http_chunk *c, const char *p, size_t n, const struct http_limits *lim, size_t *used, struct str *data,
    struct http_bad *bad)
{
	size_t i = 0;

	while (i < n && c->state != END) {
		if (c->state == DATA) {
			*data = take_data(c, p + i, n - i);
			*used = i + data->n;
			return HTTP_CHUNK_DATA;
		}
		if (step[c->state](c, (unsigned char)p[i], lim, bad) < 0)
			return HTTP_CHUNK_BAD;
		i++;
	}
	*used = i;
	return c->state == END ? HTTP_CHUNK_END : HTTP_CHUNK_MORE;
}
