/*
 * upload - files that came by REST (contract/rest-and-rust-peers.md A.3).
 *
 * They belong to a project, perhaps to an agent, to no message; they lie in the
 * database and not in the archive.
 */
#ifndef MAIL_PROJECT_UPLOAD_H
#define MAIL_PROJECT_UPLOAD_H

#include <stdint.h>

#include "base/str.h"

struct cx;
struct project;

#define UPLOAD_MAX (10 * 1024 * 1024)
/* Rows of a list at most. */
#define UPLOAD_LIST_MAX 1000

struct upload {
	int64_t id, project_id;
	int64_t agent_id; /* 0: nobody was named */
	struct str filename, media_type;
	int64_t size_bytes, created_ts;
	struct str content; /* absent in lists */
};

/* Name for keeping: without separators and control bytes, at most 255 bytes; absent when nothing is left, or only dots. */
struct str upload_name(struct cx *cx, struct str name);
/* Media type by the name's ending; application/octet-stream where it says nothing. */
struct str upload_type(struct str name);

/* Stores `in`, fills id, project and time; inside a write operation. 0 or -1. */
int upload_add(struct cx *cx, const struct project *p, struct upload *in);
/* Calls fn for those of p, and of this agent unless it is 0, newest first. 0, or -1. */
int upload_each(
    struct cx *cx, const struct project *p, int64_t agent_id, void (*fn)(const struct upload *u, void *arg), void *arg);
/* Looks one up with its content, in cx->arena. */
int upload_find(struct cx *cx, int64_t id, struct upload *out);

#endif
