/*
 * http_script - see http_script.h.
 */
#include "support/http_script.h"

#include <stdlib.h>
#include <string.h>

#include "net/http/reader.h"

const struct http_limits http_script_limits = { .line = 512, .head = 1024, .headers = 20, .body = 20000 };

static void
tell(struct buf *out, const struct http_reader *r)
{
	const struct http_head *h = &r->head;

	buf_printf(out, "%" PRIstr " %" PRIstr "?%" PRIstr " host=%" PRIstr " headers=%zu %s body=%" PRIstr "\n",
	    FSTR(h->method), FSTR(r->path), FSTR(r->query), FSTR(r->framing.host), h->nheaders,
	    r->framing.keep_alive ? "keep" : "close", FSTR(http_reader_body(r)));
}

/* True when no more bytes are wanted. */
static bool
step(struct buf *out, struct http_reader *r, struct arena *a, size_t n)
{
	enum http_read rc = http_reader_feed(r, n);

	while (rc == HTTP_READ_DONE || rc == HTTP_READ_HEAD) {
		if (rc == HTTP_READ_HEAD) {
			rc = http_reader_feed(r, 0);
			continue;
		}
		tell(out, r);
		arena_reset(a);
		http_reader_next(r);
		rc = http_reader_feed(r, 0);
	}
	if (rc == HTTP_READ_BAD)
		buf_printf(out, "bad %d\n", r->bad.status);
	return rc == HTTP_READ_BAD;
}

struct str
http_script(struct arena *a, struct str bytes, const unsigned char *sizes, size_t nsizes)
{
	struct http_reader *r = malloc(sizeof(*r));
	struct arena ra;
	struct buf out;
	size_t at = 0, i = 0, n, room;
	bool over = false;

	buf_init(&out, a);
	arena_init(&ra, 1024);
	http_reader_init(r, &http_script_limits, &ra);
	while (at < bytes.n && !over) {
		char *p = http_reader_room(r, &room);

		n = nsizes == 0 ? bytes.n : sizes[i++ % nsizes] ? sizes[(i - 1) % nsizes] : 1;
		n = n > bytes.n - at ? bytes.n - at : n;
		n = n > room ? room : n;
		memcpy(p, bytes.p + at, n);
		at += n;
		over = step(&out, r, &ra, n);
	}
	if (!over)
		buf_cstr(&out, http_reader_empty(r) ? "end\n" : "more\n");
	http_reader_fini(r);
	arena_fini(&ra);
	free(r);
	return buf_flat(&out);
}
