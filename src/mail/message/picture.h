/*
 * picture - image files that a message names, as the helper process found them,
 * and the rows that keep them.
 *
 * The bytes stay in the database: the archiver writes its files from them, and an
 * archive can be rebuilt from them (contract/messaging.md 9).
 */
#ifndef MAIL_MESSAGE_PICTURE_H
#define MAIL_MESSAGE_PICTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "ipc/query/picture.h"

struct cx;
struct project;

/* One file, looked for below one project's directory of the archive. Text is borrowed. */
struct picture {
	int64_t project_id; /* 0: by its absolute path */
	struct str path;    /* as it was asked for */
	enum picture_fault fault;
	int error; /* errno of FAULT_SYSTEM, and what it means */
	struct str why;
	int64_t width, height; /* of good ones and of FAULT_LARGE */
	int64_t file_bytes;    /* of good ones and of FAULT_LARGE_FILE */
	struct str sha1;       /* of the file */
	struct str webp;
	struct str original; /* absent: not to be kept */
};

struct pictures {
	const struct picture *v;
	size_t n;
};

/* Records why the message fails: `argument` is attachment_paths or body_md. Always -1. */
int picture_refuse(struct cx *cx, const struct picture *p, const char *argument);
/* Is there simply nothing to be seen at that path? Then a body may name it all the same. */
bool picture_absent(const struct picture *p);

/* ".png" of "a/b.PNG"; "" without one. In cx->arena. */
struct str picture_ext(struct cx *cx, struct str path);
/* projects/<slug>/attachments/<xx>/<sha1>.webp, and of the original; in cx->arena. */
struct str picture_path(struct cx *cx, const struct project *p, struct str sha1);
struct str picture_original_path(struct cx *cx, const struct project *p, struct str sha1, struct str ext);

/* A file that the project had before goes on with the WebP that was made then. 0 or -1. */
int picture_known(struct cx *cx, const struct project *p, struct picture *pic);
/* Keeps the picture as one of this message, inside a write operation. 0 or -1. */
int picture_store(struct cx *cx, const struct project *p, int64_t message_id, const struct picture *pic);

#endif
