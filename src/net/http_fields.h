/*
 * http_fields - collects header lines from a parser's callbacks, for the
 * adapters. A parser may give a name or a value in several adjoining pieces
 * (llhttp does so with lists of codings) or an empty value not at all.
 */
#ifndef NET_HTTP_FIELDS_H
#define NET_HTTP_FIELDS_H

#include "net/http_parse.h"

/* Empties the table. */
void http_fields_begin(struct http_head *h);
/* False when the table is full. */
bool http_fields_name(struct http_head *h, const char *at, size_t n);
/* False without a name before it. */
bool http_fields_value(struct http_head *h, const char *at, size_t n);
/* All are there: values without white space around, empty where none came. */
void http_fields_end(struct http_head *h);

#endif
