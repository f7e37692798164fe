/*
 * http_error - writes {"detail":"..."} and ends the request with it. The form is the reference's
 * (contract/surface.md 1.1).
 */
#include "serve/http_error.h"

#include <stdarg.h>

#include "base/json_write.h"
#include "net/http.h"

void
http_error(struct request *rq, int status, const char *fmt, ...)
{
	struct str text;
	struct buf body;
	struct jw w;
	va_list ap;

	va_start(ap, fmt);
	text = arena_vprintf(rq->arena, fmt, ap);
	va_end(ap);
	buf_init(&body, rq->arena);
	jw_init(&w, &body, JW_COMPACT);
	jw_obj(&w);
	jw_kstr(&w, "detail", text);
	jw_end(&w);
	reply(rq, status, TYPE_JSON, &body);
}

void
http_error_method(struct request *rq, const char *allow)
{
	reply_header(rq, "Allow", str_c(allow));
	http_error(rq, 405, "Method Not Allowed");
}
