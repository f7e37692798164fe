/*
 * http_parse_llhttp - http_parse.h over llhttp 6 and later. Includes nothing of
 * net/http.h: both name their methods HTTP_GET.
 */
#include "net/http_parse.h"

#include <llhttp.h>

#include "net/http_head.h"

static int
on_url(llhttp_t *p, const char *at, size_t n)
{
	struct http_head *h = p->data;

	h->target = (struct str){ at, n };
	return 0;
}

static int
on_field(llhttp_t *p, const char *at, size_t n)
{
	struct http_head *h = p->data;

	if (h->nheaders == h->max)
		return HPE_USER;
	h->headers[h->nheaders].name = (struct str){ at, n };
	h->headers[h->nheaders].value = STR("");
	h->nheaders++;
	return 0;
}

static int
on_value(llhttp_t *p, const char *at, size_t n)
{
	struct http_head *h = p->data;

	h->headers[h->nheaders - 1].value = http_ows((struct str){ at, n });
	return 0;
}

/* The head is complete: what follows is not for the library. */
static int
on_head(llhttp_t *p)
{
	return HPE_PAUSED;
}

/* Codings and lengths are judged by http_framing, which has a status for each. */
static bool
good(llhttp_errno_t e)
{
	return e == HPE_OK || e == HPE_PAUSED || e == HPE_PAUSED_UPGRADE || e == HPE_INVALID_TRANSFER_ENCODING;
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
	h->nheaders = 0;
	h->target = STR_NONE;
	return good(llhttp_execute(&p, bytes.p, bytes.n)) && h->target.p != NULL;
}
