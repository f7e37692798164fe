/*
 * http_fields - joins the pieces of names and values that a parser hands over, without copying
 * them.
 */
#include "net/http_fields.h"

#include "base/log.h"
#include "net/http_head.h"

void
http_fields_begin(struct http_head *h)
{
	h->nheaders = 0;
	h->target = STR_NONE;
}

bool
http_fields_name(struct http_head *h, const char *at, size_t n)
{
	struct http_header *last = h->nheaders > 0 ? &h->headers[h->nheaders - 1] : NULL;

	must(h->headers != NULL);
	if (last != NULL && last->value.p == NULL && last->name.p + last->name.n == at) {
		last->name.n += n;
		return true;
	}
	if (h->nheaders == h->max)
		return false;
	h->headers[h->nheaders++] = (struct http_header){ { at, n }, STR_NONE };
	return true;
}

bool
http_fields_value(struct http_head *h, const char *at, size_t n)
{
	struct str *v;

	if (h->nheaders == 0)
		return false;
	v = &h->headers[h->nheaders - 1].value;
	if (v->p == NULL)
		v->p = at;
	v->n = (size_t)(at + n - v->p);
	return true;
}

void
http_fields_end(struct http_head *h)
{
	size_t i;

	for (i = 0; i < h->nheaders; i++) {
		struct str *v = &h->headers[i].value;

		*v = v->p == NULL ? STR("") : http_ows(*v);
	}
}
