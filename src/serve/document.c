/*
 * document - an answer that is no JSON: its headers, and a name that is safe in them.
 */
#include "serve/document.h"

#include <string.h>

#include "api/operation.h"
#include "net/http.h"

/* A file name within quotes: what would end them, or the header line, is replaced. Letters beyond ASCII follow in RFC 8187's form. */
static struct str
disposition(struct arena *a, struct str name)
{
	static const char odd[] = " \"%'()*,/:;<=>?@[\\]{}";
	struct buf plain, coded;
	bool ascii = true;

	buf_init(&plain, a);
	buf_init(&coded, a);
	for (size_t i = 0; i < name.n; i++) {
		unsigned char c = (unsigned char)name.p[i];

		ascii &= c < 0x80;
		buf_putc(&plain, c < ' ' || c >= 127 || c == '"' || c == '\\' ? '_' : (char)c);
		if (c < ' ' || c >= 127 || strchr(odd, c) != NULL)
			buf_printf(&coded, "%%%02X", c);
		else
			buf_putc(&coded, (char)c);
	}
	if (ascii)
		return arena_printf(a, "attachment; filename=\"%" PRIstr "\"", FSTR(buf_flat(&plain)));
	return arena_printf(a, "attachment; filename=\"%" PRIstr "\"; filename*=UTF-8''%" PRIstr,
	    FSTR(buf_flat(&plain)), FSTR(buf_flat(&coded)));
}

void
document_reply(struct request *rq, const struct document *d)
{
	if (d->name.p != NULL) {
		reply_header(rq, "Content-Disposition", disposition(rq->arena, d->name));
		/* Where a browser shows it all the same, nothing in it runs. */
		reply_header(rq, "Content-Security-Policy", STR("default-src 'none'; sandbox"));
	}
	reply_header(rq, "X-Content-Type-Options", STR("nosniff"));
	reply(rq, 200, d->type, &d->body);
}
