/*
 * export - the mail of a project as one document: JSON, CSV, Markdown or HTML.
 *
 * Oldest first, without recipients, so that no bcc leaves with it. A document has
 * at most export_max bytes; larger projects are asked for in pieces.
 */
#ifndef VIEW_EXPORT_H
#define VIEW_EXPORT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/str.h"

struct cx;
struct message;
struct project;

/* How a document is written; export.c keeps the list. */
struct export_format {
	const char *word; /* "csv": the format asked for, and the file's extension */
	const char *type; /* media type */
	void (*begin)(struct buf *b, const struct project *p);
	void (*row)(struct cx *cx, struct buf *b, const struct message *m, bool first);
	void (*end)(struct buf *b);
};

extern const struct export_format export_json, export_csv, export_md, export_html;

struct export_query {
	int64_t after_id;  /* messages beyond this one; 0 for all */
	int64_t limit;     /* at most so many; negative for all */
	int64_t max_bytes; /* of the document: setting export_max */
};

/* The format of a word, ignoring case; JSON for others, as the Rust server does. */
const struct export_format *export_find(struct str word);
/* Writes it to b. 0, or -1: PAYLOAD_TOO_LARGE says how many messages fit. */
int export_write(
    struct cx *cx, const struct project *p, const struct export_format *f, const struct export_query *q, struct buf *b);

#endif
