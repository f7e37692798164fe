/*
 * http_parse_llhttp - http_parse.h over llhttp 6 and later. Includes nothing of
 * net/http.h: both name their methods HTTP_GET.
 */
#include "net/http_parse.h"

#include <llhttp.h>

#include "net/http_fields.h"

static int
on_url(llhttp_t *p, const char *at, size_t n)
{
	struct http_head *h = p->data;

	if (h->target.p == NULL)
		h->target.p = at;
	h->target.n = (size_t)(at + n - h->target.p);
	return 0;
}

static int
on_field(llhttp_t *p, const char *at, size_t n)
{
	return http_fields_name(p->data, at, n) ? 0 : HPE_USER;
}

static int
on_value(llhttp_t *p, const char *at, size_t n)
{
	return http_fields_value(p->data, at, n) ? 0 : HPE_USER;
}

/* The head is complete: what follows is not for the library. */
static int
on_head(llhttp_t *p)
{
	return HPE_PAUSED;
}

/* A coding after "chunked" is refused here already, in the middle of its header; other codings by http_framing. */
static bool
good(llhttp_errno_t e)
{
	return e == HPE_OK || e == HPE_PAUSED || e == HPE_PAUSED_UPGRADE;
}

bool
http_parse(struct http_head *h, struct str bytes)
{
	llhttp_settings_t settings;
	llhttp_t p;

	llhttp_settings_init(&settings);
	settings.on_url = on_url;
	settings.on_header_field = on_field;
	settings.on_header_value = on_value;
	settings.on_headers_complete = on_head;
	llhttp_init(&p, HTTP_REQUEST, &settings);
	p.data = h;
	http_fields_begin(h);
	if (!good(llhttp_execute(&p, bytes.p, bytes.n)) || h->target.p == NULL)
		return false;
	http_fields_end(h);
	return true;
}
