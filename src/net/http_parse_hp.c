/*
 * http_parse_hp - http_parse.h over http-parser 2.9. Includes nothing of
 * net/http.h: both name their methods HTTP_GET.
 */
#include "net/http_parse.h"

#include <http_parser.h>

#include "net/http_fields.h"

static int
on_url(http_parser *p, const char *at, size_t n)
{
	struct http_head *h = p->data;

	if (h->target.p == NULL)
		h->target.p = at;
	h->target.n = (size_t)(at + n - h->target.p);
	return 0;
}

static int
on_field(http_parser *p, const char *at, size_t n)
{
	return http_fields_name(p->data, at, n) ? 0 : 1;
}

static int
on_value(http_parser *p, const char *at, size_t n)
{
	return http_fields_value(p->data, at, n) ? 0 : 1;
}

static const http_parser_settings settings = {
	.on_url = on_url,
	.on_header_field = on_field,
	.on_header_value = on_value,
};

/* Codings and lengths are judged by http_framing, which has a status for each. */
static bool
good(const http_parser *p)
{
	return p->http_errno == HPE_OK || p->http_errno == HPE_INVALID_TRANSFER_ENCODING;
}

bool
http_parse(struct http_head *h, struct str bytes)
{
	http_parser p;

	/* The limits have been kept by http_head_scan. */
	http_parser_set_max_header_size(UINT32_MAX);
	http_parser_init(&p, HTTP_REQUEST);
	p.data = h;
	http_fields_begin(h);
	http_parser_execute(&p, &settings, bytes.p, bytes.n);
	if (!good(&p) || h->target.p == NULL)
		return false;
	http_fields_end(h);
	return true;
}
